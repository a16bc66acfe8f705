"""Writes the locks: hashed, for every platform, naming no registry."""

from __future__ import annotations

import subprocess
import sys

from infra.paths import ROOT

UV = (sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal")
PLAIN = ("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url")


def write_locks() -> None:
    """dev first, as run and the functions' requirements take their versions from it."""
    dev = ("--group", "dev", "--output-file", "requirements-dev.lock")
    run = (
        "--group",
        "run",
        "--output-file",
        "requirements-run.lock",
        "-c",
        "requirements-dev.lock",
    )
    functions = ("--output-file", "requirements.txt", "-c", "requirements-dev.lock")
    for arguments in (dev, run, functions):
        subprocess.run([*UV, *PLAIN, *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    write_locks()
