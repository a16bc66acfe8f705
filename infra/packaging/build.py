"""Builds the artifact that is deployed, in a clean folder, and lets it through the gates."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from infra.assets.build import AssetError, build_assets
from infra.packaging.archive import read_zip, write_zip
from infra.packaging.artifact import CODE, MANIFEST, TEMPLATE, Package, PackageError
from infra.packaging.bytecode import compiled
from infra.packaging.candidate import Candidate
from infra.packaging.chalice_run import read_code, run_chalice
from infra.packaging.environment import packager
from infra.packaging.gates import require
from infra.packaging.interpreter import find_interpreter
from infra.packaging.manifest import manifest
from infra.packaging.requirements import read_requirements
from infra.packaging.source import checked_partnerships, lay_out
from infra.packaging.target import Target
from infra.packaging.wheels import Wheel, download, unpack
from infra.paths import BUILD, ROOT
from infra.setup.steps import SetupError

Step = Callable[[str], AbstractContextManager[None]]


def build_artifact(
    out: Path, *, target: Target, step: Step, python: Path | None = None, tree: Path = ROOT
) -> dict[str, Any]:
    """Writes zip, template and manifest into `out`, and gives the manifest.

    Until all gates are passed `out` holds none of the three. `step` tells what is being done;
    `python` is an interpreter that a person named. Raises PackageError or StackError.
    """
    _clear(out)
    partnerships = checked_partnerships(tree)
    interpreter = find_interpreter(target.python, python)
    BUILD.mkdir(exist_ok=True)
    # Chalice's cache overlooks a renamed file, and an old wheel would lie beside a new one.
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="package-") as name:
        work = Path(name)
        with step(f"Packager for Python {target.version}"):
            tool = packager(interpreter, target.version)
            _assets(tree)
        with step("Code and template"):
            lay_out(tree, work / "source", partnerships)
            template = run_chalice(tool, work / "source", target.stage, work)
        with step("Wheels"):
            lock = tree / "requirements.txt"
            requirements = read_requirements(lock)
            wheels = download(lock, target, tool, work / "wheels")
        with step("Bytecode"):
            package = _pack(work, wheels, interpreter, template)
        candidate = Candidate(
            package, read_zip(package.code), template, target, tree, work, interpreter, tool,
            requirements, wheels,
        )  # fmt: skip
        with step("Gates"):
            passed = require(candidate)
        made = manifest(candidate, _full_version(interpreter), passed)
        _deliver(package, made, out)
    return made


def _assets(tree: Path) -> None:
    if tree != ROOT:
        return
    try:
        build_assets()
    except (AssetError, SetupError) as error:
        raise PackageError(f"The stylesheet or script does not build:\n{error}") from error


def _pack(
    work: Path, wheels: tuple[Wheel, ...], interpreter: Path, template: dict[str, Any]
) -> Package:
    """Our code and Chalice's with their sources, the dependencies as bytecode, in one zip."""
    dependencies: dict[str, bytes] = {}
    unpack(wheels, dependencies)
    ours = read_code(work)
    if both := sorted(ours.keys() & dependencies.keys()):
        raise PackageError(f"a dependency brings {', '.join(both)}, which is ours. Rename ours")
    files = compiled(dependencies, interpreter, work / "theirs", keep_source=False)
    files |= compiled(ours, interpreter, work / "ours", keep_source=True)
    package = Package(code=work / CODE, template=work / TEMPLATE)
    write_zip(files, package.code)
    write_template(template, package.template)
    return package


def write_template(template: dict[str, Any], path: Path) -> None:
    """In one order, whatever order Chalice and the stack's files were read in."""
    path.write_text(json.dumps(template, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _clear(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in (CODE, TEMPLATE, MANIFEST):
        (out / name).unlink(missing_ok=True)


def _deliver(package: Package, made: dict[str, Any], out: Path) -> None:
    """The manifest last: where it is, the rest is whole."""
    shutil.move(package.code, out / CODE)
    shutil.move(package.template, out / TEMPLATE)
    (out / MANIFEST).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _full_version(interpreter: Path) -> str:
    command: list[str | Path] = [
        interpreter,
        "-I",
        "-c",
        "import platform; print(platform.python_version())",
    ]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return told.stdout.strip()
