"""A copy of what people edit, on which `casereview` works in place of the real one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra import paths
from infra.casereview import arguments
from infra.casereview.__main__ import app
from infra.casereview.instance_check import ENVIRONMENTS

SHIPPED = ("suffolk", "salford")
NORFOLK = {
    "name": "Norfolk Safeguarding Partnership",
    "area": "Norfolk",
    "reference-prefix": "NOR",
    "streams": "adult,child",
    "help-email": "reviews@norfolk.example",
    "website": "https://norfolk.example/",
    "adult-concern-url": "https://norfolk.example/adults",
    "child-concern-url": "https://norfolk.example/children",
    "controller": "Norfolk County Council",
    "public-url": "https://reviews.norfolk.example",
    "mail-from": "notifications@norfolk.example",
}


@dataclass(frozen=True)
class WorkingCopy:
    """`forms` and `instances` as they are shipped, to be changed at will."""

    forms: Path
    instances: Path

    def partnership(self, name: str) -> Path:
        return self.forms / "partnerships" / name

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert text.count(old) >= 1, f"{path.name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    def files(self) -> dict[str, bytes]:
        """Everything that is there, hidden or not."""
        root = self.forms.parent
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }

    def run(self, *arguments: str, answer: str | None = None) -> Result:
        environment = {"COLUMNS": "100", "TERM": "dumb"}
        return CliRunner().invoke(app, arguments, input=answer, env=environment)

    def new(self, partnership: str, without: tuple[str, ...] = (), /, **options: str) -> Result:
        """`casereview new` with what Norfolk says of itself, and other than that `options`."""
        said = NORFOLK | {key.replace("_", "-"): value for key, value in options.items()}
        given = [f"--{key}={value}" for key, value in said.items() if key not in without]
        return self.run("new", partnership, *given)


def working_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> WorkingCopy:
    """A copy in a folder, of the two partnerships that the project ships; from here on the command
    works on it."""
    copy = WorkingCopy(folder / "forms", folder / "instances")
    shutil.copytree(paths.FORMS, copy.forms)
    for other in (copy.forms / "partnerships").iterdir():
        if other.name not in SHIPPED:
            shutil.rmtree(other)
    copy.instances.mkdir()
    for name in SHIPPED:
        for environment in ENVIRONMENTS:
            shutil.copy(paths.INSTANCES / f"{name}-{environment}.toml", copy.instances)
    for module in (paths, arguments):
        monkeypatch.setattr(module, "FORMS", copy.forms)
    monkeypatch.setattr(paths, "INSTANCES", copy.instances)
    return copy
