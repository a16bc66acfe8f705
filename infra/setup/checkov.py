"""checkov, which looks the template over, in an environment of its own: its pins are not ours."""

from __future__ import annotations

import os
import shutil
import venv
from pathlib import Path

from infra.paths import ROOT, TOOLS
from infra.setup.python import install_locked
from infra.setup.steps import Step

HOME = TOOLS / "checkov"
LOCK = ROOT / "requirements-checkov.lock"


def program() -> Path:
    """Where it is once installed."""
    return HOME / ("Scripts/checkov.cmd" if os.name == "nt" else "bin/checkov")


def installed() -> Step:
    """Makes `.tools/checkov`."""
    return Step(
        title="Template checker",
        inputs=[LOCK],
        stamp=HOME / ".stamp",
        perform=_install,
    )


def _install() -> None:
    shutil.rmtree(HOME, ignore_errors=True)
    venv.create(HOME, with_pip=True, symlinks=os.name != "nt")
    python = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install_locked(python, LOCK)
