"""Deadlines and reminders from rules, dates and a calendar: pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.referrals.referral import Deadline, Reminder
from chalicelib.referrals.times import END_OF_DAY, MORNING, local_date, london_to_utc
from chalicelib.referrals.working_days import WorkingCalendar, add_months

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import DeadlineRule

_LEAD = re.compile(r"(\d{1,3}) (working day|calendar day|week|month)s?")


@dataclass(frozen=True)
class Trigger:
    """A London date that starts a clock; `estimated` when the person said that it is."""

    on: date
    estimated: bool = False


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


def date_answer(answer: Any) -> Trigger | None:
    """The date in an answer: `YYYY-MM-DD`, or an approximate date that has all its parts.

    A date without its day, or one not known, starts no clock.
    """
    try:
        if isinstance(answer, str):
            return Trigger(date.fromisoformat(answer))
        if isinstance(answer, Mapping):
            day = date(answer["year"], answer["month"], answer["day"])
            return Trigger(day, bool(answer.get("estimated")))
    except (KeyError, TypeError, ValueError):
        return None
    return None


def triggers(
    received_at: datetime, roles: Mapping[str, str], answers: Mapping[str, Any]
) -> dict[str, Trigger]:
    """Every date that is known at receipt, by trigger name."""
    found = {"received": Trigger(local_date(received_at))}
    for role, question in roles.items():
        trigger = date_answer(answers.get(question))
        if trigger is not None:
            found[f"answer:{role}"] = trigger
    return found


def compute(
    rules: Iterable["DeadlineRule"], known: Mapping[str, Trigger], calendar: WorkingCalendar
) -> tuple[Deadline, ...]:
    """The deadlines of the rules whose trigger is known, in the rules' order."""
    return tuple(
        _deadline(rule, known[rule.trigger], calendar) for rule in rules if rule.trigger in known
    )


def _deadline(rule: "DeadlineRule", trigger: Trigger, calendar: WorkingCalendar) -> Deadline:
    due_on = due_date(trigger.on, rule.length, rule.unit, calendar)
    return Deadline(
        rule=rule.id,
        label=rule.label,
        trigger=rule.trigger,
        trigger_on=trigger.on,
        due_on=due_on,
        due_at=london_to_utc(due_on, END_OF_DAY),
        act_by=calendar.on_or_before(due_on),
        responsible=rule.responsible,
        status=rule.status,
        source=rule.source,
        estimated=trigger.estimated,
    )


def due_date(trigger_on: date, length: int, unit: str, calendar: WorkingCalendar) -> date:
    """The London date a deadline falls on; `unit` as in `DeadlineRule`."""
    if unit == "working_days":
        return calendar.add(trigger_on, length)
    if unit == "months":
        return add_months(trigger_on, length)
    return trigger_on + timedelta(days=length)


def plan_reminders(
    rule: "DeadlineRule", deadline: Deadline, calendar: WorkingCalendar, now: datetime
) -> tuple[Reminder, ...]:
    """The reminders of one deadline, at 09:00 in London on working days, earliest first.

    Lead times count back from the last working day on or before the due date. Of reminders whose
    time is past only one is kept, due now: a late start gives one email, not one a lead time.
    """
    instants = sorted(
        {
            london_to_utc(_remind_on(deadline.act_by, lead_time(text), calendar), MORNING)
            for text in rule.remind_before
        }
    )
    past = [at for at in instants if at <= now]
    planned = ([now] if past else []) + [at for at in instants if at > now]
    return tuple(
        Reminder(f"{rule.id}#{number}", rule.id, rule.label, deadline.due_on, at)
        for number, at in enumerate(planned, start=1)
    )


def _remind_on(act_by: date, lead: LeadTime, calendar: WorkingCalendar) -> date:
    if lead.unit == "working day":
        return calendar.subtract(act_by, lead.count)
    if lead.unit == "month":
        return calendar.on_or_before(add_months(act_by, -lead.count))
    return calendar.on_or_before(act_by - timedelta(days=lead.count))


def next_due(
    rules: Sequence["DeadlineRule"], deadlines: Sequence[Deadline], today: date
) -> date | None:
    """The next due date that the team is told: of the deadlines it is reminded of, not yet past."""
    reminded = {rule.id for rule in rules if rule.remind_before}
    dates = [item.due_on for item in deadlines if item.rule in reminded and item.due_on >= today]
    return min(dates, default=None)
