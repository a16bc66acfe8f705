"""The zip, the same for the same contents: sorted names, one date, one permission."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

from infra.packaging.artifact import PackageError

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # zip knows no earlier one
_READABLE = 0o100644 << 16  # Lambda runs as another user than the one who packages
_UNIX = 3


def write_zip(files: Mapping[str, bytes], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as code:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.external_attr = _READABLE
            entry.create_system = _UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            code.writestr(entry, files[name], compresslevel=9)


def read_zip(path: Path) -> dict[str, bytes]:
    """Raises PackageError when a name is there twice: which one wins depends on who unpacks."""
    with zipfile.ZipFile(path) as code:
        names = code.namelist()
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise PackageError(f"the zip holds {', '.join(twice)} twice. Package again")
        return {name: code.read(name) for name in names}


def file_digest(path: Path) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def contents_digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 of names and contents: the same even where another zlib packs them otherwise."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return total.hexdigest()
