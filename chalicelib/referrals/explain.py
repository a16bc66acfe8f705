"""Why a deadline falls on its day, in words that a person can check against a calendar: pure.

For staff only: it says when something was late, which no referrer is ever told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chalicelib.referrals.case import RECEIVED, Deadline, DeadlineState
from chalicelib.referrals.deadlines import date_after
from chalicelib.referrals.times import say_date
from chalicelib.referrals.working_days import (
    ADDED,
    WorkingCalendar,
    add_months,
    known_from,
    known_until,
)

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import DateName

# Dates that are in no partnership's `[dates]`.
_OWN_DATES = {RECEIVED: "the referral was received", "year_end": "the financial year ended"}
_UNITS = {"working_days": "working day", "calendar_days": "calendar day", "months": "month"}
_SATURDAY = 5


@dataclass(frozen=True)
class Duty:
    """One act and the clocks that run for it. `note` says how to read several; empty for one."""

    act: str
    deadlines: tuple[Deadline, ...]
    note: str


def duties(deadlines: Iterable[Deadline]) -> tuple[Duty, ...]:
    """Deadlines by the act that meets them, in the order in which each act first comes."""
    by_act: dict[str, list[Deadline]] = {}
    for deadline in deadlines:
        by_act.setdefault(deadline.act, []).append(deadline)
    return tuple(Duty(act, tuple(items), _note(items)) for act, items in by_act.items())


def _note(deadlines: Sequence[Deadline]) -> str:
    if len(deadlines) < 2:
        return ""
    earliest = min(deadline.due_on for deadline in deadlines)
    return (
        f"{len(deadlines)} readings of one duty: each is shown, and none stands for another."
        f" The earliest date is {say_date(earliest)}."
    )


def explain(deadline: Deadline, dates: "Mapping[str, DateName]", calendar: WorkingCalendar) -> str:
    """How the due date follows from the date that it counts from: `15 working days after ...`.

    `dates` are the partnership's, for what the date is called. A closed deadline stays as it was
    computed, so it may not follow from today's calendar; then nothing is said of skipped days.
    """
    sentences = (
        _count(deadline, dates, calendar),
        _day_zero(deadline, calendar),
        _month_end(deadline, calendar),
        _occurrence(deadline, calendar),
        _not_a_working_day(deadline, calendar),
        _window(deadline),
        "The date that it counts from was given as an estimate." if deadline.estimated else "",
        _unknown_holidays(deadline),
        _closed(deadline),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def trigger_label(name: str, dates: "Mapping[str, DateName]") -> str:
    """What happened on a date: the partnership's label, or its name when it has none (now)."""
    if name in dates:
        return dates[name].label
    return _OWN_DATES.get(name, name.replace("_", " "))


def _count(deadline: Deadline, dates: "Mapping[str, DateName]", calendar: WorkingCalendar) -> str:
    trigger = f"{say_date(deadline.trigger_on)} ({trigger_label(deadline.trigger, dates)})"
    if deadline.length == 0:
        return f"The same day: {trigger}."
    amount = plural(deadline.length, _UNITS[deadline.unit])
    text = f"{amount} {deadline.counted} {trigger}"
    if deadline.unit == "calendar_days":
        return f"{text}, weekends and bank holidays among them."
    if deadline.unit == "months":
        return f"{text}."
    if not _follows(deadline, calendar):
        return f"{text}, as the bank holidays were known when it was computed."
    skipped = _skipped(deadline, calendar)
    return f"{text}, skipping {listed(skipped)}." if skipped else f"{text}."


def _first_due(deadline: Deadline, calendar: WorkingCalendar) -> date:
    """The due date of the first occurrence, by today's calendar."""
    on, length = deadline.trigger_on, deadline.length
    if deadline.counted == "after":
        return date_after(on, length, deadline.unit, calendar)
    if deadline.unit == "working_days":
        return calendar.subtract(on, length)
    return add_months(on, -length) if deadline.unit == "months" else on - timedelta(days=length)


