"""What becomes of the reminders of a deadline that starts, moves, closes or is open again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

import pytest

from chalicelib.referrals.case import Settled
from chalicelib.referrals.case_change import meet, record_date, settle
from chalicelib.referrals.delivery import State
from chalicelib.referrals.partnership import DeadlineRule
from chalicelib.referrals.reminders import (
    rule_of,
)
from tests.unit.referrals.a_case import (
    NAMES,
    RECEIVED_AT,
    RECEIVED_ON,
    Desk,
    a_rule,
    at,
    by,
    clocks,
    instant,
)

LEADS = ("3 working days", "1 working day", "0 working days")
# Nobody chases it, so that only what comes before the deadline is here.
RULE = a_rule(remind_before=LEADS, remind_overdue="never", trigger="sent_on")


def a_desk(now: datetime = RECEIVED_AT, rule: DeadlineRule = RULE) -> Desk:
    """Due on Friday 27 November 2026."""
    return Desk(rule, now=now, sent_on=RECEIVED_ON)


def move(desk: Desk, on: date | None) -> None:
    desk.change(lambda case: record_date(case, NAMES, "sent_on", on, by(desk.now)))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 08:59", ["2026-11-24 09:00", "2026-11-26 09:00", "2026-11-27 09:00"]),
        ("2026-11-24 09:00", ["2026-11-24 09:00", "2026-11-26 09:00", "2026-11-27 09:00"]),
        ("2026-11-24 09:01", ["2026-11-24 09:01", "2026-11-26 09:00", "2026-11-27 09:00"]),
        ("2026-11-26 09:30", ["2026-11-26 09:30", "2026-11-27 09:00"]),
        ("2026-11-26 08:00", ["2026-11-26 08:00", "2026-11-27 09:00"]),
        ("2026-11-28 03:00", ["2026-11-28 03:00"]),
        ("2027-06-01 12:00", ["2027-06-01 12:00"]),
    ],
)
def test_lead_times_already_past_are_one_reminder_now_and_none_else_that_day(
    now: str, expected: list[str]
) -> None:
    assert [instant(row) for row in a_desk(at(now)).live()] == [at(text) for text in expected]


def test_a_deadline_that_moves_takes_its_reminders_with_it() -> None:
    desk = a_desk()

    move(desk, date(2026, 11, 19))

    assert desk.days() == ["2026-11-23", "2026-11-25", "2026-11-26"]


def test_a_deadline_that_moves_away_and_back_has_the_same_reminders_again() -> None:
    desk = a_desk()
    before = dict(desk.rows)

    move(desk, date(2026, 11, 19))
    move(desk, RECEIVED_ON)

    assert {row.id: row for row in desk.live()} == before


def test_a_reminder_sent_before_its_deadline_moved_away_and_back_is_not_sent_again() -> None:
    desk = a_desk()
    desk.now = at("2026-11-24 10:00")
    desk.mark("2026-11-24", state=State.SENT)

    move(desk, date(2026, 11, 19))
    move(desk, RECEIVED_ON)

    assert desk.days() == ["2026-11-26", "2026-11-27"]


def test_an_unchanged_deadline_brings_no_reminder_of_lead_times_past() -> None:
    desk = a_desk()
    desk.now = at("2026-11-26 12:00")
    desk.mark("2026-11-24", state=State.SENT)
    desk.mark("2026-11-26", state=State.SENT)

    desk.change(lambda case: record_date(case, NAMES, "told_on", RECEIVED_ON, by(desk.now)))

    assert desk.days() == ["2026-11-27"]


@pytest.mark.parametrize("now", ["2026-11-24 09:05", "2026-11-28 09:05", "2026-12-09 09:05"])
@pytest.mark.parametrize("kind", ["deadline", "prompt"])
def test_a_reminder_that_is_being_tried_again_stays(
    kind: Literal["deadline", "prompt"], now: str
) -> None:
    desk = a_desk(at(now), replace(RULE, kind=kind))
    retried = desk.mark(now[:10], attempts=3)
    desk.now += timedelta(hours=2)

    desk.change(lambda case: record_date(case, NAMES, "told_on", RECEIVED_ON, by(desk.now)))

    assert retried in desk.live()


@pytest.mark.parametrize("state", [State.PENDING, State.SENDING, State.FAILED])
def test_a_reminder_whose_deadline_moved_is_cancelled_even_at_work(state: State) -> None:
    desk = a_desk(at("2026-11-24 09:05"))
    row = desk.mark("2026-11-24", state=state)

    move(desk, date(2026, 11, 23))

    assert desk.rows[row.id].state is State.CANCELLED


def test_closing_a_deadline_cancels_everything_but_what_was_sent() -> None:
    desk = a_desk(at("2026-11-24 09:05"))
    desk.mark("2026-11-24", state=State.SENT)
    desk.mark("2026-11-26", state=State.FAILED)

    desk.change(
        lambda case: meet(case, desk.clocks, NAMES, "acknowledge", RECEIVED_ON, by(desk.now))
    )

    states = sorted((row.reminder, row.state) for row in desk.rows.values())
    assert [state for _, state in states] == [State.SENT, State.CANCELLED, State.CANCELLED]


def test_a_reminder_that_is_being_tried_again_is_cancelled_when_its_deadline_is_met() -> None:
    desk = a_desk(at("2026-11-24 09:05"))
    row = desk.mark("2026-11-24", attempts=3)

    desk.change(
        lambda case: meet(case, desk.clocks, NAMES, "acknowledge", RECEIVED_ON, by(desk.now))
    )

    assert desk.rows[row.id].state is State.CANCELLED


@pytest.mark.parametrize("kind", [Settled.WITHDRAWN, Settled.NOT_APPLICABLE])
def test_a_deadline_set_aside_and_in_force_again_has_its_reminders_again(kind: Settled) -> None:
    desk = a_desk()
    before = desk.days()

    desk.change(lambda case: settle(case, desk.clocks, "acknowledge", kind, "A reason.", by()))
    meanwhile = desk.days()
    desk.change(
        lambda case: settle(case, desk.clocks, "acknowledge", Settled.IN_FORCE, "A reason.", by())
    )

    assert (meanwhile, desk.days()) == ([], before)


def test_a_deadline_open_again_late_reminds_once_now() -> None:
    desk = a_desk()
    desk.change(lambda case: meet(case, desk.clocks, NAMES, "acknowledge", RECEIVED_ON, by()))
    desk.now = at("2026-12-09 12:00")

    desk.change(
        lambda case: settle(
            case, desk.clocks, "acknowledge", Settled.IN_FORCE, "A reason.", by(desk.now)
        )
    )

    assert desk.days() == ["2026-12-09"]


def test_a_date_that_is_not_known_after_all_cancels_its_reminders() -> None:
    desk = a_desk()

    move(desk, None)

    assert desk.live() == []


def test_a_rule_that_is_no_more_has_no_reminders() -> None:
    desk = a_desk()

    desk.rule_by(clocks(version="v2"))

    assert desk.live() == []


def test_other_lead_times_replace_the_ones_to_come() -> None:
    desk = a_desk()

    desk.rule_by(clocks(replace(RULE, remind_before=("2 working days", "1 working day"))))

    assert desk.days() == ["2026-11-25", "2026-11-26"]


def test_a_new_holiday_on_the_due_day_loses_no_reminder() -> None:
    # A month after 27 October; on 26 November at noon the 27th turns into a holiday.
    leads = ("5 working days", "0 working days")
    rule = replace(RULE, length=1, unit="months", remind_before=leads)
    desk = Desk(rule, now=at("2026-11-18 12:00"), sent_on=date(2026, 10, 27))
    desk.mark("2026-11-20", state=State.SENT)
    desk.now = at("2026-11-26 12:00")

    desk.rule_by(clocks(rule, holidays=[date(2026, 11, 27)]))

    assert desk.days() == ["2026-11-26"]


def test_a_new_holiday_before_the_due_day_loses_no_reminder() -> None:
    # The reminder of Thursday 26 November belongs on Wednesday now, and that morning is past.
    rule = replace(RULE, length=1, unit="months", remind_before=("1 working day",))
    desk = Desk(rule, now=at("2026-11-20 12:00"), sent_on=date(2026, 10, 27))
    desk.now = at("2026-11-25 12:00")

    desk.rule_by(clocks(rule, holidays=[date(2026, 11, 26)]))

    assert desk.days() == ["2026-11-25"]


def test_a_rule_that_begins_to_remind_does_so_at_once_when_its_lead_time_is_past() -> None:
    desk = a_desk(rule=replace(RULE, remind_before=()))
    desk.now = at("2026-11-25 12:00")

    desk.rule_by(clocks(RULE))

    assert desk.days() == ["2026-11-25", "2026-11-26", "2026-11-27"]


def test_a_reminder_that_was_cancelled_before_its_time_told_nobody() -> None:
    desk = a_desk()
    desk.rule_by(clocks(replace(RULE, remind_before=())))
    desk.now = at("2026-11-25 12:00")

    desk.rule_by(clocks(RULE))

    assert desk.days() == ["2026-11-25", "2026-11-26", "2026-11-27"]


def test_a_change_to_one_deadline_leaves_the_reminders_of_another() -> None:
    other = replace(RULE, id="other", trigger="told_on")
    desk = Desk(RULE, other, sent_on=RECEIVED_ON, told_on=RECEIVED_ON)

    moved = desk.change(lambda case: record_date(case, NAMES, "sent_on", None, by()))

    assert moved.add == ()
    assert {rule_of(str(row.reminder)) for row in moved.cancel} == {"acknowledge"}
