"""Reminders of a deadline that is late: every working day or week until it is done."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.referrals.case_change import meet, record_date
from chalicelib.referrals.delivery import State
from chalicelib.referrals.partnership import DeadlineRule
from chalicelib.referrals.reminders import chase, has_later, is_chase, next_chase
from tests.unit.referrals.a_case import (
    CALENDAR,
    NAMES,
    RECEIVED_ON,
    at,
    by,
    instant,
    the_deadline,
)
from tests.unit.referrals.a_late_case import (
    DAILY,
    LATE,
    NEVER,
    WEEKLY,
    a_desk,
    a_late_desk,
    next_one,
)


@pytest.mark.parametrize(
    ("sent_on", "first"),
    [
        (date(2026, 11, 19), "2026-11-27"),  # due on a Thursday
        (date(2026, 11, 20), "2026-11-30"),  # on a Friday
        (date(2026, 12, 17), "2026-12-29"),  # on Christmas Eve: Friday and Monday are holidays
    ],
)
@pytest.mark.parametrize("rule", [DAILY, WEEKLY])
def test_the_first_is_on_the_first_working_day_after_the_due_date(
    rule: DeadlineRule, sent_on: date, first: str
) -> None:
    assert a_desk(rule, sent_on=sent_on, now=at("2026-11-19 12:00")).days()[-1] == first


@pytest.mark.parametrize(
    "rule",
    [NEVER, replace(DAILY, kind="prompt"), replace(DAILY, remind_before=())],
    ids=["never", "a prompt", "nobody is reminded"],
)
def test_what_is_not_chased_falls_silent_once_it_is_due(rule: DeadlineRule) -> None:
    assert not any(is_chase(row) for row in a_desk(rule).live())


@pytest.mark.parametrize(
    ("rule", "last", "following"),
    [
        (DAILY, date(2026, 11, 24), date(2026, 11, 30)),
        (DAILY, date(2026, 11, 30), date(2026, 12, 1)),
        (DAILY, date(2026, 12, 4), date(2026, 12, 7)),
        (DAILY, date(2026, 12, 24), date(2026, 12, 29)),
        (DAILY, date(2026, 12, 31), date(2027, 1, 4)),
        (WEEKLY, date(2026, 11, 24), date(2026, 11, 30)),
        (WEEKLY, date(2026, 11, 30), date(2026, 12, 7)),
        (WEEKLY, date(2026, 12, 21), date(2026, 12, 29)),
    ],
)
def test_the_next_is_a_day_or_a_week_later_over_weekends_and_christmas(
    rule: DeadlineRule, last: date, following: date
) -> None:
    deadline = the_deadline(a_desk(rule).case)

    assert next_chase(rule, deadline, last, CALENDAR) == following


@pytest.mark.parametrize(
    ("rule", "following"), [(DAILY, "2026-12-02"), (WEEKLY, "2026-12-08"), (NEVER, None)]
)
def test_a_deadline_late_from_the_start_reminds_now_and_then_goes_on(
    rule: DeadlineRule, following: str | None
) -> None:
    expected = ["2026-12-01", *([following] if following else [])]

    assert a_desk(rule, now=LATE).days() == expected


def test_one_late_from_the_start_on_a_saturday_reminds_then_and_on_monday() -> None:
    assert a_desk(now=at("2026-12-05 10:00")).days() == ["2026-12-05", "2026-12-07"]


def test_the_next_follows_from_the_day_it_is_sent_when_that_is_late() -> None:
    desk = a_desk()
    monday = desk.mark("2026-11-30")

    assert next_one(desk, monday, at("2026-12-03 11:00")).reminder == (
        "acknowledge#20261127#20261204"
    )


def test_the_next_after_one_that_went_early_is_not_that_one_again() -> None:
    desk = a_desk()
    monday = desk.mark("2026-11-30")

    early = next_one(desk, monday, at("2026-11-27 23:59"))

    assert early.reminder == "acknowledge#20261127#20261201"


def test_the_next_is_of_the_day_in_london() -> None:
    desk = a_desk(now=at("2027-06-29 12:00"))
    tuesday = desk.mark("2027-06-30")

    assert next_one(desk, tuesday, at("2027-06-30 23:30")).reminder == (
        "acknowledge#20261127#20270702"
    )


@pytest.mark.parametrize("how", ["met", "moved", "gone"])
def test_nothing_follows_when_the_deadline_is_open_no_more(how: str) -> None:
    desk = a_late_desk()
    row = desk.mark("2026-12-02")
    case = {
        "met": lambda: meet(
            desk.case, desk.clocks, NAMES, "acknowledge", RECEIVED_ON, by(desk.now)
        ),
        "moved": lambda: record_date(desk.case, NAMES, "sent_on", date(2026, 11, 19), by()),
        "gone": lambda: record_date(desk.case, NAMES, "sent_on", None, by()),
    }[how]()
    desk.change(lambda _: case)

    assert chase(DAILY, desk.case, row, CALENDAR, desk.now) is None


@pytest.mark.parametrize(
    ("day", "late"), [("2026-11-27", False), ("2026-11-28", True), ("2026-11-30", True)]
)
def test_a_reminder_is_a_chase_when_its_day_is_after_the_due_date(day: str, late: bool) -> None:
    row = a_desk().mark("2026-11-30")

    assert is_chase(replace(row, at=at(f"{day} 09:00"))) is late


@pytest.mark.parametrize(
    ("changes", "later"),
    [
        ({}, True),
        ({"state": State.SENDING}, True),
        ({"state": State.SENT}, False),
        ({"state": State.FAILED}, False),
        ({"state": State.CANCELLED}, False),
        ({"at": at("2026-11-30 09:00")}, False),
        ({"due_on": date(2026, 11, 26)}, False),
        ({"reminder": "other#20261127#20261201"}, False),
    ],
    ids=str,
)
def test_a_later_one_is_of_the_same_deadline_and_still_to_go(
    changes: dict[str, object], later: bool
) -> None:
    desk = a_desk()
    monday = desk.mark("2026-11-30")
    tuesday = replace(next_one(desk, monday, instant(monday)), **changes)  # type: ignore[arg-type]

    assert has_later(monday, [monday, tuesday]) is later
