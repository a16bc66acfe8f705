"""A full date in three boxes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from chalicelib.forms.definition import Question
from chalicelib.forms.questions import dates
from chalicelib.forms.questions.base import (
    Component,
    Errors,
    Fault,
    Posted,
    Reading,
    SingleBox,
    fieldset,
    hint_and_error,
)


class Date(SingleBox):
    """The answer is "YYYY-MM-DD", 1900 to 2100; `x-not-future` allows no later day than today."""

    base_schema: Mapping[str, Any] = {
        "type": "string",
        "format": "date",
        "pattern": "^(19[0-9][0-9]|20[0-9][0-9]|2100)-[0-9][0-9]-[0-9][0-9]$",
    }
    first: str | None = "day"
    keywords: Mapping[str, str] = {"format": "real_date", "pattern": "real_date"}
    own_rules = frozenset({"incomplete", "format", "real_date", "minimum", "maximum"})

    def parse(self, question: Question, posted: Posted) -> Reading:
        texts, faults = dates.read_boxes(question, posted)
        if not texts or faults:
            return Reading(faults=tuple(faults))
        missing = [box for box in dates.BOXES if box not in texts]
        if missing:
            return Reading(faults=(dates.incomplete(question, missing),))
        given, faults = dates.numbers(question, texts)
        faults = faults[:1] or dates.calendar_faults(given["day"], given["month"], given["year"])
        if faults:
            return Reading(faults=tuple(faults))
        return Reading(value=f"{given['year']:04}-{given['month']:02}-{given['day']:02}")

    def check(self, question: Question, value: Any, today: datetime.date) -> list[Fault]:
        try:
            day = datetime.datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return [Fault("real_date")]
        faults = dates.calendar_faults(day.day, day.month, day.year)
        return faults or dates.future_faults(question, day, today)

    def fill(self, question: Question, value: Any) -> dict[str, list[str]]:
        year, month, day = str(value).split("-")
        boxes = {"day": str(int(day)), "month": str(int(month)), "year": year}
        return {f"{question.name}-{box}": [text] for box, text in boxes.items()}

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        params = dates.date_input(question, posted, dates.faulty_boxes(errors))
        params["fieldset"] = fieldset(question, heading=heading, optional=optional)
        return Component("date-input", params | hint_and_error(question, errors))

    def summary(self, question: Question, value: Any) -> list[str]:
        year, month, day = (int(part) for part in str(value).split("-"))
        return [dates.spoken(question, day, month, year)]

    def rules(self, question: Question) -> frozenset[str]:
        future = {"not_future"} if question.schema.get("x-not-future") else set()
        return super().rules(question) | future


TYPE = Date()
