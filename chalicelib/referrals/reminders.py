"""Which reminders a case should have: pure.

A reminder goes at 09:00 in London on a working day. Its id names the rule, the due date that it
tells and its day, so a deadline that moves away and back has the same reminders again, and none is
sent twice.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.referrals.case import Case, Deadline
from chalicelib.referrals.delivery import (
    LIVE,
    SCHEDULE_GRACE,
    Delivery,
    Kind,
    State,
    reminder_delivery_id,
)
from chalicelib.referrals.times import MORNING, local_date, london_to_utc
from chalicelib.referrals.working_days import WorkingCalendar, add_months

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import DeadlineRule

_LEAD = re.compile(r"(\d{1,3}) (working day|calendar day|week|month)s?")


@dataclass(frozen=True)
class LeadTime:
    """How long before a deadline a reminder goes: `unit` is working day, calendar day or month."""

    count: int
    unit: str


def lead_time(text: str) -> LeadTime:
    """`5 working days`, `0 working days`, `2 weeks`, `1 month`; raises ValueError otherwise."""
    match = _LEAD.fullmatch(text)
    if match is None:
        raise ValueError(text)
    count, unit = int(match[1]), match[2]
    return LeadTime(count * 7, "calendar day") if unit == "week" else LeadTime(count, unit)


def reminder_id(rule: str, due_on: date, day: date) -> str:
    """`acknowledge#20261204#20261203`: the rule, the due date it tells, the London day it goes."""
    return f"{rule}#{due_on:%Y%m%d}#{day:%Y%m%d}"


def rule_of(reminder: str) -> str:
    """The rule that a reminder's id names."""
    return reminder.partition("#")[0]


@dataclass(frozen=True)
class ReminderChanges:
    """What must change for a case's reminders to be right: both hold reminder deliveries."""

    add: tuple[Delivery, ...]
    cancel: tuple[Delivery, ...]


def plan(
    rules: Iterable["DeadlineRule"],
    before: Case | None,
    after: Case,
    existing: Iterable[Delivery],
    calendar: WorkingCalendar,
    now: datetime,
) -> ReminderChanges:
    """From the reminders that exist to those that the changed case should have.

    Of the lead times that are past when a deadline starts or moves, one reminder goes, now: a late
    start gives one email, not one a lead time. A deadline that stays as it was keeps the reminders
    that it has, unless rules or calendar changed and nobody was told yet. `before` is None for a
    new case.
    """
    by_rule = {rule.id: rule for rule in rules}
    rows = {row.id: row for row in existing}
    wanted: dict[str, Delivery] = {}
    for deadline in after.deadlines:
        rule = by_rule.get(deadline.rule)
        if rule is not None and deadline.is_open:
            old = None if before is None else before.deadline(rule.id)
            told = any(_is_told(row, deadline, now) for row in rows.values())
            started = not (told and _same_clock(old, deadline))
            instants = [
                *_chase_instants(rule, deadline, after, rows, calendar, now),
                *_lead_instants(rule, deadline, calendar, now, started=started),
            ]
            wanted |= {row.id: row for row in _rows(rule, deadline, after, instants)}
    finished = (State.SENT, State.CANCELLED)
    return ReminderChanges(
        add=tuple(row for row in wanted.values() if _may_add(rows.get(row.id))),
        cancel=tuple(
            row
            for row in rows.values()
            if row.state not in finished
            and row.id not in wanted
            and not any(_is_told(row, deadline, now) for deadline in after.deadlines)
        ),
    )


def _same_clock(old: Deadline | None, new: Deadline) -> bool:
    if old is None or not old.is_open:
        return False
    return (old.due_on, old.act_by) == (new.due_on, new.act_by)


def _is_told(row: Delivery, deadline: Deadline, now: datetime) -> bool:
    """Whether a reminder's time has come, and what it tells is still so."""
    wanted = row.state is not State.CANCELLED and _is_of(row, deadline)
    return wanted and deadline.is_open and _time(row) <= now


def _may_add(row: Delivery | None) -> bool:
    return row is None or row.state is State.CANCELLED


def _is_of(row: Delivery, deadline: Deadline) -> bool:
    return rule_of(row.reminder or "") == deadline.rule and row.due_on == deadline.due_on