def _follows(deadline: Deadline, calendar: WorkingCalendar) -> bool:
    first = _first_due(deadline, calendar)
    return add_months(first, _months_between(first, deadline.due_on)) == deadline.due_on and (
        deadline.occurrence > 0 or first == deadline.due_on
    )


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _skipped(deadline: Deadline, calendar: WorkingCalendar) -> list[str]:
    """The weekends and bank holidays between day 0 (or day 1) and the due date."""
    due = _first_due(deadline, calendar)
    if deadline.counted == "before":
        first, last = due, calendar.on_or_before(deadline.trigger_on)
    else:
        first, last = calendar.on_or_after(deadline.trigger_on), due
    # Both ends are working days, so every weekend between them is whole.
    days = (first + timedelta(days=step) for step in range((last - first).days))
    weekends = sum(day.weekday() == _SATURDAY for day in days)
    names = Counter(calendar.holiday(day) for day in calendar.holidays_skipped(first, last))
    holidays = [
        f"{count} extra bank holidays" if name == ADDED and count > 1 else str(name)
        for name, count in names.items()
        for _ in range(1 if name == ADDED else count)
    ]
    return [plural(weekends, "weekend"), *holidays] if weekends else holidays


def _day_zero(deadline: Deadline, calendar: WorkingCalendar) -> str:
    """Which day is day 0 or 1 after (or before) a trigger that is no working day."""
    on = deadline.trigger_on
    counted = deadline.unit == "working_days" and _follows(deadline, calendar)
    if not counted or calendar.is_working(on):
        return ""
    before = deadline.counted == "before"
    start = calendar.on_or_before(on) if before else calendar.on_or_after(on)
    between = calendar.holidays_skipped(min(on, start), max(on, start))
    others = [str(calendar.holiday(day)) for day in between if day != on]
    reason = f"{say_date(on)} is {calendar.holiday(on) or 'not a working day'}"
    if others:
        reason += f", {'after' if before else 'before'} {listed(others)}"
    if before:
        return f"{reason}, so the last working day before it, {say_date(start)}, is day 0."
    if deadline.length == 0:
        return f"{reason}, so it falls on {say_date(start)}."
    if calendar.count_from == "deemed_received":
        return f"{reason}, so it counts as received on {say_date(start)}, which is day 0."
    return f"{reason}, so {say_date(start)} is day 1."


def _month_end(deadline: Deadline, calendar: WorkingCalendar) -> str:
    months = deadline.unit == "months"
    origin = deadline.trigger_on if months else _first_due(deadline, calendar)
    if not months and deadline.occurrence == 0:
        return ""
    due = deadline.due_on
    if due.day >= origin.day:
        return ""
    return f"{due:%B %Y} has no {_ordinal(origin.day)}, so it falls on the month's last day."


def _occurrence(deadline: Deadline, calendar: WorkingCalendar) -> str:
    if deadline.occurrence == 0:
        return ""
    months = _months_between(_first_due(deadline, calendar), deadline.due_on)
    every = months // deadline.occurrence
    often = {1: "month", 12: "year"}.get(every, f"{every} months")
    return f"It comes round every {often}; this is the {_ordinal(deadline.occurrence + 1)} time."


def _not_a_working_day(deadline: Deadline, calendar: WorkingCalendar) -> str:
    if deadline.act_by == deadline.due_on:
        return ""
    due, act_by = deadline.due_on, say_date(deadline.act_by)
    reason = calendar.holiday(due) or "not a working day"
    return f"{say_date(due)} is {reason}; the last working day before it is {act_by}."


def _window(deadline: Deadline) -> str:
    if deadline.window_on is None:
        return ""
    return f"Its window opens on {say_date(deadline.window_on)}."


def _unknown_holidays(deadline: Deadline) -> str:
    counted = [deadline.due_on]
    if deadline.unit == "working_days":
        counted.append(deadline.trigger_on)
    if max(counted) > known_until():
        last = say_date(known_until()).partition(" ")[2]
        effect = "move this date" if deadline.unit == "working_days" else "fall on this date"
        return f"Bank holidays are known up to {last} only: later ones may {effect}."
    if min(counted) < known_from():
        first = say_date(known_from()).partition(" ")[2]
        return f"Bank holidays before {first} are not known, and none is skipped."
    return ""


def _closed(deadline: Deadline) -> str:
    on = deadline.closed_on
    if deadline.is_open or on is None:
        return ""
    if deadline.state is DeadlineState.WITHDRAWN:
        return f"Withdrawn on {say_date(on)}."
    if deadline.state is DeadlineState.NOT_APPLICABLE:
        return f"Set aside on {say_date(on)}: it does not apply."
    if not deadline.met_late:
        return f"Met on {say_date(on)}."
    days = plural((on - deadline.due_on).days, "day")
    # A prompt is another's duty: nobody here was late.
    late = f"{days} late" if deadline.kind == "deadline" else f"{days} after that day"
    return f"Met on {say_date(on)}, {late}."


def plural(count: int, noun: str) -> str:
    """`1 weekend`, `2 weekends`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def _ordinal(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
