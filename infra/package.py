"""The artifact of a local run: code only, as the emulator's Python has the dependencies.

What is deployed is built by `casereview package` (infra/packaging/build.py) from the same parts.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from infra.packaging.archive import file_digest, write_zip
from infra.packaging.artifact import CODE, TEMPLATE, Package, PackageError
from infra.packaging.build import write_template
from infra.packaging.chalice_run import read_code, run_chalice
from infra.packaging.source import CONFIG, checked_partnerships, lay_out, own_files
from infra.paths import ROOT
from infra.stack import merge
from infra.stack.merge import StackError, unresolved

__all__ = ["Package", "PackageError", "build_package"]


def build_package(stage: str, folder: Path, *, tree: Path = ROOT) -> Package:
    """Packages the working tree for a stage of `.chalice/config.json`.

    What lies in `folder` is taken again when it was made from the very same files; else the
    folder is emptied first. Raises PackageError or StackError.
    """
    partnerships = checked_partnerships(tree)
    package = Package(code=folder / CODE, template=folder / TEMPLATE)
    stamp, inputs = folder / ".stamp", _inputs(stage, tree)
    if stamp.is_file() and stamp.read_text() == _stamp(inputs, package):
        return package
    shutil.rmtree(folder, ignore_errors=True)  # Chalice's cache overlooks a renamed file
    lay_out(tree, folder / "source", partnerships)
    template = run_chalice(Path(sys.executable), folder / "source", stage, folder)
    if missing := unresolved(template):
        raise StackError(f"the template names what it does not hold: {', '.join(sorted(missing))}")
    write_zip(read_code(folder), package.code)
    write_template(template, package.template)
    stamp.write_text(_stamp(inputs, package))
    return package


def _stamp(inputs: str, package: Package) -> str:
    """Of what it was made from and what came of it: neither may have changed."""
    made = (package.code, package.template)
    return "\n".join([inputs, *(file_digest(path) for path in made if path.is_file())])


def _inputs(stage: str, tree: Path) -> str:
    """SHA-256 of everything that packaging reads: names, contents, Python and its packages."""
    total = hashlib.sha256(f"{stage}\0{sys.version}\0{metadata.version('chalice')}".encode())
    for name, path in _files(tree):
        total.update(f"\0{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(tree: Path) -> Iterator[tuple[str, Path]]:
    yield from own_files(tree).items()
    yield from ((name, tree / ".chalice" / name) for name in CONFIG)
    for folder in (merge.FOLDER, Path(__file__).parent / "packaging"):
        for pattern in ("*.py", "*.yaml"):
            yield from ((str(path), path) for path in sorted(folder.glob(pattern)))
    yield __file__, Path(__file__)
    yield "lock", ROOT / "requirements-run.lock"
