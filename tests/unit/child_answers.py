"""The shipped child form with the least that a person can answer, for the tests of its content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib.forms.answers import check_submission
from chalicelib.forms.definition import Page
from chalicelib.forms.journey import walk
from chalicelib.forms.load import load_form

FORMS = Path(__file__).parents[2] / "forms"
CHILD = load_form(FORMS, "child")

MINIMUM: dict[str, Any] = {
    "immediate_danger": "no",
    "live_concern": "no",
    "submitter_type": "family_or_friend",
    "referrer_name": "Sam Okafor",
    "referrer_email": "sam@example.org",
    "outcome_status": "not_known",
    "summary": "What I know so far.",
    "children": [{}],
    "declaration": True,
}


def professional(**answers: Any) -> dict[str, Any]:
    return MINIMUM | {"submitter_type": "professional", "referrer_agency": "Borough"} | answers


def page(page_id: str) -> Page:
    found = CHILD.page(page_id)
    assert found is not None
    return found


def told(page_id: str) -> str:
    return page(page_id).guidance or ""


def problems(answers: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.rule) for problem in check_submission(CHILD, answers)]


def urls(answers: dict[str, Any]) -> list[str]:
    return [place.url for place in walk(CHILD, answers).places]


def options(name: str) -> list[str]:
    return [option.value for option in CHILD.questions[name].options]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)


def authored() -> list[str]:
    document = json.loads((FORMS / "child.json").read_text("utf-8"))
    return list(texts(document["text"]["en"]))
