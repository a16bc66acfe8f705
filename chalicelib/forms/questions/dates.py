"""What the two kinds of date question share: three boxes, and the rules of the calendar."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from chalicelib.forms.definition import Question
from chalicelib.forms.questions.base import Errors, Fault, Posted, one_value, typed

BOXES = ("day", "month", "year")
EARLIEST, LATEST = 1900, 2100
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_SIZES = {"day": 2, "month": 2, "year": 4}


def london_today() -> date:
    """The day in London: around midnight in summer it is not the day in UTC."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Europe/London")).date()


def read_boxes(question: Question, posted: Posted) -> tuple[dict[str, str], list[Fault]]:
    """What is in each box that is not blank, and a fault for each that was sent twice."""
    texts, faults = {}, []
    for box in BOXES:
        text, sent_twice = one_value(posted, f"{question.name}-{box}")
        if text:
            texts[box] = text
        faults += [Fault(fault.rule, part=box) for fault in sent_twice]
    return texts, faults


def numbers(question: Question, texts: dict[str, str]) -> tuple[dict[str, int], list[Fault]]:
    """The boxes as numbers; a month may be given by its name or the start of it."""
    given, faults = {}, []
    for box, text in texts.items():
        number = _month(question, text) if box == "month" else _digits(text, _SIZES[box])
        if number is None:
            faults.append(Fault("format", part=box))
        else:
            given[box] = number
    return given, faults


def _digits(text: str, size: int) -> int | None:
    return int(text) if re.fullmatch(f"[0-9]{{1,{size}}}", text) else None


def _month(question: Question, text: str) -> int | None:
    start = text.lower().rstrip(".")
    if len(start) < 3 or not start.isalpha():
        return _digits(text, 2)
    names = [question.words[name].lower() for name in MONTHS]
    return next((at for at, name in enumerate(names, 1) if name.startswith(start)), None)


def incomplete(question: Question, missing: Sequence[str]) -> Fault:
    """One fault for the boxes that must not be blank; it leads to the first of them."""
    words = [question.words[box].lower() for box in missing]
    listed = f" {question.words['and']} a ".join(words)
    return Fault("incomplete", {"parts": listed, "boxes": tuple(missing)}, part=missing[0])


def calendar_faults(day: int | None, month: int | None, year: int) -> list[Fault]:
    """What is wrong with the numbers: not in the calendar, or not in years that can be meant."""
    if year < EARLIEST:
        return [Fault("minimum", {"limit": EARLIEST}, part="year")]
    if year > LATEST:
        return [Fault("maximum", {"limit": LATEST}, part="year")]
    wrong_month = month is not None and not 1 <= month <= 12
    if wrong_month:
        return [Fault("real_date", part="month")]
    if day is None or month is None:
        return []
    last = calendar.monthrange(year, month)[1]
    return (
        [] if 1 <= day <= last else [Fault("real_date", part="day" if not 1 <= day <= 31 else None)]
    )


def future_faults(question: Question, earliest: date, today: date) -> list[Fault]:
    """A fault when even the earliest day that the answer can mean is still to come."""
    allowed = not question.schema.get("x-not-future") or earliest <= today
    return [] if allowed else [Fault("not_future")]


def date_input(question: Question, posted: Posted, faulty: Iterable[str]) -> dict[str, Any]:
    """Parameters of the date-input macro without legend; only faulty boxes are marked."""
    marked = set(faulty)
    items = []
    for box in BOXES:
        error = " govuk-input--error" if box in marked else ""
        items.append(
            {
                "id": f"{question.name}-{box}",
                "name": f"{question.name}-{box}",
                "label": question.words[box],
                "classes": f"govuk-input--width-{_SIZES[box]}{error}",
                "value": typed(posted, f"{question.name}-{box}"),
                "autocomplete": "off",
            }
        )
    return {"id": question.name, "items": items}


def faulty_boxes(errors: Errors) -> set[str]:
    """The boxes to mark: those named, or all three when the whole date is at fault."""
    named = {part for part, _ in errors if part is not None}
    return named & set(BOXES) if named or not errors else set(BOXES)


def spoken(question: Question, day: int | None, month: int | None, year: int) -> str:
    """A date as written in the language: "14 March 2026", "March 2026" or "2026"."""
    named = question.words[MONTHS[month - 1]] if month else ""
    return " ".join(str(part) for part in (day or "", named, year) if part)
