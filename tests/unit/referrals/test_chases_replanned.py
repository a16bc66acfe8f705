"""What becomes of the reminders of a late deadline when its case, its rule or a holiday changes."""

from datetime import date, timedelta

import pytest

from chalicelib.referrals.case import Settled
from chalicelib.referrals.case_change import meet, record_date, settle
from chalicelib.referrals.delivery import State
from chalicelib.referrals.times import local_date
from tests.unit.referrals.a_case import (
    NAMES,
    RECEIVED_ON,
    Desk,
    at,
    by,
    clocks,
)
from tests.unit.referrals.a_late_case import (
    DAILY,
    LATE,
    NEVER,
    WEEKLY,
    a_desk,
    a_late_desk,
)


def move(desk: Desk, on: date) -> None:
    desk.change(lambda case: record_date(case, NAMES, "sent_on", on, by(desk.now)))


def touch(desk: Desk) -> None:
    """A change that concerns no deadline."""
    on = local_date(desk.now)
    desk.change(lambda case: record_date(case, NAMES, "told_on", on, by(desk.now)))


def aside(desk: Desk, kind: Settled) -> None:
    why, who = "A reason.", by(desk.now)
    desk.change(lambda case: settle(case, desk.clocks, "acknowledge", kind, why, who))


def test_a_change_elsewhere_leaves_the_next_as_it_is() -> None:
    desk = a_late_desk()
    before = desk.live()

    touch(desk)

    assert desk.live() == before
    assert desk.days() == ["2026-12-02"]


def test_a_change_elsewhere_leaves_the_next_of_a_week_as_it_is() -> None:
    desk = a_desk(WEEKLY, now=LATE)
    desk.now += timedelta(days=2)

    touch(desk)

    assert desk.days() == ["2026-12-01", "2026-12-08"]


def test_a_change_before_nine_keeps_the_reminder_of_that_morning() -> None:
    desk = a_late_desk()
    desk.now = at("2026-12-02 08:00")

    touch(desk)

    assert desk.days() == ["2026-12-02"]


def test_a_met_deadline_is_chased_no_more() -> None:
    desk = a_late_desk()

    desk.change(
        lambda case: meet(case, desk.clocks, NAMES, "acknowledge", RECEIVED_ON, by(desk.now))
    )

    assert desk.live() == []


def test_a_late_deadline_in_force_again_is_chased_again() -> None:
    desk = a_late_desk()
    aside(desk, Settled.WITHDRAWN)
    desk.now += timedelta(days=2)

    aside(desk, Settled.IN_FORCE)

    assert desk.days() == ["2026-12-03", "2026-12-04"]


def test_one_sent_this_morning_is_not_sent_again_when_the_deadline_moves_away_and_back() -> None:
    desk = a_late_desk()

    move(desk, date(2026, 11, 19))
    move(desk, RECEIVED_ON)

    assert desk.days() == ["2026-12-02"]


def test_a_rule_that_is_chased_no_more_leaves_none_to_come() -> None:
    desk = a_late_desk()

    desk.rule_by(clocks(NEVER))

    assert desk.live() == []


def test_a_rule_that_is_chased_after_all_goes_on_tomorrow() -> None:
    desk = a_late_desk()
    desk.rule_by(clocks(NEVER))

    desk.rule_by(clocks(DAILY))

    assert desk.days() == ["2026-12-02"]


def test_a_rule_that_begins_to_be_chased_does_so_although_it_reminded_late() -> None:
    desk = a_desk(NEVER, now=LATE)
    desk.mark("2026-12-01", state=State.SENT)

    desk.rule_by(clocks(DAILY))

    assert desk.days() == ["2026-12-02"]


def test_a_rule_chased_daily_now_does_not_wait_for_the_end_of_the_week() -> None:
    desk = a_desk(WEEKLY, now=LATE)

    desk.rule_by(clocks(DAILY))

    assert desk.days() == ["2026-12-01", "2026-12-02"]


def test_a_new_holiday_moves_the_next_off_it() -> None:
    desk = a_late_desk()

    desk.rule_by(clocks(DAILY, holidays=[date(2026, 12, 2)]))

    assert desk.days() == ["2026-12-03"]


def test_a_holiday_that_is_none_after_all_brings_the_first_forward() -> None:
    desk = Desk(DAILY, sent_on=RECEIVED_ON)
    desk.rule_by(clocks(DAILY, holidays=[date(2026, 11, 30)]))

    desk.rule_by(clocks(DAILY))

    assert desk.days() == ["2026-11-26", "2026-11-30"]


@pytest.mark.parametrize("state", [State.SENT, State.FAILED])
def test_a_day_on_which_one_went_early_is_not_planned_again(state: State) -> None:
    desk = a_late_desk()
    desk.mark("2026-12-02", state=state)

    touch(desk)

    assert desk.days() == ["2026-12-03"]
