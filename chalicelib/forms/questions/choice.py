"""What questions with a list of options share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.forms.definition import Option, Question
from chalicelib.forms.questions.base import (
    Component,
    Errors,
    Fault,
    Posted,
    SingleBox,
    fieldset,
    hint_and_error,
)


class OneOfSeveral(SingleBox):
    """Radios: one option of several."""

    base_schema: Mapping[str, Any] = {"type": "string"}
    own_rules = frozenset({"enum"})

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        return [] if value in values(question) else [Fault("enum")]

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        return Component("radios", list_params(question, posted, errors, heading, optional))

    def summary(self, question: Question, value: Any) -> list[str]:
        return [question.label_of(str(value))]

    def export(self, question: Question, value: Any) -> dict[str, str]:
        return {question.name: question.label_of(str(value))}


def values(question: Question) -> list[str]:
    """The values on offer."""
    return [option.value for option in question.options]


def item(option: Option, *, checked: bool) -> dict[str, Any]:
    """One radio or checkbox."""
    shown: dict[str, Any] = {"value": option.value, "text": option.label, "checked": checked}
    return shown | ({"hint": {"text": option.hint}} if option.hint else {})


def list_params(
    question: Question, posted: Posted, errors: Errors, heading: bool, optional: bool
) -> dict[str, Any]:
    """Parameters of the radios and checkboxes macros: `items` can be found by their value."""
    sent = posted.get(question.name, ())
    return {
        "idPrefix": question.name,
        "name": question.name,
        "fieldset": fieldset(question, heading=heading, optional=optional),
        "items": [item(option, checked=option.value in sent) for option in question.options],
        **hint_and_error(question, errors),
    }
