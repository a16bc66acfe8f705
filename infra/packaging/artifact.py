"""What packaging makes, and how it fails."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CODE = "deployment.zip"
TEMPLATE = "template.json"
MANIFEST = "manifest.json"


class PackageError(Exception):
    """The artifact cannot be made, or would be broken; the message says of what, and what to do."""


class IndexUnreached(PackageError):
    """The package index did not answer: nothing is wrong with the project."""


@dataclass(frozen=True)
class Package:
    """`code` is the functions' zip, `template` the SAM template that names it."""

    code: Path
    template: Path

    def document(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.template.read_text(encoding="utf-8"))
        return loaded
