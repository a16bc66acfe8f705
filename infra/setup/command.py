"""The `casereview` command of this folder: a launcher beside the environment's Python."""

from __future__ import annotations

import os
from pathlib import Path

from infra.paths import VENV
from infra.setup.python import interpreter
from infra.setup.steps import Step

# The first argument is the project's folder. Python does not search the folder that one happens to
# be in (-P), so nothing there is taken for a module, and names of files keep their meaning.
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    " from infra.casereview.__main__ import main; main()"
)
# The launcher finds the project from where it lies, through links, so that the folder can be moved.
_SHELL = f"""#!/bin/sh
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=$(dirname "$self")/$link ;; esac
done
bin=$(cd "$(dirname "$self")" && pwd) || exit
exec "$bin/python" -P -c '{_START}' "$bin/../.." "$@"
"""
_WINDOWS = f"""@echo off
"%~dp0python.exe" -P -c "{_START}" "%~dp0..\\.." %*
"""


def installed() -> Step:
    """Makes `.venv/bin/casereview`, which works from any folder."""
    return Step(
        title="The casereview command",
        inputs=[Path(__file__)],
        stamp=VENV / ".casereview.stamp",
        perform=_install,
    )


def _install() -> None:
    write_launcher(interpreter().parent, windows=os.name == "nt")


def write_launcher(folder: Path, *, windows: bool) -> Path:
    """Writes the launcher into the folder of the environment's Python, and gives its path."""
    launcher = folder / ("casereview.cmd" if windows else "casereview")
    launcher.write_text(
        _WINDOWS if windows else _SHELL, encoding="ascii", newline="\r\n" if windows else "\n"
    )
    launcher.chmod(0o755)
    return launcher
