"""Runs `chalice package` in a folder of its own: code and template, without dependencies."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from infra.packaging.artifact import CODE, PackageError
from infra.stack.merge import stack_document

CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"


def run_chalice(python: Path, source: Path, stage: str, out: Path) -> dict[str, Any]:
    """Writes the code's zip into `out`, and gives the template. Raises PackageError, StackError.

    `python` decides the functions' runtime, and its Chalice is the one that is packaged.
    """
    merge = source / "stack.json"
    merge.write_text(json.dumps(stack_document()), encoding="utf-8")
    # Chalice asks for a region, and writes it nowhere.
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-2", "PYTHONDONTWRITEBYTECODE": "1"}
    arguments = ["--stage", stage, "--merge-template", str(merge), str(out)]
    done = subprocess.run(
        [python, "-c", CHALICE, "package", *arguments],
        cwd=source,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode != 0:
        raise PackageError(f"Chalice could not package the app:\n{said.strip()[-4000:]}")
    template: dict[str, Any] = json.loads((out / "sam.json").read_text(encoding="utf-8"))
    return template


def read_code(out: Path) -> dict[str, bytes]:
    """What Chalice put into the zip: our files and its own runtime, by name."""
    with zipfile.ZipFile(out / CODE) as code:
        return {name: code.read(name) for name in code.namelist()}
