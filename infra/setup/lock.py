"""Writes the locks: hashed, for every platform, naming no registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from infra.paths import ROOT

UV = (sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal")
PLAIN = ("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url")
PROJECT = "pyproject.toml"
NEVER_IMPORTED = Path(__file__).with_name("never-imported.txt")


def write_locks() -> None:
    """dev first, as the others take their versions from it."""
    _lock("requirements-dev.lock", PROJECT, "--group", "dev")
    like_dev = ("-c", "requirements-dev.lock")
    _lock("requirements-run.lock", PROJECT, "--group", "run", *like_dev)
    functions = (PROJECT, "--overrides", str(NEVER_IMPORTED), *like_dev)
    _lock("requirements.txt", *functions)
    _lock("requirements-packager.lock", *functions, "--group", "packager")
    _lock("requirements-checkov.lock", "--group", "checkov", "--python-version", "3.11")


def _lock(written: str, *arguments: str) -> None:
    command = [*UV, *PLAIN, "--output-file", written, *arguments]
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    write_locks()
