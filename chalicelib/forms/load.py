"""Load a form: read, assemble, check, compile, build; or only build what was compiled before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.forms.build import build_form
from chalicelib.forms.compile import document_of, version_of
from chalicelib.forms.definition import DefinitionError, Form

if TYPE_CHECKING:
    from chalicelib.forms.assemble import Assembly

ENGLISH = "en"
COMPILED = "compiled"
"""The folder in which packaging puts compiled forms. The artifact alone has it."""


def load_form(
    forms_dir: Path, name: str, partnership: str | None = None, *, language: str = ENGLISH
) -> Form:
    """The form `<forms_dir>/<name>.json`, with the partnership's overlay where there is one.

    Where packaging compiled it, that is built instead: checking a form takes ten times as long as
    building it, and a first visitor waits for it. Raises DefinitionError with everything that is
    wrong with the definition.
    """
    ready = compiled_path(forms_dir, name, partnership)
    if ready.is_file():
        compiled = json.loads(ready.read_text(encoding="utf-8"))
        return build_form(compiled["document"], compiled["version"], language)
    return form_from_document(_compiled(forms_dir, name, partnership), language=language)


def compile_form(forms_dir: Path, name: str, partnership: str | None, into: Path) -> None:
    """Write a form, checked and compiled, to where `load_form` finds it below the folder `into`.

    Raises DefinitionError.
    """
    document = _compiled(forms_dir, name, partnership)
    target = compiled_path(into, name, partnership)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"version": version_of(document), "document": document}, ensure_ascii=False)
    target.write_text(text, encoding="utf-8")


def compiled_path(forms_dir: Path, name: str, partnership: str | None) -> Path:
    """Where the compiled form of a partnership is, when it is."""
    return forms_dir / COMPILED / (partnership or "core") / f"{name}.json"


def checked(assembly: Assembly) -> dict[str, Any]:
    """The canonical document. Raises DefinitionError when anything is wrong."""
    from chalicelib.forms.checks import findings_of

    findings = (*assembly.findings, *findings_of(assembly))
    if findings:
        raise DefinitionError(tuple(dict.fromkeys(findings)))
    return document_of(assembly)


def form_from_document(document: Mapping[str, Any], *, language: str = ENGLISH) -> Form:
    """A form from its canonical document, as archived; the version is computed from it."""
    return build_form(document, version_of(document), language)


def _compiled(forms_dir: Path, name: str, partnership: str | None) -> dict[str, Any]:
    from chalicelib.forms.assemble import assemble

    return checked(assemble(forms_dir, name, partnership))
