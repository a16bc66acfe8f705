"""The environment that Chalice and cfn-lint run in, under the functions' Python."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from infra.packaging.artifact import IndexUnreached, PackageError
from infra.paths import ROOT, TOOLS
from infra.setup.steps import SetupError, command

LOCK = ROOT / "requirements-packager.lock"
_OFFLINE = "Is the package index reachable? Give the same command again."


def packager(interpreter: Path, version: str, tools: Path = TOOLS) -> Path:
    """The Python of that environment: this one if it will do, else made once and kept in .tools.

    Raises PackageError.
    """
    if interpreter == Path(sys.executable) and _is_here():
        return interpreter
    folder = tools / f"packager-{version}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = folder / ".stamp"
    wanted = hashlib.sha256(LOCK.read_bytes() + str(interpreter).encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted and _runs(python):
        return python
    try:
        _make(interpreter, folder, python)
    except SetupError as error:
        raise IndexUnreached(str(error)) from error
    stamp.write_text(wanted)
    return python


def _is_here() -> bool:
    """This environment holds the locked versions: a developer's does."""
    pins = dict(re.findall(r"^(chalice|cfn-lint)==(\S+)", LOCK.read_text(), re.MULTILINE))
    try:
        return all(metadata.version(name) == pinned for name, pinned in pins.items())
    except metadata.PackageNotFoundError:
        return False


def _runs(python: Path) -> bool:
    try:
        done = subprocess.run([python, "-c", "import chalice"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _make(interpreter: Path, folder: Path, python: Path) -> None:
    made = subprocess.run(
        [interpreter, "-m", "venv", "--clear", "--without-pip", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise PackageError(
            f"{interpreter} cannot make an environment; it may lack its venv part:\n"
            f"{made.stderr[-2000:]}"
        )
    # The pip of this environment installs into that one: not every Python brings its own.
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    checks = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    quiet = ["--disable-pip-version-check", "--no-compile"]
    command([*pip, *quiet, *checks, "-r", LOCK], cwd=ROOT, remedy=_OFFLINE)
