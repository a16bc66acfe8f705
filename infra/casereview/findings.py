"""Something wrong in a file that people edit: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """`line` counts from 1; `key` is the dotted key, JSON pointer or word that it is about."""

    file: Path
    line: int
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        told, remedy = self.message.rstrip("."), self.remedy.rstrip(".")
        return f"{self.file}:{self.line}: {self.key}: {told}. {remedy}."

    def document(self) -> Mapping[str, str | int]:
        """As JSON for another program."""
        return {
            "file": self.file.as_posix(),
            "line": self.line,
            "key": self.key,
            "message": self.message,
            "remedy": self.remedy,
        }
