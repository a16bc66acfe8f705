"""A deadline that is late, and the reminders that chase it."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.referrals.delivery import Delivery, State
from chalicelib.referrals.partnership import DeadlineRule
from chalicelib.referrals.reminders import chase
from tests.unit.referrals.a_case import CALENDAR, RECEIVED_ON, Desk, a_rule, at, instant

DAILY = a_rule(trigger="sent_on")
WEEKLY = replace(DAILY, remind_overdue="weekly")
NEVER = replace(DAILY, remind_overdue="never")
BEFORE = at("2026-11-20 12:00")
# The Tuesday after Friday 27 November, when it was due.
LATE = at("2026-12-01 10:00")


def a_desk(rule: DeadlineRule = DAILY, now: datetime = BEFORE, sent_on: date = RECEIVED_ON) -> Desk:
    return Desk(rule, now=now, sent_on=sent_on)


def a_late_desk(rule: DeadlineRule = DAILY) -> Desk:
    """Everything was sent on its day; it is Tuesday, and the reminder of Wednesday is planned."""
    desk = a_desk(rule)
    for day in ("2026-11-26", "2026-11-30", "2026-12-01"):
        row = desk.mark(day, state=State.SENT)
        if day > "2026-11-27":
            following = next_one(desk, row)
            desk.rows[following.id] = following
    desk.now = LATE
    return desk


def next_one(desk: Desk, row: Delivery, now: datetime | None = None) -> Delivery:
    """What follows a reminder that goes at its time, or now."""
    rule = desk.clocks.rules[0]
    following = chase(rule, desk.case, row, CALENDAR, now or instant(row))
    assert following is not None
    return following
