"""A postal address in five boxes, any of which may be blank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.forms.definition import Question
from chalicelib.forms.questions.base import (
    Component,
    Errors,
    Fault,
    Inner,
    Posted,
    Reading,
    SingleBox,
    fieldset,
    hint_and_error,
    one_value,
    text_faults,
    typed,
)

LINES = {"line1": 100, "line2": 100, "town": 100, "county": 100, "postcode": 10}
_WIDTHS = {"town": "govuk-!-width-two-thirds", "county": "govuk-!-width-two-thirds"} | {
    "postcode": "govuk-input--width-10"
}


class Address(SingleBox):
    """What is known of an address; blank lines are left out of the answer."""

    base_schema: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            line: {"type": "string", "minLength": 1, "maxLength": limit}
            for line, limit in LINES.items()
        },
        "additionalProperties": False,
        "minProperties": 1,
    }
    first: str | None = "line1"
    own_rules = frozenset({"maxLength", "characters"})
    keywords: Mapping[str, str] = {"minProperties": "required", "minLength": "required"}

    def parse(self, question: Question, posted: Posted) -> Reading:
        value: dict[str, str] = {}
        faults: list[Fault] = []
        for line in LINES:
            text, sent_twice = one_value(posted, f"{question.name}-{line}")
            faults += [Fault(fault.rule, part=line) for fault in sent_twice]
            if text:
                value[line] = text
        return Reading(value=value or None, faults=tuple(faults))

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        return [
            Fault(fault.rule, {**fault.params, "part": question.words[line]}, part=line)
            for line, text in value.items()
            for fault in text_faults(text, limit=LINES[line], multiline=False)
        ]

    def fill(self, question: Question, value: Any) -> dict[str, list[str]]:
        return {f"{question.name}-{line}": [text] for line, text in value.items()}

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        whole = [error for error in errors if error[0] is None]
        params = {
            "id": question.name,
            "fieldset": fieldset(question, heading=heading, optional=optional),
            "parts": [self._line(question, line, posted, errors) for line in LINES],
        }
        return Component("address", params | hint_and_error(question, whole))

    def _line(self, question: Question, line: str, posted: Posted, errors: Errors) -> Component:
        name = f"{question.name}-{line}"
        params: dict[str, Any] = {
            "id": name,
            "name": name,
            "label": {"text": question.words[line]},
            "value": typed(posted, name),
            # Never the browser's own address: the question is about somebody else.
            "autocomplete": "off",
            "spellcheck": False,
        }
        if line in _WIDTHS:
            params["classes"] = _WIDTHS[line]
        wrong = [text for part, text in errors if part == line]
        if wrong:
            params["errorMessage"] = {"text": wrong[0]}
        return Component("input", params)

    def summary(self, question: Question, value: Any) -> list[str]:
        return [value[line] for line in LINES if line in value]

    def export(self, question: Question, value: Any) -> dict[str, str]:
        return {f"{question.name}_{line}": value.get(line, "") for line in LINES}

    def fault_of(self, question: Question, keyword: str, limit: Any, inner: Inner) -> Fault:
        fault = super().fault_of(question, keyword, limit, inner)
        if not inner:
            return fault
        line = str(inner[0])
        return Fault(fault.rule, {**fault.params, "part": question.words[line]}, part=line)


TYPE = Address()
