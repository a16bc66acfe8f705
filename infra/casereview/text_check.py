"""What is wrong with a partnership's long texts and with its picture of the process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chalicelib.referrals.partnership import Partnership
from chalicelib.referrals.rule_check import Fault
from chalicelib.web.site_texts import words_of
from infra.casereview.findings import Finding
from infra.casereview.written import Unreadable, read_written

_WORD = re.compile(r"\{([a-z_]+)\}")
_PICTURE = re.compile(r"\{picture:([a-z]+)\}")
# What a step of process.toml may hold: key -> (kind, its name). Only the title is needed.
_STEP: Mapping[str, tuple[type, str]] = {
    "title": (str, "text in quotes"),
    "short": (str, "text in quotes"),
    "text": (str, "text in quotes"),
    "joins": (bool, "true or false"),
    "ways": (list, "a list of two ways"),
}
_WAY: Mapping[str, tuple[type, str]] = {key: _STEP[key] for key in ("title", "text")}


def text_findings(forms_dir: Path, partnership: Partnership) -> Iterator[Finding]:
    """Every fault of the texts and the picture of a partnership whose own file is sound."""
    folder = forms_dir / "partnerships" / partnership.id
    process = folder / "process.toml"
    steps: Mapping[str, Any] = {}
    if process.exists():
        try:
            written = read_written(process)
            steps = written.document
            yield from written.findings(_process(steps, partnership.forms))
        except Unreadable as error:
            yield error.finding
    for path in _texts(forms_dir, partnership):
        if not path.exists():
            message = "is missing, and the page needs it"
            yield Finding(path, 1, "(file)", message, "Add it: see the text of another partnership")
            continue
        yield from _text(path, partnership, steps)
    yield from _strangers(folder, partnership)


def _texts(forms_dir: Path, partnership: Partnership) -> Iterator[Path]:
    """The file of each text that a page shows: the partnership's own, else the shared one."""
    names = ["home", "privacy", "accessibility", *(f"next-{form}" for form in partnership.forms)]
    for name in names:
        own = forms_dir / "partnerships" / partnership.id / f"{name}.md"
        shared = forms_dir / "texts" / f"{name}.md"
        yield shared if shared.exists() and not own.exists() else own


def _text(path: Path, partnership: Partnership, steps: Mapping[str, Any]) -> Iterator[Finding]:
    known = words_of(partnership)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        yield Finding(path, 1, "(file)", "is not written in UTF-8", "Save it as UTF-8 text")
        return
    if not path.stem.startswith("next-") and not (lines and lines[0].startswith("# ")):
        remedy = "Begin with the page's title: # and a space before it"
        yield Finding(path, 1, "(title)", "the first line is no title", remedy)
    for number, line in enumerate(lines, 1):
        for word in _WORD.findall(line):
            if word not in known:
                remedy = "Add it under [names] in partnership.toml, or correct its spelling"
                yield Finding(path, number, f"{{{word}}}", "is not defined", remedy)
        for stream in _PICTURE.findall(line):
            if stream not in steps:
                message = "process.toml has no steps for it"
                yield Finding(path, number, f"{{picture:{stream}}}", message, "Add them there")
            elif line.strip() != f"{{picture:{stream}}}":
                remedy = "Give it a line of its own"
                yield Finding(path, number, f"{{picture:{stream}}}", "is within a text", remedy)


def _process(document: Mapping[str, Any], forms: tuple[str, ...]) -> Iterator[Fault]:
    for stream, steps in document.items():
        if stream not in forms:
            yield (stream,), f"the partnership has no {stream} form", "Remove its steps"
        elif not isinstance(steps, list) or not all(isinstance(one, Mapping) for one in steps):
            yield (stream,), "is no list of steps", f"Begin each step with [[{stream}]]"
        else:
            for number, step in enumerate(steps):
                yield from _keys((stream, number), step, _STEP)
                yield from _ways((stream, number), step)


def _ways(place: tuple[str | int, ...], step: Mapping[str, Any]) -> Iterator[Fault]:
    ways = step.get("ways", [])
    if "ways" in step and isinstance(ways, list) and len(ways) != 2:
        yield (*place, "ways"), f"has {len(ways)} ways", "Give two: the picture has room for two"
    for way in ways if isinstance(ways, list) else ():
        if isinstance(way, Mapping):
            yield from _keys((*place, "ways"), way, _WAY)
        else:
            yield (*place, "ways"), "is no way", "Write { title = ..., text = ... }"


def _keys(
    place: tuple[str | int, ...], table: Mapping[str, Any], known: Mapping[str, tuple[type, str]]
) -> Iterator[Fault]:
    if not table.get("title"):
        yield place, "has no title", "Add one: title = ..."
    for key, value in table.items():
        if key not in known:
            remedy = f"Use one of: {', '.join(known)}"
            yield (*place, key), "is unknown", remedy
        elif type(value) is not known[key][0]:
            yield (*place, key), "is of the wrong kind", f"Write {known[key][1]}"


def _strangers(folder: Path, partnership: Partnership) -> Iterator[Finding]:
    """Files that nothing reads, so that a slip in a name cannot hide a text or an overlay."""
    shown = {"home", "privacy", "accessibility", *(f"next-{form}" for form in partnership.forms)}
    read = {"partnership.toml", "process.toml"}
    read |= {f"{name}.md" for name in shown} | {f"{form}.json" for form in partnership.forms}
    for path in sorted(folder.iterdir()):
        if path.name not in read:
            remedy = f"Remove it, or give it one of these names: {', '.join(sorted(read))}"
            yield Finding(path, 1, "(file)", "is never read", remedy)
