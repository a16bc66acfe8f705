"""Builds the artifact and its template with Chalice in a clean folder, and checks them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from chalicelib.forms.definition import DefinitionError
from chalicelib.forms.load import compile_form
from chalicelib.referrals.partnership import Partnership, PartnershipError
from chalicelib.referrals.partnership_check import load_checked, partnership_ids
from infra.paths import BUILD, ROOT
from infra.stack.merge import StackError, stack_document, unresolved

ARM_WITH_WHEELS = (3, 12)  # jsonschema-rs has no wheel that Lambda's older Python can load on arm64
CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "assets", ".stamp", ".DS_Store")


class PackageError(Exception):
    """The artifact would be broken; the message says of what."""


@dataclass(frozen=True)
class Package:
    """`code` is the functions' zip, `template` the SAM template that names it."""

    code: Path
    template: Path

    def document(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.template.read_text(encoding="utf-8"))
        return loaded


def build_package(
    stage: str, folder: Path, *, requirements: Path | None, tree: Path = ROOT
) -> Package:
    """Packages the working tree for a stage of `.chalice/config.json`.

    `requirements` None: code only, for functions that run in this environment.
    Raises PackageError or StackError.
    """
    partnerships = _partnerships(tree / "forms")
    shutil.rmtree(folder, ignore_errors=True)  # Chalice's cache overlooks a renamed file
    source = folder / "source"
    _lay_out(tree, source, partnerships, requirements)
    merge = folder / "stack.json"
    merge.write_text(json.dumps(stack_document()), encoding="utf-8")
    said = _run_chalice(source, ["--stage", stage, "--merge-template", str(merge), str(folder)])
    if "Could not install" in said:  # Chalice says so and exits 0, with a zip that cannot run
        raise PackageError(f"a package has no wheel for this Python on Lambda:\n{said}")
    package = Package(code=folder / "deployment.zip", template=folder / "sam.json")
    _check(package, requirements)
    return package


def _partnerships(forms: Path) -> list[Partnership]:
    """Every partnership, checked: the functions load the files as they are."""
    try:
        return [load_checked(forms, name) for name in partnership_ids(forms)]
    except PartnershipError as error:
        raise PackageError(str(error)) from error


def _lay_out(
    tree: Path, source: Path, partnerships: Sequence[Partnership], requirements: Path | None
) -> None:
    source.mkdir(parents=True)
    shutil.copy(tree / "app.py", source)
    shutil.copytree(tree / "chalicelib", source / "chalicelib", ignore=LEFT_OUT)
    # Chalice flattens vendor/ to the zip's root. Copied from forms/: not every system has links.
    forms = source / "vendor" / "forms"
    shutil.copytree(tree / "forms", forms, ignore=LEFT_OUT)
    _compile_forms(forms, partnerships)
    (source / ".chalice").mkdir()
    for name in ("config.json", "policy-none.json"):
        shutil.copy(tree / ".chalice" / name, source / ".chalice")
    listed = requirements.read_text(encoding="utf-8") if requirements else ""
    (source / "requirements.txt").write_text(listed, encoding="utf-8")


def _compile_forms(forms: Path, partnerships: Sequence[Partnership]) -> None:
    """Checks and compiles every partnership's forms here, so that no first visitor waits for it."""
    try:
        for partnership in partnerships:
            for name in partnership.forms:
                compile_form(forms, name, partnership.id, forms)
    except DefinitionError as error:
        raise PackageError(str(error)) from error


def _run_chalice(source: Path, arguments: Sequence[str]) -> str:
    # Chalice asks for a region, and writes it nowhere.
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-2", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CHALICE, "package", *arguments],
        cwd=source,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode != 0:
        raise PackageError(f"Chalice could not package the app:\n{said.strip()[-4000:]}")
    return said


def _check(package: Package, requirements: Path | None) -> None:
    missing = unresolved(package.document())
    if missing:
        raise StackError(f"the template names what it does not hold: {', '.join(sorted(missing))}")
    with zipfile.ZipFile(package.code) as code:
        top = {name.split("/")[0].removesuffix(".py") for name in code.namelist()}
    wanted = {"app", "chalice", "chalicelib", "forms"}
    if requirements:
        wanted |= _modules_of(requirements)
    if absent := wanted - top:
        raise PackageError(f"the zip lacks {', '.join(sorted(absent))}")


def _modules_of(requirements: Path) -> set[str]:
    """What each required distribution puts at the top of the zip, as it does here."""
    listed = [line.split("==")[0] for line in requirements.read_text().splitlines() if "==" in line]
    wanted = {name.strip().lower().replace("_", "-") for name in listed}
    return {
        module
        for module, distributions in metadata.packages_distributions().items()
        if any(name.lower().replace("_", "-") in wanted for name in distributions)
        and not module.startswith("_")
    }


def main() -> None:
    if sys.version_info < ARM_WITH_WHEELS:
        sys.exit(
            "The artifact is built with Python 3.13, as its runtime is the one that builds it: "
            "make package PYTHON=python3.13, in a clone whose .venv was made with it."
        )
    try:
        package = build_package("live", BUILD / "package", requirements=ROOT / "requirements.txt")
    except (PackageError, StackError) as error:
        sys.exit(f"Not packaged: {error}")
    size = package.code.stat().st_size
    print(f"{package.code.relative_to(ROOT)}  {size / 1e6:.1f} MB")
    print(package.template.relative_to(ROOT))


if __name__ == "__main__":
    main()
