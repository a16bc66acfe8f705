"""A whole number."""

from __future__ import annotations

import re
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
    one_value,
)


class Number(SingleBox):
    """A whole number between the schema's `minimum` and `maximum`."""

    base_schema: Mapping[str, Any] = {"type": "integer"}
    own_rules = frozenset({"format"})

    def parse(self, question: Question, posted: Posted) -> Reading:
        text, faults = one_value(posted, question.name)
        if not text or faults:
            return Reading(faults=faults)
        plain = text.replace(",", "").replace(" ", "")
        # Python refuses to read more than 4,300 digits; nothing asked here has more than a few.
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", plain):
            return Reading(faults=(Fault("format"),))
        return Reading(value=int(plain))

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        least, most = question.schema.get("minimum"), question.schema.get("maximum")
        if least is not None and value < least:
            return [Fault("minimum", {"limit": least})]
        if most is not None and value > most:
            return [Fault("maximum", {"limit": most})]
        return []

    def rules(self, question: Question) -> frozenset[str]:
        return super().rules(question) | ({"minimum", "maximum"} & question.schema.keys())

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        shown = super().show(question, posted, errors, heading=heading, optional=optional)
        digits = len(str(question.schema.get("maximum", 10**9)))
        size = next(size for size in (2, 3, 4, 5, 10, 20) if digits <= size)
        classes = f"govuk-input--width-{size}"
        shown.params.update({"inputmode": "numeric", "spellcheck": False, "classes": classes})
        return shown


TYPE = Number()
