"""One box to tick: a statement that the person confirms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.forms.definition import Question
from chalicelib.forms.questions.base import (
    Component,
    Errors,
    Fault,
    Posted,
    Reading,
    SingleBox,
    fieldset,
    hint_and_error,
    one_value,
    typed,
)

CONFIRMED = "yes"


class Declaration(SingleBox):
    """The answer is true or absent. The question is the statement, unless an option "yes" is."""

    base_schema: Mapping[str, Any] = {"const": True}
    own_rules = frozenset({"enum"})
    keywords: Mapping[str, str] = {"const": "required"}

    def parse(self, question: Question, posted: Posted) -> Reading:
        text, faults = one_value(posted, question.name)
        if faults or text in ("", CONFIRMED):
            return Reading(value=True if text and not faults else None, faults=faults)
        return Reading(faults=(Fault("enum"),))

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        return [] if value is True else [Fault("required")]

    def fill(self, question: Question, value: Any) -> dict[str, list[str]]:
        return {question.name: [CONFIRMED]} if value is True else {}

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        statement = _statement(question)
        legend = heading or statement != question.text
        if heading and statement == question.text:
            statement = question.words["confirm"]
        ticked = typed(posted, question.name) == CONFIRMED
        params = {
            "idPrefix": question.name,
            "name": question.name,
            "items": [{"value": CONFIRMED, "text": statement, "checked": ticked}],
            **hint_and_error(question, errors),
        }
        if legend:
            params["fieldset"] = fieldset(question, heading=heading, optional=optional)
        return Component("checkboxes", params)

    def summary(self, question: Question, value: Any) -> list[str]:
        return [_statement(question)] if value is True else []

    def export(self, question: Question, value: Any) -> dict[str, str]:
        return {question.name: question.words["yes"] if value is True else ""}


def _statement(question: Question) -> str:
    return question.options[0].label if question.options else question.text


TYPE = Declaration()
