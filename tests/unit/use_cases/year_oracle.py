"""Which reminders a history should bring: worked out a second time, from the words of the rules.

Uses the `holidays` package and no code of the product but the rules themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

from chalicelib.referrals.partnership import DeadlineRule

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """From `at` on these dates are known, and these rules are set aside or not."""

    at: datetime
    known: Mapping[str, date]
    aside: frozenset[str]


Expected = set[tuple[str, date, date]]


def expected(rule: DeadlineRule, history: Sequence[Moment], until: datetime) -> Expected:
    """(rule, due date, day of the reminder) for every reminder that should have been sent."""
    found: Expected = set()
    if not rule.remind_before:
        return found
    for start, end, due in _stretches(rule, history, until):
        if due is not None:
            found |= {(rule.id, due, day) for day in _days(rule, due, start, end)}
    return found


def _stretches(
    rule: DeadlineRule, history: Sequence[Moment], until: datetime
) -> Iterable[tuple[datetime, datetime, date | None]]:
    """The times for which one due date stood; None while there was nothing to do."""
    start, standing = history[0].at, _due(rule, history[0])
    for moment in history[1:]:
        due = _due(rule, moment)
        if due != standing:
            yield start, moment.at, standing
            start, standing = moment.at, due
    yield start, until, standing


def _due(rule: DeadlineRule, moment: Moment) -> date | None:
    trigger = moment.known.get(rule.trigger)
    if trigger is None or rule.act in moment.aside or rule.met_by in moment.known:
        return None
    sign = -1 if rule.counted == "before" else 1
    if rule.unit == "months":
        moved: date = trigger + relativedelta(months=sign * rule.length)
        return moved
    if rule.unit == "calendar_days":
        return trigger + sign * rule.length * DAY
    return _step(trigger, sign, rule.length)


def _days(rule: DeadlineRule, due: date, start: datetime, end: datetime) -> set[date]:
    lead_days = {_lead_day(text, due) for text in rule.remind_before}
    days = {day for day in lead_days if start < _nine(day) < end}
    started_on = start.astimezone(LONDON).date()
    if any(_nine(day) <= start for day in lead_days):
        days.add(started_on)
    if rule.remind_overdue == "never":
        return days
    step = 7 if rule.remind_overdue == "weekly" else 1
    late_at_start = started_on > due
    last = max(due, started_on)
    ahead = _next_working(last + (step if late_at_start else 1) * DAY)
    while _nine(ahead) < end:
        days.add(ahead)
        ahead = _next_working(ahead + step * DAY)
    return days


def _lead_day(text: str, due: date) -> date:
    act_by = due
    while not _working(act_by):
        act_by -= DAY
    count, unit = text.split(" ", 1)
    if unit.startswith("working"):
        return _step(act_by, -1, int(count))
    months = unit.startswith("month")
    back = relativedelta(months=int(count)) if months else relativedelta(weeks=int(count))
    day: date = act_by - back
    while not _working(day):
        day -= DAY
    return day


def _step(day: date, sign: int, count: int) -> date:
    if sign < 0:
        while not _working(day):
            day -= DAY
    while count:
        day += sign * DAY
        count -= _working(day)
    return day


def _next_working(day: date) -> date:
    while not _working(day):
        day += DAY
    return day


def _nine(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=LONDON).astimezone(UTC)


@cache
def _working(day: date) -> bool:
    return day.weekday() < 5 and day not in _england()


@cache
def _england() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG", years=range(2026, 2029))
