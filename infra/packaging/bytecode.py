"""Compiles what is packaged, so that no cold start does: Lambda's disk takes no bytecode.

The bytecode is never compared with its source's date or text, which a zip does not keep. Our own
code keeps its source, for the lines of a traceback. A dependency is bytecode only, in place of
its source: with both, the zip would not stay below its limit.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.packaging.artifact import PackageError

# Where Lambda unpacks the zip: what a traceback names, wherever it was packaged.
PLACE = "/var/task"
_READER = Path(__file__).with_name("bytecode_reader.py")


def compiled(
    files: Mapping[str, bytes], python: Path, folder: Path, *, keep_source: bool
) -> dict[str, bytes]:
    """The files with their bytecode, made by `python` in the empty `folder`. Raises PackageError.

    Always one process, in the order of the names: with the same input it writes the same bytes.
    """
    _write(files, folder)
    arguments = ["-q", "-s", str(folder), "-p", PLACE, "--invalidation-mode", "unchecked-hash"]
    arguments += [] if keep_source else ["-b"]  # beside the source: found without it
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [python, "-P", "-S", "-m", "compileall", *arguments, str(folder)],
        env={**environment, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise PackageError(
            "A file does not compile for the functions' Python. Correct it or, where it is never"
            f" imported, leave it out in infra/packaging/left_out.py:\n{done.stdout[-4000:]}"
        )
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: path.read_bytes()
        for name, path in found.items()
        if path.is_file() and (keep_source or path.suffix != ".py")
    }


def bytecode_faults(zipped: Path, python: Path) -> list[str]:
    """What is wrong with the zip's bytecode, as the Python that will load it sees it."""
    done = subprocess.run(
        [python, "-I", "-S", _READER, zipped, PLACE], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise PackageError(f"The bytecode cannot be read:\n{done.stderr[-2000:]}")
    faults: list[str] = json.loads(done.stdout)
    return faults


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
