"""A time of day, however people write it."""

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

PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_TYPED = re.compile(r"([0-9]{1,2})(?:[:. ]?([0-9]{2}))?(?: ?([ap])\.?m\.?)?", re.IGNORECASE)


class Time(SingleBox):
    """The answer is "HH:MM" by the 24-hour clock."""

    base_schema: Mapping[str, Any] = {"type": "string", "pattern": PATTERN}
    own_rules = frozenset({"format"})
    keywords: Mapping[str, str] = {"pattern": "format"}

    def parse(self, question: Question, posted: Posted) -> Reading:
        text, faults = one_value(posted, question.name)
        if not text or faults:
            return Reading(faults=faults)
        value = clock_time(text, question.words["midday"], question.words["midnight"])
        return Reading(value=value) if value else Reading(faults=(Fault("format"),))

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        return [] if re.fullmatch(PATTERN, value) else [Fault("format")]

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        shown = super().show(question, posted, errors, heading=heading, optional=optional)
        shown.params.update({"classes": "govuk-input--width-5", "spellcheck": False})
        return shown


def clock_time(text: str, midday: str = "midday", midnight: str = "midnight") -> str | None:
    """`14:30`, `2:30pm`, `1430`, `2.30 pm`, `2pm`, `midday` as "HH:MM"; None when it is no time.

    A bare hour ("9") could be morning or evening, so it is not taken as a time.
    """
    words = {midday.lower(): "12:00", "noon": "12:00", midnight.lower(): "00:00"}
    if text.lower() in words:
        return words[text.lower()]
    match = _TYPED.fullmatch(text)
    if match is None or (match[2] is None and match[3] is None):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour <= 23 and minute <= 59 else None


TYPE = Time()
