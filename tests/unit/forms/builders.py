"""Small forms for tests, written as authors write them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from chalicelib.forms.definition import DefinitionError, Finding, Form
from chalicelib.forms.load import load_form
from tests.unit.forms.samples import FIXTURES

Json = dict[str, Any]


def authored(path: str) -> Json:
    """A fixture file as a document that a test may change."""
    document: Json = json.loads((FIXTURES / path).read_text(encoding="utf-8"))
    return document


def a_small_form(**changes: Any) -> Json:
    """A form with one page and one question; `changes` replace its top-level parts."""
    form: Json = {
        "form": "small",
        "stream": "adult",
        "roles": {},
        "schema": {"properties": {"summary": {"type": "string", "maxLength": 300}}},
        "pages": [{"id": "summary", "section": "event", "ask": ["summary"]}],
        "text": {
            "en": {
                "form": {"name": "A small form"},
                "sections": {"event": "What happened"},
                "questions": {"summary": {"question": "What happened?", "noun": "what happened"}},
            }
        },
    }
    return {**form, **copy.deepcopy(changes)}


def with_question(name: str, schema: Json, **text: Any) -> Json:
    """The small form with one more question on its page."""
    form = a_small_form()
    form["schema"]["properties"][name] = schema
    form["pages"][0]["ask"].append(name)
    form["text"]["en"]["pages"] = {"summary": {"title": "What happened"}}
    words = {"question": f"What is {name}?", "noun": f"the {name}", **text}
    form["text"]["en"]["questions"][name] = words
    return form


def load(folder: Path, form: Json, common: Json | None = None, overlay: Json | None = None) -> Form:
    """Write the files of one form as an author would, and load it."""
    common = authored("common.json") if common is None else common
    (folder / f"{form.get('form', 'small')}.json").write_text(json.dumps(form), encoding="utf-8")
    (folder / "common.json").write_text(json.dumps(common), encoding="utf-8")
    if overlay is not None:
        partnership = folder / "partnerships" / "here"
        partnership.mkdir(parents=True, exist_ok=True)
        text = json.dumps(overlay)
        (partnership / f"{form['form']}.json").write_text(text, encoding="utf-8")
    return load_form(folder, form["form"], "here" if overlay is not None else None)


def findings(folder: Path, form: Json, **files: Json) -> tuple[Finding, ...]:
    """What loading the form finds; nothing when it loads."""
    try:
        load(folder, form, **files)
    except DefinitionError as error:
        return error.findings
    return ()
