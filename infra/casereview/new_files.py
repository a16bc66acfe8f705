"""The files of a new partnership: drawn from `new_partnership/`, checked, and only then written."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from minijinja import Environment

from infra.casereview.findings import Finding
from infra.casereview.forms_check import partnership_findings
from infra.casereview.instance_check import ENVIRONMENTS
from infra.casereview.new_questions import STREAMS, Answers, chosen

TEMPLATES = Path(__file__).parent / "new_partnership"
TEXTS = ("partnership.toml", "home.md", "process.toml")
# What a care leaver's death is called on each form, and how each says that somebody is one.
_DIED = {"adult": "died", "child": "death"}
_CARE_LEAVER = {"adult": "yes", "child": "now"}


class NotSound(Exception):
    """What would be written has faults, so nothing was; `findings` says which."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = tuple(findings)


def partnership_texts(answers: Answers) -> dict[str, str]:
    """The files below the partnership's folder, by name."""
    return {name: _drawn(name, _facts(answers)) for name in TEXTS}


def instance_texts(answers: Answers) -> dict[str, str]:
    """The files of its instances, by name."""
    facts = _facts(answers)
    urls = {"prod": "public_url", "dev": "dev_public_url"}
    return {
        f"{answers['id']}-{environment}.toml": _drawn(
            "instance.toml",
            {**facts, "environment": environment, "public_url": answers[urls[environment]]},
        )
        for environment in chosen(answers, "environments", ENVIRONMENTS)
    }


def write(answers: Answers, forms_dir: Path, instances: Path) -> list[Path]:
    """Writes every file, or none, and returns them.

    They are first written and checked in a folder of their own, beside a copy of what is there.
    Raises `NotSound`, or OSError when a file has come to be there or cannot be written.
    """
    name = answers["id"]
    with tempfile.TemporaryDirectory(prefix=".new-", dir=forms_dir.parent) as scratch:
        forms, tried = Path(scratch) / forms_dir.name, Path(scratch) / "instances"
        shutil.copytree(forms_dir, forms)
        folder = forms / "partnerships" / name
        folder.mkdir()
        tried.mkdir()
        for file, text in partnership_texts(answers).items():
            (folder / file).write_text(text, encoding="utf-8")
        for file, text in instance_texts(answers).items():
            (tried / file).write_text(text, encoding="utf-8")
        if found := partnership_findings(forms, tried, name):
            raise NotSound(found)
        return _put(folder, forms_dir / "partnerships" / name, tried, instances)


def _put(folder: Path, target: Path, tried: Path, instances: Path) -> list[Path]:
    """Moves them to where they belong; what was moved is taken away again if the rest cannot be."""
    with ExitStack() as undo:
        target.mkdir()  # raises when somebody else was faster
        undo.callback(shutil.rmtree, target)
        for source in sorted(folder.iterdir()):
            shutil.move(source, target / source.name)
        written = sorted(target.iterdir())
        for source in sorted(tried.iterdir()):
            with (instances / source.name).open("x", encoding="utf-8") as file:
                undo.callback((instances / source.name).unlink)
                file.write(source.read_text(encoding="utf-8"))
            written.append(instances / source.name)
        undo.pop_all()
    return written


def _facts(answers: Answers) -> dict[str, Any]:
    streams = chosen(answers, "streams", STREAMS)
    routes = {
        stream: {
            part: answers.get(f"{stream}_concern_{part}", "") for part in ("url", "phone", "hours")
        }
        for stream in streams
    }
    return {
        **answers,
        "streams": streams,
        "stream": "both" if len(streams) > 1 else streams[0],
        **{stream: stream in streams for stream in STREAMS},
        "routes": routes,
        "outcomes": sorted(_DIED[stream] for stream in streams),
        "care_leavers": [*sorted(_CARE_LEAVER[stream] for stream in streams), "not_known"],
        "identity": answers["mail_from"].rpartition("@")[2],
    }


def _drawn(name: str, facts: Mapping[str, Any]) -> str:
    template = (TEMPLATES / f"{name}.jinja").read_text(encoding="utf-8")
    environment = Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        undefined_behavior="strict",
        auto_escape_callback=lambda _name: False,
    )
    environment.add_filter("toml", _toml)
    return environment.render_str(template, **facts).rstrip("\n") + "\n"


def _toml(value: Any) -> str:
    """A text or a list of texts in TOML, which writes these as JSON does."""
    return json.dumps(
        list(value) if isinstance(value, (list, tuple)) else value, ensure_ascii=False
    )
