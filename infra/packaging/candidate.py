"""What the gates look at: the zip and the template as they would be deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.packaging.artifact import Package
from infra.packaging.requirements import Requirement
from infra.packaging.target import Target
from infra.packaging.wheels import Wheel


@dataclass(frozen=True)
class Candidate:
    """`files` is what the zip holds, `python` the interpreter it is for, `packager` the one with
    cfn-lint, `work` the folder that it was made in."""

    package: Package
    files: Mapping[str, bytes]
    template: dict[str, Any]
    target: Target
    tree: Path
    work: Path
    python: Path
    packager: Path
    requirements: tuple[Requirement, ...]
    wheels: tuple[Wheel, ...]


@dataclass(frozen=True)
class Gate:
    """`check` gives what is wrong, each with what to do about it."""

    name: str
    check: Callable[[Candidate], Iterator[str]]
