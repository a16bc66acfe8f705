"""Lays out what Chalice packages: the app, its library and the forms, checked and compiled."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from chalicelib.forms.definition import DefinitionError
from chalicelib.forms.load import COMPILED, compile_form
from chalicelib.referrals.partnership import Partnership, PartnershipError
from chalicelib.referrals.partnership_check import load_checked, partnership_ids
from infra.packaging.artifact import PackageError

FORMS = "forms"
CONFIG = ("config.json", "policy-none.json")
# Sources of the stylesheet and script, and what tools and systems leave behind.
LEFT = ("__pycache__", "*.pyc", "assets", ".stamp", ".DS_Store")


def checked_partnerships(tree: Path) -> list[Partnership]:
    """Every partnership: the functions load the files as they are. Raises PackageError."""
    forms = tree / FORMS
    try:
        return [load_checked(forms, name) for name in partnership_ids(forms)]
    except PartnershipError as error:
        raise PackageError(str(error)) from error


def lay_out(tree: Path, source: Path, partnerships: Sequence[Partnership]) -> None:
    """Makes `source` a Chalice project that has no dependencies: they are laid in later.

    Raises PackageError.
    """
    ignore = shutil.ignore_patterns(*LEFT)
    source.mkdir(parents=True)
    shutil.copy(tree / "app.py", source)
    shutil.copytree(tree / "chalicelib", source / "chalicelib", ignore=ignore)
    # Chalice flattens vendor/ to the zip's root. Copied from forms/: not every system has links.
    forms = source / "vendor" / FORMS
    shutil.copytree(tree / FORMS, forms, ignore=ignore)
    _compile_forms(forms, partnerships)
    (source / ".chalice").mkdir()
    for name in CONFIG:
        shutil.copy(tree / ".chalice" / name, source / ".chalice")
    (source / "requirements.txt").touch()


def _compile_forms(forms: Path, partnerships: Sequence[Partnership]) -> None:
    """Checks and compiles every partnership's forms here, so that no first visitor waits for it."""
    try:
        for partnership in partnerships:
            for name in partnership.forms:
                compile_form(forms, name, partnership.id, forms)
    except DefinitionError as error:
        raise PackageError(str(error)) from error


def own_files(tree: Path) -> dict[str, Path]:
    """What of the working tree must be in the zip, by its name there."""
    found = {"app.py": tree / "app.py"}
    for folder in ("chalicelib", FORMS):
        found |= {path.relative_to(tree).as_posix(): path for path in _files(tree / folder)}
    return found


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if any(path.match(pattern) for pattern in LEFT):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def is_compiled_form(name: str) -> bool:
    return name.startswith(f"{FORMS}/{COMPILED}/")