def _chase_instants(
    rule: "DeadlineRule",
    deadline: Deadline,
    case: Case,
    rows: Mapping[str, Delivery],
    calendar: WorkingCalendar,
    now: datetime,
) -> list[datetime]:
    """When a deadline is chased next: as planned before, unless that is no good any more."""
    if not rule.chased:
        return []
    day = next_chase(rule, deadline, local_date(now), calendar)
    while _is_spent(rows.get(_row_id(case, rule, deadline, day))):
        day = next_chase(rule, deadline, day, calendar)
    coming = [
        _time(row)
        for row in rows.values()
        if _is_of(row, deadline) and is_chase(row) and row.state in LIVE and _time(row) > now
    ]
    planned = (at for at in coming if calendar.is_working(local_date(at)))
    return [at for at in planned if local_date(at) <= day] or [_at(day)]


def _is_spent(row: Delivery | None) -> bool:
    # A schedule may start a reminder before its day.
    return row is not None and row.state in (State.SENT, State.FAILED)


def _lead_instants(
    rule: "DeadlineRule",
    deadline: Deadline,
    calendar: WorkingCalendar,
    now: datetime,
    *,
    started: bool,
) -> list[datetime]:
    instants = [_at(day) for day in reminder_dates(rule, deadline, calendar)]
    coming = [at for at in instants if at > now]
    if started and len(coming) < len(instants):
        return [now, *(at for at in coming if local_date(at) != local_date(now))]
    return coming


def reminder_dates(
    rule: "DeadlineRule", deadline: Deadline, calendar: WorkingCalendar
) -> tuple[date, ...]:
    """The days on which a rule reminds of a deadline before it is late, earliest first.

    Lead times count back from the last working day on or before the due date.
    """
    leads = (lead_time(text) for text in rule.remind_before)
    return tuple(sorted({_remind_on(deadline.act_by, lead, calendar) for lead in leads}))


def next_chase(
    rule: "DeadlineRule", deadline: Deadline, last: date, calendar: WorkingCalendar
) -> date:
    """The day on which a late deadline is chased next, when it was last chased (or is read)."""
    week_on = rule.remind_overdue == "weekly" and last > deadline.due_on
    return calendar.on_or_after(max(deadline.due_on, last) + timedelta(days=7 if week_on else 1))


def chase(
    rule: "DeadlineRule", case: Case, row: Delivery, calendar: WorkingCalendar, now: datetime
) -> Delivery | None:
    """The reminder that follows one about a late deadline; None when that is open no more."""
    deadline = case.deadline(rule.id)
    if deadline is None or not deadline.is_open or not _is_of(row, deadline):
        return None
    last = max(local_date(now), local_date(_time(row)))
    day = next_chase(rule, deadline, last, calendar)
    return next(iter(_rows(rule, deadline, case, [_at(day)])))


def is_chase(row: Delivery) -> bool:
    """Whether a reminder is about a deadline that is late by its own day."""
    return row.at is not None and row.due_on is not None and local_date(row.at) > row.due_on


def has_later(row: Delivery, reminders: Iterable[Delivery]) -> bool:
    """Whether another reminder of the same deadline and due date is still to go after this one."""
    return any(
        other.state in LIVE
        and rule_of(other.reminder or "") == rule_of(row.reminder or "")
        and other.due_on == row.due_on
        and _time(other) > _time(row)
        for other in reminders
    )


def _time(row: Delivery) -> datetime:
    return row.at or row.check_at


def _remind_on(act_by: date, lead: LeadTime, calendar: WorkingCalendar) -> date:
    if lead.unit == "working day":
        return calendar.subtract(act_by, lead.count)
    if lead.unit == "month":
        return calendar.on_or_before(add_months(act_by, -lead.count))
    return calendar.on_or_before(act_by - timedelta(days=lead.count))


def _at(day: date) -> datetime:
    return london_to_utc(day, MORNING)


def _row_id(case: Case, rule: "DeadlineRule", deadline: Deadline, day: date) -> str:
    return reminder_delivery_id(case.reference, reminder_id(rule.id, deadline.due_on, day))


def _rows(
    rule: "DeadlineRule", deadline: Deadline, case: Case, instants: Iterable[datetime]
) -> Iterable[Delivery]:
    for at in instants:
        reminder = reminder_id(rule.id, deadline.due_on, local_date(at))
        yield Delivery(
            id=_row_id(case, rule, deadline, local_date(at)),
            kind=Kind.REMINDER_EMAIL,
            reference=case.reference,
            stream=case.stream,
            check_at=at + SCHEDULE_GRACE,
            reminder=reminder,
            label=rule.told_as,
            at=at,
            due_on=deadline.due_on,
        )
