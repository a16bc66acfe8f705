"""`casereview package`: what it says, where it writes, and how it ends."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from infra.casereview.__main__ import app
from infra.packaging import environment
from infra.packaging.artifact import IndexUnreached, PackageError
from infra.packaging.build import build_artifact
from infra.packaging.environment import packager
from infra.packaging.target import LAMBDA, Target
from infra.paths import BUILD, FORMS
from infra.stack.merge import StackError

MADE = {
    "digest": "d" * 64,
    "size": 11_600_000,
    "unzipped": 27_200_000,
    "commit": "c" * 40,
    "dirty": False,
    "python": "3.13",
    "architecture": "arm64",
    "gates": ["wheels", "size"],
}


class Builder:
    """Stands for the build: keeps what it was asked for, and ends as it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, Target, Path | None]] = []
        self.failure: Exception | None = None

    def __call__(
        self, out: Path, *, target: Target, step: Callable[[str], Any], python: Path | None
    ) -> dict[str, Any]:
        self.asked.append((out, target, python))
        with step("Wheels"):
            if self.failure:
                raise self.failure
        return MADE


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> Builder:
    made = Builder()
    monkeypatch.setattr("infra.packaging.build.build_artifact", made)
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["package", *arguments])


def test_it_builds_for_lambda_and_tells_size_commit_and_digest(builder: Builder) -> None:
    result = run()

    assert result.exit_code == 0
    assert builder.asked == [(BUILD / "package", LAMBDA, None)]
    for told in ("Wheels: 0.0 s", "Passed: wheels, size.", "11.60 MB", "c" * 40, "d" * 64):
        assert told in result.stdout


def test_changes_that_are_not_committed_are_told(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MADE, "dirty", True)

    assert f"Commit {'c' * 40}, with changes that are not committed." in run().stdout


def test_json_is_the_manifest_and_nothing_else(builder: Builder) -> None:
    result = run("--json")

    assert json.loads(result.stdout) == MADE
    assert "Wheels: 0.0 s" in result.stderr


def test_what_is_built_for_this_machine_goes_where_nobody_deploys_it_from(
    builder: Builder,
) -> None:
    run("--host")

    out, target, _ = builder.asked[0]
    assert out == BUILD / "host"
    assert target.platforms == ()


def test_folder_and_interpreter_can_be_named(builder: Builder, tmp_path: Path) -> None:
    run("--out", str(tmp_path), "--python", "/opt/python3.13")

    assert builder.asked == [(tmp_path, LAMBDA, Path("/opt/python3.13"))]


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (PackageError("size: The zip has 13.0 MB."), 1),
        (StackError("two files say different things"), 1),
        (IndexUnreached("The package index does not answer."), 3),
    ],
)
def test_it_ends_with_the_code_of_what_went_wrong(
    builder: Builder, failure: Exception, code: int
) -> None:
    builder.failure = failure

    result = run("--json")

    assert result.exit_code == code
    assert "Not packaged" in result.stderr
    assert str(failure) in result.stderr
    assert result.stdout == ""


def test_a_refused_build_leaves_no_former_artifact_to_be_deployed(tmp_path: Path) -> None:
    tree, out = tmp_path / "tree", tmp_path / "out"
    shutil.copytree(FORMS, tree / "forms")
    (tree / "forms" / "partnerships" / "suffolk" / "partnership.toml").write_text("name = 1\n")
    out.mkdir()
    for name in ("deployment.zip", "template.json", "manifest.json", "mine.txt"):
        (out / name).touch()

    with pytest.raises(PackageError, match=r"partnership\.toml"):
        build_artifact(out, target=LAMBDA, step=lambda _: pytest.fail("it began"), tree=tree)

    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_the_packagers_environment_is_made_once_and_again_when_its_lock_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def make(_: Path, folder: Path, python: Path) -> None:
        folder.mkdir(exist_ok=True)
        made.append(python)

    lock = tmp_path / "packager.lock"
    lock.write_text("chalice==1\n")
    monkeypatch.setattr(environment, "LOCK", lock)
    monkeypatch.setattr(environment, "_make", make)
    monkeypatch.setattr(environment, "_runs", lambda _: True)

    for _ in range(2):
        packager(Path("/opt/python3.13"), "3.13", tmp_path)
    lock.write_text("chalice==2\n")
    python = packager(Path("/opt/python3.13"), "3.13", tmp_path)

    assert made == [python, python]
    assert python.is_relative_to(tmp_path / "packager-3.13")
