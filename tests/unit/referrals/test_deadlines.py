"""Deadlines and reminders from rules and dates."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.deadlines import (
    LeadTime,
    Trigger,
    compute,
    date_answer,
    due_date,
    lead_time,
    next_due,
    plan_reminders,
    triggers,
)
from chalicelib.referrals.partnership import DeadlineRule
from chalicelib.referrals.referral import Deadline, Reminder
from chalicelib.referrals.times import local_date, london
from chalicelib.referrals.working_days import england_and_wales

CALENDAR = england_and_wales()
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
RULE = DeadlineRule(
    id="notify",
    stream="child",
    label="Notify the Panel",
    trigger="answer:la_told_on",
    length=5,
    unit="working_days",
    responsible="local authority",
    status="statutory",
    source="Children Act 2004 s16C",
    remind_before=("3 working days", "1 working day", "0 working days"),
)


def deadline(rule: DeadlineRule = RULE, on: date = date(2026, 11, 20)) -> Deadline:
    (computed,) = compute([rule], {rule.trigger: Trigger(on)}, CALENDAR)
    return computed


def reminders(rule: DeadlineRule, on: date, now: datetime = LONG_AGO) -> tuple[Reminder, ...]:
    return plan_reminders(rule, deadline(rule, on), CALENDAR, now)


def test_a_deadline_is_due_at_the_end_of_its_day_in_london_in_winter() -> None:
    assert deadline().due_at == datetime(2026, 11, 27, 23, 59, tzinfo=UTC)


def test_a_deadline_is_due_at_the_end_of_its_day_in_london_in_summer() -> None:
    assert deadline(on=date(2026, 7, 1)).due_at == datetime(2026, 7, 8, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("trigger", "due_at"),
    [
        # The clocks go forward at 01:00 on Sunday 28 March 2027, back on Sunday 31 October 2027.
        (date(2027, 3, 27), datetime(2027, 3, 28, 22, 59, tzinfo=UTC)),
        (date(2027, 3, 26), datetime(2027, 3, 27, 23, 59, tzinfo=UTC)),
        (date(2027, 10, 30), datetime(2027, 10, 31, 23, 59, tzinfo=UTC)),
        (date(2027, 10, 29), datetime(2027, 10, 30, 22, 59, tzinfo=UTC)),
    ],
    ids=str,
)
def test_the_end_of_a_day_near_a_clock_change_is_right(trigger: date, due_at: datetime) -> None:
    rule = replace(RULE, length=1, unit="calendar_days")

    assert deadline(rule, trigger).due_at == due_at


def test_a_deadline_keeps_the_date_it_counts_from() -> None:
    assert deadline().trigger_on == date(2026, 11, 20)


def test_calendar_days_count_every_day() -> None:
    assert due_date(date(2026, 12, 24), 5, "calendar_days", CALENDAR) == date(2026, 12, 29)


def test_months_may_end_on_a_day_that_is_not_worked() -> None:
    six_months = replace(RULE, length=6, unit="months")

    computed = deadline(six_months, date(2026, 8, 31))

    assert (computed.due_on, computed.act_by) == (date(2027, 2, 28), date(2027, 2, 26))


def test_a_rule_whose_date_is_not_known_has_no_deadline() -> None:
    assert compute([RULE], {"received": Trigger(date(2026, 11, 20))}, CALENDAR) == ()


@pytest.mark.parametrize(
    ("answer", "trigger"),
    [
        ("2026-11-20", Trigger(date(2026, 11, 20))),
        ({"year": 2026, "month": 11, "day": 20}, Trigger(date(2026, 11, 20))),
        (
            {"year": 2026, "month": 11, "day": 20, "estimated": True},
            Trigger(date(2026, 11, 20), estimated=True),
        ),
        ({"year": 2026, "month": 11}, None),
        ({"year": 2026}, None),
        ({"not_known": True}, None),
        ({"year": 2026, "month": 2, "day": 30}, None),
        ("not a date", None),
        ("", None),
        (None, None),
        (True, None),
        (["2026-11-20"], None),
        ({"year": "2026", "month": 11, "day": 20}, None),
    ],
    ids=str,
)
def test_only_a_full_date_starts_a_clock(answer: Any, trigger: Trigger | None) -> None:
    assert date_answer(answer) == trigger


def test_an_estimated_date_makes_an_estimated_deadline() -> None:
    known = {"answer:la_told_on": Trigger(date(2026, 11, 20), estimated=True)}

    (computed,) = compute([RULE], known, CALENDAR)

    assert computed.estimated


def test_triggers_are_the_receipt_and_every_role_with_a_date() -> None:
    received_at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    roles = {"la_told_on": "la_told_at", "incident_on": "incident_date", "outcome": "outcome"}

    known = triggers(received_at, roles, {"la_told_at": "2026-11-19", "outcome": "died"})

    assert known == {
        "received": Trigger(date(2026, 11, 20)),
        "answer:la_told_on": Trigger(date(2026, 11, 19)),
    }


def test_a_notification_just_after_midnight_in_summer_is_received_that_day_in_london() -> None:
    half_past_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    assert triggers(half_past_midnight, {}, {})["received"] == Trigger(date(2026, 7, 1))


def test_reminders_go_at_nine_on_the_working_days_before() -> None:
    planned = reminders(RULE, date(2026, 11, 20))

    assert [reminder.at for reminder in planned] == [
        datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
        datetime(2026, 11, 27, 9, 0, tzinfo=UTC),
    ]


def test_reminders_go_at_nine_in_london_on_both_sides_of_a_clock_change() -> None:
    planned = reminders(RULE, date(2026, 10, 21))

    assert [reminder.at for reminder in planned] == [
        datetime(2026, 10, 23, 8, 0, tzinfo=UTC),
        datetime(2026, 10, 27, 9, 0, tzinfo=UTC),
        datetime(2026, 10, 28, 9, 0, tzinfo=UTC),
    ]


def test_reminders_skip_christmas() -> None:
    planned = reminders(RULE, date(2026, 12, 21))

    assert [local_date(reminder.at) for reminder in planned] == [
        date(2026, 12, 23),
        date(2026, 12, 29),
        date(2026, 12, 30),
    ]


def test_a_reminder_on_a_day_that_is_not_worked_goes_the_working_day_before() -> None:
    monthly = replace(RULE, length=6, unit="months", remind_before=("1 month", "2 weeks"))

    planned = reminders(monthly, date(2027, 1, 3))

    # Due on Saturday 3 July 2027, so act by Friday 2 July.
    assert [local_date(reminder.at) for reminder in planned] == [
        date(2027, 6, 2),
        date(2027, 6, 18),
    ]


def test_reminders_are_numbered_from_the_earliest() -> None:
    planned = reminders(RULE, date(2026, 11, 20))

    assert [reminder.id for reminder in planned] == ["notify#1", "notify#2", "notify#3"]


def test_lead_times_that_meet_on_one_day_are_one_reminder() -> None:
    rule = replace(RULE, remind_before=("1 working day", "1 calendar day"))

    assert len(reminders(rule, date(2026, 11, 20))) == 1


def test_reminders_already_past_become_one_that_is_due_now() -> None:
    now = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)

    planned = reminders(RULE, date(2026, 11, 20), now)

    assert [reminder.at for reminder in planned] == [now, datetime(2026, 11, 27, 9, tzinfo=UTC)]


def test_a_deadline_long_past_is_reminded_of_once_now() -> None:
    now = datetime(2027, 6, 1, tzinfo=UTC)

    assert [reminder.at for reminder in reminders(RULE, date(2026, 11, 20), now)] == [now]


def test_a_reminder_due_at_this_instant_is_due_now() -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    assert reminders(RULE, date(2026, 11, 20), now)[0].at == now


def test_a_rule_without_lead_times_reminds_nobody() -> None:
    assert reminders(replace(RULE, remind_before=()), date(2026, 11, 20)) == ()


@given(
    st.dates(date(2020, 1, 1), date(2027, 12, 31)),
    st.sampled_from(["working_days", "calendar_days", "months"]),
    st.integers(1, 20),
)
def test_every_reminder_goes_at_nine_on_a_working_day_and_never_late(
    on: date, unit: Any, length: int
) -> None:
    leads = ("0 working days", "2 working days", "1 week", "1 month")
    rule = replace(RULE, unit=unit, length=length, remind_before=leads)

    for reminder in reminders(rule, on):
        local = reminder.at.astimezone(london())
        assert (local.hour, local.minute) == (9, 0)
        assert CALENDAR.is_working(local.date())
        assert local.date() <= reminder.due_on


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


@pytest.mark.parametrize("text", ["", "5", "five days", "-1 working days", "5 days", "1 month "])
def test_anything_else_is_no_lead_time(text: str) -> None:
    with pytest.raises(ValueError):
        lead_time(text)


def test_the_next_due_date_is_the_first_that_the_team_is_reminded_of() -> None:
    silent = replace(RULE, id="silent", length=1, remind_before=())
    later = replace(RULE, id="later", length=9)
    rules = [silent, RULE, later]
    computed = [deadline(rule) for rule in rules]

    assert next_due(rules, computed, date(2026, 11, 20)) == date(2026, 11, 27)


def test_a_due_date_already_past_is_not_the_next() -> None:
    assert next_due([RULE], [deadline()], date(2026, 11, 28)) is None
