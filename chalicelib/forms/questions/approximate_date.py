"""A date of which only a part may be known, or nothing."""

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
    Inner,
    Posted,
    Reading,
    SingleBox,
    fieldset,
    hint_and_error,
)

ESTIMATED, NOT_KNOWN = "estimated", "not_known"


def _number(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


class ApproximateDate(SingleBox):
    """Year, month and year, or a full date, which may be marked as estimated; or "not known"."""

    base_schema: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "year": _number(dates.EARLIEST, dates.LATEST),
            "month": _number(1, 12),
            "day": _number(1, 31),
            ESTIMATED: {"const": True},
            NOT_KNOWN: {"const": True},
        },
        "additionalProperties": False,
        "dependentRequired": {"day": ["month"]},
        "if": {"required": [NOT_KNOWN]},
        "then": {"maxProperties": 1},
        "else": {"required": ["year"]},
    }
    first: str | None = "day"
    own_rules = frozenset(
        {"incomplete", "format", "real_date", "minimum", "maximum", "exclusive", "enum"}
    )

    def parse(self, question: Question, posted: Posted) -> Reading:
        texts, faults = dates.read_boxes(question, posted)
        marks = [mark for mark in posted.get(f"{question.name}-{ESTIMATED}", ()) if mark]
        if faults or (not texts and not marks):
            return Reading(faults=tuple(faults))
        if any(mark not in (ESTIMATED, NOT_KNOWN) for mark in marks):
            return Reading(faults=(Fault("enum", part=ESTIMATED),))
        if NOT_KNOWN in marks:
            alone = not texts and ESTIMATED not in marks
            clash = Fault("exclusive", {"option": question.words[NOT_KNOWN]})
            return Reading(value={NOT_KNOWN: True}) if alone else Reading(faults=(clash,))
        return self._partial(question, texts, estimated=ESTIMATED in marks)

    def _partial(self, question: Question, texts: dict[str, str], *, estimated: bool) -> Reading:
        needed = [box for box in ("month", "year") if box == "year" or "day" in texts]
        missing = [box for box in needed if box not in texts]
        if missing:
            return Reading(faults=(dates.incomplete(question, missing),))
        given, faults = dates.numbers(question, texts)
        if not faults:
            faults = dates.calendar_faults(given.get("day"), given.get("month"), given["year"])
        if faults:
            return Reading(faults=tuple(faults[:1]))
        value: dict[str, Any] = {box: given[box] for box in reversed(dates.BOXES) if box in given}
        return Reading(value=value | ({ESTIMATED: True} if estimated else {}))

    def check(self, question: Question, value: Any, today: datetime.date) -> list[Fault]:
        if NOT_KNOWN in value:
            return []
        day, month, year = (value.get(box) for box in dates.BOXES)
        faults = dates.calendar_faults(day, month, year)
        return faults or dates.future_faults(
            question, datetime.date(year, month or 1, day or 1), today
        )

    def fill(self, question: Question, value: Any) -> dict[str, list[str]]:
        boxes = {f"{question.name}-{box}": [str(value[box])] for box in dates.BOXES if box in value}
        marks = [mark for mark in (ESTIMATED, NOT_KNOWN) if mark in value]
        return boxes | ({f"{question.name}-{ESTIMATED}": marks} if marks else {})

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        boxes = dates.date_input(question, posted, dates.faulty_boxes(errors))
        boxes["id"] = f"{question.name}-date"
        sent = posted.get(f"{question.name}-{ESTIMATED}", ())
        marks = {
            "idPrefix": f"{question.name}-{ESTIMATED}",
            "name": f"{question.name}-{ESTIMATED}",
            "classes": "govuk-checkboxes--small",
            "items": [
                {"value": mark, "text": question.words[f"date_{mark}"], "checked": mark in sent}
                for mark in (ESTIMATED, NOT_KNOWN)
            ],
        }
        params = {
            "id": question.name,
            "fieldset": fieldset(question, heading=heading, optional=optional),
            "parts": [Component("date-input", boxes), Component("checkboxes", marks)],
        }
        return Component("approximate-date", params | hint_and_error(question, errors))

    def summary(self, question: Question, value: Any) -> list[str]:
        if NOT_KNOWN in value:
            return [question.words[NOT_KNOWN]]
        text = dates.spoken(question, value.get("day"), value.get("month"), value["year"])
        return [f"{text} {question.words['in_brackets_estimated']}" if ESTIMATED in value else text]

    def export(self, question: Question, value: Any) -> dict[str, str]:
        precision = next((box for box in dates.BOXES if box in value), NOT_KNOWN)
        parts = [value[box] for box in reversed(dates.BOXES) if box in value]
        written = "-".join(
            f"{part:04}" if at == 0 else f"{part:02}" for at, part in enumerate(parts)
        )
        estimated = question.words["yes"] if ESTIMATED in value else ""
        return {
            question.name: written,
            f"{question.name}_precision": precision,
            f"{question.name}_estimated": estimated,
        }

    def rules(self, question: Question) -> frozenset[str]:
        future = {"not_future"} if question.schema.get("x-not-future") else set()
        return super().rules(question) | future

    def fault_of(self, question: Question, keyword: str, limit: Any, inner: Inner) -> Fault:
        part = str(inner[0]) if inner else None
        if keyword in ("required", "dependentRequired") and part:
            return dates.incomplete(question, [part])
        if keyword == "maxProperties":
            return Fault("exclusive", {"option": question.words[NOT_KNOWN]})
        if keyword in ("minimum", "maximum") and part == "year":
            return Fault(keyword, {"limit": limit}, part)
        return Fault("type") if part is None else Fault("real_date", part=part)


TYPE = ApproximateDate()
