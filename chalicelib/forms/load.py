"""Load a form: read, assemble, check, compile, build."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.forms.assemble import Assembly, assemble
from chalicelib.forms.build import build_form
from chalicelib.forms.checks import findings_of
from chalicelib.forms.compile import document_of, version_of
from chalicelib.forms.definition import DefinitionError, Form

ENGLISH = "en"


def load_form(
    forms_dir: Path, name: str, partnership: str | None = None, *, language: str = ENGLISH
) -> Form:
    """The form `<forms_dir>/<name>.json`, with the partnership's overlay where there is one.

    Raises DefinitionError with everything that is wrong with the definition.
    """
    assembly = assemble(forms_dir, name, partnership)
    return form_from_document(checked(assembly), language=language)


def checked(assembly: Assembly) -> dict[str, Any]:
    """The canonical document. Raises DefinitionError when anything is wrong."""
    findings = (*assembly.findings, *findings_of(assembly))
    if findings:
        raise DefinitionError(tuple(dict.fromkeys(findings)))
    return document_of(assembly)


def form_from_document(document: Mapping[str, Any], *, language: str = ENGLISH) -> Form:
    """A form from its canonical document, as archived; the version is computed from it."""
    return build_form(document, version_of(document), language)
