"""Reads a lock: what is pinned, and the hashes of the files that may be installed for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from infra.packaging.artifact import PackageError

_PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;[^\\]*)?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Requirement:
    """One distribution, its name as PEP 503 writes it."""

    name: str
    version: str
    hashes: frozenset[str]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read_requirements(lock: Path) -> tuple[Requirement, ...]:
    """Raises PackageError for a line that has a condition or no hash: both would be guesses."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    return tuple(
        _requirement(line, lock.name)
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    )


def _requirement(line: str, where: str) -> Requirement:
    pin = _PIN.match(line)
    hashes = frozenset(_HASH.findall(line))
    if pin is None or not hashes:
        raise PackageError(f"{where}: {line.split()[0]} is not pinned and hashed: make lock")
    if pin[3]:
        raise PackageError(
            f"{where}: {pin[1]} has a condition ({pin[3].strip(' ;')}), and what Lambda needs must"
            " be certain. Pin in pyproject.toml what brings it, so that it needs none; make lock"
        )
    return Requirement(normalised(pin[1]), pin[2], hashes)
