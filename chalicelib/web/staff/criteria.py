"""The criteria of a stream as data and in the form's words: what a panel considers one by one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.use_cases.ports import Services

# Advice about one limb, and what every form offers, are no criteria that a panel finds met.
_CONSIDERED = ("element", "mandatory", "discretionary", "local", "staff")
# What staff alone consider has no words in a form.
_WORDS = {
    "C_REVIEW_1": "Safeguarding practice should be improved",
    "C_REVIEW_2": "A theme that has come up before",
    "C_REVIEW_3": "Two or more agencies could have worked together better",
    "C_REVIEW_4": "The national Panel suggests a local review",
}


@dataclass(frozen=True)
class Criterion:
    """`id` as in forms/criteria.json, what it says, and where it comes from."""

    id: str
    text: str
    source: str


def criteria_of(services: Services, stream: str) -> tuple[Criterion, ...]:
    """The criteria that a recommendation or a decision of a stream goes through."""
    form = services.forms.get(stream)
    labels: dict[str, str] = {}
    if form is not None and "criteria" in form.roles:
        question = form.questions[form.roles["criteria"]]
        labels = {option.value: option.label for option in question.options}
    known = _criteria(services.settings.forms_dir)
    considered = (
        (one, labels.get((one["text_key"] or "").rpartition(".")[2]) or _WORDS.get(one["id"]))
        for one in known
        if one["stream"] in (stream, "both") and one["kind"] in _CONSIDERED
    )
    # Without words it is another partnership's local criterion.
    return tuple(Criterion(one["id"], words, one["source"]) for one, words in considered if words)


@cache
def _criteria(forms_dir: Path) -> list[dict[str, Any]]:
    known: list[dict[str, Any]] = json.loads((forms_dir / "criteria.json").read_text("utf-8"))
    return known
