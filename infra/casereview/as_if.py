"""Every rule's deadline and reminders as if its trigger happened on one day: pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from chalicelib.referrals.case import (
    YEAR_END,
    YEAR_END_DAY,
    YEAR_END_MONTH,
    Case,
    Deadline,
    KnownDate,
)
from chalicelib.referrals.clocks import clocks_of
from chalicelib.referrals.deadlines import compute
from chalicelib.referrals.explain import explain, trigger_label
from chalicelib.referrals.partnership import DeadlineRule, Partnership
from chalicelib.referrals.reminders import next_chase, reminder_dates
from chalicelib.referrals.working_days import WorkingCalendar


@dataclass(frozen=True)
class AsIf:
    """A rule and what would follow from it.

    `reminders` are before the deadline is late; one whose time would be past already goes on the
    day itself. `chased_from` is the first reminder after the due date, None when there is none.
    """

    rule: DeadlineRule
    deadline: Deadline
    counted_from: str
    reminders: tuple[date, ...]
    chased_from: date | None
    why: str


def case_deadlines(partnership: Partnership, stream: str, on: date) -> tuple[AsIf, ...]:
    """The rules of one stream's cases, in the file's order."""
    clocks = clocks_of(partnership, "", stream)
    return tuple(_as_if(partnership, rule, on, clocks.calendar) for rule in clocks.rules)


def year_deadlines(partnership: Partnership, streams: Iterable[str], on: date) -> tuple[AsIf, ...]:
    """The partnership's own rules, from the first year's end on or after the day."""
    ends = date(on.year, YEAR_END_MONTH, YEAR_END_DAY)
    if ends < on:
        ends = ends.replace(year=on.year + 1)
    calendar = clocks_of(partnership, "", "").calendar
    wanted = {*streams, "both"}
    return tuple(
        _as_if(partnership, rule, ends if rule.trigger == YEAR_END else on, calendar)
        for rule in partnership.yearly_rules()
        if rule.stream in wanted
    )


def _as_if(
    partnership: Partnership, rule: DeadlineRule, on: date, calendar: WorkingCalendar
) -> AsIf:
    case = Case(
        reference="",
        stream=rule.stream,
        received_at=datetime.combine(on, time(12), UTC),
        answered={rule.trigger: KnownDate(on)},
        facts=rule.when,  # as if each of its conditions held
    )
    (deadline,) = compute([rule], case, calendar)
    reminders = reminder_dates(rule, deadline, calendar)
    if rule.counted == "after":  # nobody can be reminded before it began
        reminders = tuple(sorted({max(day, on) for day in reminders}))
    due = deadline.due_on
    return AsIf(
        rule=rule,
        deadline=deadline,
        counted_from=trigger_label(rule.trigger, partnership.dates),
        reminders=reminders,
        chased_from=next_chase(rule, deadline, due, calendar) if rule.chased else None,
        why=explain(deadline, partnership.dates, calendar),
    )
