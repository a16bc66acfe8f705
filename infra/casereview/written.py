"""A TOML file with a private one laid over it, and where each key was written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.referrals.rule_check import Fault
from chalicelib.referrals.toml_lines import Place, line_of, lines_of
from infra.casereview.findings import Finding

_AT_LINE = re.compile(r"at line (\d+)")
Lines = Mapping[Place, int]


class Unreadable(Exception):
    """A file is no TOML; `finding` says where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True)
class Written:
    """`document` is both files merged, table by table; what is private wins. `committed` is the
    other file alone.

    `public` and `private` are the lines of each file's keys.
    """

    document: Mapping[str, Any]
    committed: Mapping[str, Any]
    path: Path
    private_path: Path | None
    public: Lines
    private: Lines

    def findings(self, faults: Iterable[Fault]) -> tuple[Finding, ...]:
        """Each fault, in the file that has its key, in the order of the lines."""
        found = [self._finding(*fault) for fault in dict.fromkeys(faults)]
        return tuple(sorted(found, key=lambda one: (one.file != self.path, one.line)))

    def _finding(self, place: Place, message: str, remedy: str) -> Finding:
        path, lines = self.path, self.public
        if self.private_path and len(place) > 1 and place in self.private:
            path, lines = self.private_path, self.private
        return Finding(path, line_of(lines, place), ".".join(map(str, place)), message, remedy)


def read_written(path: Path, private_path: Path | None = None) -> Written:
    """Both files; there may be no private one. Raises `Unreadable`."""
    document, lines = _read(path)
    private: dict[str, Any] = {}
    private_lines: Lines = {}
    if private_path and private_path.exists():
        private, private_lines = _read(private_path)
    merged = _laid_over(document, private)
    return Written(merged, document, path, private_path, lines, private_lines)


def _read(path: Path) -> tuple[dict[str, Any], Lines]:
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), lines_of(text)
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read: {type(error).__name__}"
        raise Unreadable(Finding(path, 1, "(file)", message, "Write it as UTF-8 text")) from None
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else len(text.splitlines()) or 1
        finding = Finding(path, line, "(file)", f"not valid TOML: {error}", "Correct the file")
        raise Unreadable(finding) from None


def _laid_over(document: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(document)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            value = _laid_over(below, value)
        merged[key] = value
    return merged
