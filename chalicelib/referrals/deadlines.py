"""Deadlines from rules, dates and a calendar: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.referrals.case import (
    RECEIVED,
    Case,
    Deadline,
    DeadlineState,
    KnownDate,
    Settled,
    Settlement,
)
from chalicelib.referrals.times import END_OF_DAY, local_date, london_to_utc
from chalicelib.referrals.working_days import WorkingCalendar, add_months

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import DeadlineRule

NOT_KNOWN = "not_known"
_CLOSED = {
    Settled.MET: DeadlineState.MET,
    Settled.WITHDRAWN: DeadlineState.WITHDRAWN,
    Settled.NOT_APPLICABLE: DeadlineState.NOT_APPLICABLE,
}


def date_answer(answer: Any) -> KnownDate | None:
    """The date in an answer: `YYYY-MM-DD`, or an approximate date that has all its parts.

    A date without its day, or one not known, starts no clock.
    """
    try:
        if isinstance(answer, str):
            return KnownDate(date.fromisoformat(answer))
        if isinstance(answer, Mapping):
            day = date(answer["year"], answer["month"], answer["day"])
            return KnownDate(day, bool(answer.get("estimated")))
    except (KeyError, TypeError, ValueError):
        return None
    return None


def answered_dates(
    received_at: datetime, roles: Mapping[str, str], answers: Mapping[str, Any]
) -> dict[str, KnownDate]:
    """Every date that is known at receipt, by name: `received`, and those that the form answers."""
    found = {RECEIVED: KnownDate(local_date(received_at))}
    for role, question in roles.items():
        known = date_answer(answers.get(question))
        if known is not None:
            found[role] = known
    return found


def facts(
    rules: Iterable["DeadlineRule"], roles: Mapping[str, str], answers: Mapping[str, Any]
) -> dict[str, tuple[str, ...]]:
    """What was answered to the questions that the rules' conditions name by their role.

    A question that is asked of every item of a list (each child) has all their answers, `not_known`
    among them when it was not answered of one.
    """
    wanted = sorted({role for rule in rules for role in rule.when})
    return {role: _answers_to(roles[role], answers) for role in wanted if role in roles}


def _answers_to(question: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    lists = (value for value in answers.values() if isinstance(value, list))
    items = ([one for one in value if isinstance(one, Mapping)] for value in lists)
    asked = (group for group in ([answers], *items) if any(question in one for one in group))
    given = (text for group in asked for one in group for text in _texts(one.get(question)))
    return tuple(sorted(set(given)))


def _texts(answer: Any) -> tuple[str, ...]:
    several = answer if isinstance(answer, list) else [answer]
    return tuple(text for text in several if isinstance(text, str)) or (NOT_KNOWN,)


def applies(rule: "DeadlineRule", known_facts: Mapping[str, Sequence[str]]) -> bool:
    """Whether a rule's condition holds; what was not answered is not known."""
    return all(
        set(known_facts.get(role) or (NOT_KNOWN,)).intersection(allowed)
        for role, allowed in rule.when.items()
    )


def compute(
    rules: Iterable["DeadlineRule"], case: Case, calendar: WorkingCalendar
) -> tuple[Deadline, ...]:
    """The deadlines of a case, in the rules' order: of rules that apply and whose trigger is known.

    A deadline that was closed stays as it was computed then, unless its trigger has moved. While a
    case is closed what was open of it is withdrawn: reopened, it is open again.
    """
    known = case.known()
    computed = []
    for rule in rules:
        settlement = case.settled.get(rule.act)
        if rule.trigger in known and (settlement or applies(rule, case.facts)):
            new = _unless_over(_deadline(rule, known, settlement, calendar), case)
            computed.append(_unless_closed(new, case.deadline(rule.id)))
    return tuple(computed)


def _unless_over(new: Deadline, case: Case) -> Deadline:
    closed_on = case.work.closed_on
    if closed_on is None or not new.is_open:
        return new
    return replace(new, state=DeadlineState.WITHDRAWN, closed_on=closed_on)


