"""The virtual environment, installed from a lock whose every file is checked by its hash."""

from __future__ import annotations

import os
import sys
import venv
from pathlib import Path

from infra.paths import ROOT, VENV
from infra.setup.steps import SetupError, Step, command

NETWORK = "Is the package index reachable? Run the same command again: it goes on where it was."


def interpreter() -> Path:
    """The virtual environment's Python."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment(lock: str) -> Step:
    """`run` or `dev`: the packages of `requirements-<lock>.lock`; dev holds all of run's."""
    locked = ROOT / f"requirements-{lock}.lock"
    return Step(
        title=f"Python packages for {'a local run' if lock == 'run' else 'tests'}",
        inputs=[locked],
        stamp=VENV / f".{lock}.stamp",
        perform=lambda: _install(locked),
    )


def _install(locked: Path) -> None:
    if not interpreter().exists():
        _create()
    install_locked(interpreter(), locked)


def install_locked(python: Path, locked: Path) -> None:
    """Installs a lock into the environment of that Python. Raises SetupError."""
    # Everything is pinned and hashed, so there is nothing to resolve; wheels only, so nothing runs.
    arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    arguments += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(locked)]
    command([python, *arguments], cwd=ROOT, remedy=NETWORK)


def _create() -> None:
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetupError(
            f"This Python lacks its venv part. On Debian or Ubuntu: apt install {version}-venv"
        ) from None
    venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
