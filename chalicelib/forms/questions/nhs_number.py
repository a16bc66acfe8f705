"""An NHS number: ten digits, the last of which checks the others."""

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

PATTERN = "^[0-9]{10}$"
_BETWEEN = re.compile("[ \u00a0\t\u2010-\u2015-]")  # the blanks and dashes of copied numbers


class NhsNumber(SingleBox):
    """Ten digits. A wrong check digit is worth a second look, but records have errors: accepted."""

    base_schema: Mapping[str, Any] = {"type": "string", "pattern": PATTERN}
    own_rules = frozenset({"format"})
    keywords: Mapping[str, str] = {"pattern": "format"}

    def parse(self, question: Question, posted: Posted) -> Reading:
        text, faults = one_value(posted, question.name)
        return Reading(value=_BETWEEN.sub("", text) or None, faults=faults)

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        return [] if re.fullmatch(PATTERN, value) else [Fault("format")]

    def warn(self, question: Question, value: Any) -> list[Fault]:
        return [] if check_digit_agrees(value) else [Fault("check_digit")]

    def warning_rules(self, question: Question) -> frozenset[str]:
        return super().warning_rules(question) | {"check_digit"}

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        shown = super().show(question, posted, errors, heading=heading, optional=optional)
        shown.params.update(
            {"inputmode": "numeric", "spellcheck": False, "classes": "govuk-input--width-10"}
        )
        return shown

    def summary(self, question: Question, value: Any) -> list[str]:
        return [f"{value[:3]} {value[3:6]} {value[6:]}"]


def check_digit_agrees(number: str) -> bool:
    """The modulus 11 check of ten digits (NHS Data Dictionary, NHS NUMBER)."""
    weighted = sum(
        int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)
    )
    # A remainder that would need 10 as its digit agrees with none: such numbers are not issued.
    return (11 - weighted % 11) % 11 == int(number[9])


TYPE = NhsNumber()