def _unless_closed(new: Deadline, old: Deadline | None) -> Deadline:
    if old is None or old.is_open or new.is_open or old.trigger_on != new.trigger_on:
        return new
    return replace(old, state=new.state, closed_on=new.closed_on, estimated=new.estimated)


def _deadline(
    rule: "DeadlineRule",
    known: Mapping[str, KnownDate],
    settlement: Settlement | None,
    calendar: WorkingCalendar,
) -> Deadline:
    trigger = known[rule.trigger]
    occurrence = settlement.occurrence if settlement else 0
    due_on = due_date(rule, trigger.on, calendar, occurrence)
    opens = rule.window_from
    state, closed_on = _state(rule, known, settlement)
    return Deadline(
        rule=rule.id,
        act=rule.act,
        kind=rule.kind,
        label=rule.label,
        trigger=rule.trigger,
        trigger_on=trigger.on,
        length=rule.length,
        unit=rule.unit,
        counted=rule.counted,
        due_on=due_on,
        due_at=london_to_utc(due_on, END_OF_DAY),
        act_by=calendar.on_or_before(due_on),
        responsible=rule.responsible,
        status=rule.status,
        source=rule.source,
        estimated=trigger.estimated,
        window_on=None if opens is None else date_after(trigger.on, opens, rule.unit, calendar),
        occurrence=occurrence,
        state=state,
        closed_on=closed_on,
    )


def _state(
    rule: "DeadlineRule", known: Mapping[str, KnownDate], settlement: Settlement | None
) -> tuple[DeadlineState, date | None]:
    if settlement is not None and settlement.kind in _CLOSED:
        return _CLOSED[settlement.kind], settlement.on
    if rule.met_by in known:
        return DeadlineState.MET, known[rule.met_by].on
    return DeadlineState.OPEN, None


def due_date(
    rule: "DeadlineRule", trigger_on: date, calendar: WorkingCalendar, occurrence: int = 0
) -> date:
    """The London date that a rule's deadline falls on; `occurrence` counts from 0."""
    if rule.unit == "months":
        months = rule.length + occurrence * (rule.repeats_months or 0)
        return add_months(trigger_on, -months if rule.counted == "before" else months)
    if rule.counted == "after":
        first = date_after(trigger_on, rule.length, rule.unit, calendar)
        return add_months(first, occurrence * (rule.repeats_months or 0))
    if rule.unit == "working_days":
        return calendar.subtract(trigger_on, rule.length)
    return trigger_on - timedelta(days=rule.length)


def date_after(trigger_on: date, length: int, unit: str, calendar: WorkingCalendar) -> date:
    """The London date so many units after a date, which is day 0."""
    if unit == "working_days":
        return calendar.add(trigger_on, length)
    if unit == "months":
        return add_months(trigger_on, length)
    return trigger_on + timedelta(days=length)


def next_occurrence(
    rule: "DeadlineRule", deadline: Deadline, done_on: date, calendar: WorkingCalendar
) -> int:
    """Which occurrence of a repeating deadline comes after the one that was done on a day.

    Done early, the present one does not come again; done late, those that were missed are not made
    up for. A day up to the due date before was that one's: a check told again, or its day
    corrected, does not let the present one pass.
    """
    present = deadline.occurrence
    if present and done_on <= due_date(rule, deadline.trigger_on, calendar, present - 1):
        return present
    return max(present + 1, occurrence_after(rule, deadline.trigger_on, done_on, calendar))


def occurrence_after(
    rule: "DeadlineRule", trigger_on: date, day: date, calendar: WorkingCalendar
) -> int:
    """The first occurrence of a repeating deadline that falls due after a day."""
    occurrence = 0
    while due_date(rule, trigger_on, calendar, occurrence) <= day:
        occurrence += 1
    return occurrence


def next_due(
    rules: Sequence["DeadlineRule"], deadlines: Sequence[Deadline], today: date
) -> date | None:
    """The next due date that the team is told: of the deadlines it is reminded of, not yet past."""
    reminded = {rule.id for rule in rules if rule.remind_before and rule.kind == "deadline"}
    dates = [
        item.due_on
        for item in deadlines
        if item.rule in reminded and item.is_open and item.due_on >= today
    ]
    return min(dates, default=None)
