"""When a deadline is reminded of before it is late, and the ids of its reminders."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.delivery import SCHEDULE_GRACE, Delivery, Kind
from chalicelib.referrals.partnership import DeadlineRule, Unit
from chalicelib.referrals.reference import new_reference, schedule_name
from chalicelib.referrals.reminders import (
    LeadTime,
    lead_time,
    reminder_dates,
    reminder_id,
    rule_of,
)
from chalicelib.referrals.times import local_date, london
from tests.unit.referrals.a_case import (
    CALENDAR,
    RECEIVED_AT,
    RECEIVED_ON,
    REFERENCE,
    Desk,
    a_deadline,
    a_rule,
    at,
    instant,
)

LEADS = ("3 working days", "1 working day", "0 working days")
# Nobody chases it, so that only what comes before the deadline is here.
RULE = a_rule(remind_before=LEADS, remind_overdue="never", trigger="sent_on")


def a_desk(now: datetime = RECEIVED_AT, rule: DeadlineRule = RULE) -> Desk:
    """Due on Friday 27 November 2026."""
    return Desk(rule, now=now, sent_on=RECEIVED_ON)


def days(rule: DeadlineRule, on: date) -> list[str]:
    return [day.isoformat() for day in reminder_dates(rule, a_deadline(rule, on), CALENDAR)]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("5 working days", LeadTime(5, "working day")),
        ("1 working day", LeadTime(1, "working day")),
        ("0 working days", LeadTime(0, "working day")),
        ("2 weeks", LeadTime(14, "calendar day")),
        ("3 calendar days", LeadTime(3, "calendar day")),
        ("1 month", LeadTime(1, "month")),
    ],
)
def test_a_lead_time_is_read(text: str, lead: LeadTime) -> None:
    assert lead_time(text) == lead


@pytest.mark.parametrize(
    "text", ["", "5", "five days", "-1 working days", "5 days", "1 month ", "1000 weeks"]
)
def test_anything_else_is_no_lead_time(text: str) -> None:
    with pytest.raises(ValueError, match="^" + text):
        lead_time(text)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 11, 20), ["2026-11-24", "2026-11-26", "2026-11-27"]),
        (date(2026, 12, 21), ["2026-12-23", "2026-12-29", "2026-12-30"]),
    ],
    ids=["a plain week", "Christmas"],
)
def test_lead_times_count_working_days_back(on: date, expected: list[str]) -> None:
    assert days(RULE, on) == expected


def test_a_reminder_on_a_day_that_is_not_worked_goes_the_working_day_before() -> None:
    rule = a_rule(length=6, unit="months", remind_before=("1 month", "2 weeks", "0 working days"))

    # Due on Saturday 3 July 2027, so act by Friday 2 July; 2 and 18 June are worked.
    assert days(rule, date(2027, 1, 3)) == ["2027-06-02", "2027-06-18", "2027-07-02"]


def test_a_month_or_a_week_before_is_moved_off_a_weekend() -> None:
    rule = a_rule(length=6, unit="months", remind_before=("2 months", "3 calendar days"))

    # Due on Wednesday 7 April 2027: 7 February and 4 April are Sundays.
    assert days(rule, date(2026, 10, 7)) == ["2027-02-05", "2027-04-02"]


def test_lead_times_that_meet_on_one_day_are_one_reminder() -> None:
    rule = replace(RULE, remind_before=("1 working day", "1 calendar day"))

    assert days(rule, RECEIVED_ON) == ["2026-11-26"]


@pytest.mark.parametrize(
    ("due_after", "instants"),
    [
        # The clocks go back on Sunday 25 October 2026, and forward on Sunday 28 March 2027.
        (date(2026, 10, 21), ["2026-10-23 08:00", "2026-10-27 09:00", "2026-10-28 09:00"]),
        (date(2027, 3, 22), ["2027-03-24 09:00", "2027-03-30 08:00", "2027-03-31 08:00"]),
    ],
)
def test_reminders_go_at_nine_in_london_on_both_sides_of_a_clock_change(
    due_after: date, instants: list[str]
) -> None:
    desk = Desk(RULE, now=at(f"{due_after} 12:00"), sent_on=due_after)

    assert [instant(row) for row in desk.live()] == [at(text) for text in instants]


@given(
    st.dates(date(2020, 1, 1), date(2027, 12, 31)),
    st.sampled_from(["working_days", "calendar_days", "months"]),
    st.integers(1, 20),
)
def test_every_reminder_goes_at_nine_on_a_working_day_and_never_late(
    on: date, unit: Unit, length: int
) -> None:
    leads = ("0 working days", "2 working days", "1 week", "1 month")
    rule = replace(RULE, unit=unit, length=length, remind_before=leads)
    desk = Desk(rule, now=at("2000-01-03 12:00"), sent_on=on)

    for row in desk.live():
        local = instant(row).astimezone(london())
        assert (local.hour, local.minute) == (9, 0)
        assert CALENDAR.is_working(local.date())
        assert row.due_on is not None
        assert local.date() <= row.due_on


def test_a_reminder_says_what_it_is_about() -> None:
    rule = replace(RULE, email_label="Reply", remind_before=("1 working day",))

    (row,) = a_desk(rule=rule).live()

    assert row == Delivery(
        id=f"{REFERENCE}/acknowledge#20261127#20261126",
        kind=Kind.REMINDER_EMAIL,
        reference=REFERENCE,
        stream="adult",
        check_at=at("2026-11-26 09:00") + SCHEDULE_GRACE,
        reminder="acknowledge#20261127#20261126",
        label="Reply",
        at=at("2026-11-26 09:00"),
        due_on=date(2026, 11, 27),
    )


def test_a_rule_without_lead_times_reminds_nobody() -> None:
    silent = replace(RULE, remind_before=(), remind_overdue="daily")

    assert a_desk(rule=silent).rows == {}


def test_an_id_names_the_rule_what_is_due_and_the_day_in_london() -> None:
    desk = a_desk(at("2027-06-30 23:30"))

    (row,) = desk.live()

    assert row.reminder == "acknowledge#20261127#20270701"
    assert rule_of(row.reminder) == "acknowledge"
    assert local_date(instant(row)) == date(2027, 7, 1)


def test_the_longest_prefix_and_rule_id_still_name_a_schedule() -> None:
    reminder = reminder_id("r" * 30, date(2026, 11, 27), date(2026, 11, 26))

    assert len(schedule_name(new_reference("ABCDE"), reminder)) == 64


def test_a_rule_id_longer_than_that_does_not() -> None:
    reminder = reminder_id("r" * 31, date(2026, 11, 27), date(2026, 11, 26))

    with pytest.raises(ValueError):
        schedule_name(new_reference("ABCDE"), reminder)
