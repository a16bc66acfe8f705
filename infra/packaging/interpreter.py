"""Finds the Python that the functions will run on: the runtime is the one that runs Chalice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.packaging.artifact import PackageError

_ASK = "import sys; print(sys.implementation.name, *sys.version_info[:2], sep='.')"


def find_interpreter(wanted: tuple[int, int], named: Path | None = None) -> Path:
    """A CPython of that version: the one named, else this one, uv's, one on PATH, pyenv's.

    Raises PackageError, which says what to install.
    """
    version = ".".join(map(str, wanted))
    for candidate in [named] if named else _candidates(version):
        if _is(candidate, version):
            return candidate
    if named:
        raise PackageError(f"{named} is not CPython {version}. Name one that is, or leave it out.")
    raise PackageError(
        f"Lambda runs the functions on Python {version}, and there is none on this machine.\n"
        f"Install it with uv (uv python install {version}), pyenv or your system's packages, then"
        " give the command again. If it is somewhere else, name it: --python PATH"
    )


def _candidates(version: str) -> Iterator[Path]:
    yield Path(sys.executable)
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if uv and (told := _told([uv, "python", "find", "--no-project", version])):
        yield Path(told)
    if found := shutil.which(f"python{version}"):
        yield Path(found)
    # pyenv keeps versions that are not on PATH until a project asks for them.
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"), reverse=True)


def _is(candidate: Path, version: str) -> bool:
    return _told([candidate, "-I", "-c", _ASK]) == f"cpython.{version}"


def _told(command: list[str | Path]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
