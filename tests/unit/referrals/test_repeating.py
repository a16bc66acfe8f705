"""Duties that come round again: when they are next due, whenever they were done."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.referrals.case import Case, DeadlineState, Settled
from chalicelib.referrals.case_change import NotPossible, meet, recomputed, record_date, settle
from chalicelib.referrals.clocks import Clocks
from tests.unit.referrals.a_case import (
    NAMES,
    RECEIVED_AT,
    RECEIVED_ON,
    a_case,
    a_rule,
    by,
    clocks,
    the_deadline,
)

# Due on 20 December 2026 and monthly from then.
PROGRESS = a_rule("progress", trigger="sent_on", length=1, unit="months", repeats_months=1)
MONTHLY = clocks(PROGRESS)
A_YEAR_ON = by(RECEIVED_AT + timedelta(days=365))


def checked(case: Case, on: date, running: Clocks = MONTHLY) -> Case:
    return recomputed(meet(case, running, NAMES, "progress", on, A_YEAR_ON), running)


def recorded(case: Case, on: date | None) -> Case:
    return recomputed(record_date(case, NAMES, "sent_on", on, A_YEAR_ON), MONTHLY)


@pytest.fixture
def monthly() -> Case:
    return a_case(MONTHLY, sent_on=RECEIVED_ON)


@pytest.mark.parametrize(
    ("days", "due"),
    [
        ([date(2026, 12, 20)], date(2027, 1, 20)),
        ([date(2026, 12, 1)], date(2027, 1, 20)),
        ([date(2026, 12, 22)], date(2027, 1, 20)),
        ([date(2027, 3, 25)], date(2027, 4, 20)),
        ([date(2026, 12, 1), date(2026, 12, 1)], date(2027, 1, 20)),
        ([date(2026, 12, 1), date(2026, 12, 2)], date(2027, 1, 20)),
        ([date(2026, 12, 2), date(2026, 12, 1)], date(2027, 1, 20)),
        ([date(2026, 12, 1), date(2026, 12, 21)], date(2027, 2, 20)),
    ],
    ids=str,
)
def test_a_repeating_duty_is_due_again_after_it_was_done(
    monthly: Case, days: list[date], due: date
) -> None:
    for day in days:
        monthly = checked(monthly, day)

    found = the_deadline(monthly, "progress")
    assert (found.state, found.due_on) == (DeadlineState.OPEN, due)


def test_a_repeating_duty_done_twice_on_one_day_changes_nothing(monthly: Case) -> None:
    once = checked(monthly, date(2026, 12, 20))

    assert checked(once, date(2026, 12, 20)) == once


def test_a_repeating_duty_ends_with_the_date_that_meets_it() -> None:
    running = clocks(replace(PROGRESS, met_by="done_on"))
    case = checked(a_case(running, sent_on=RECEIVED_ON), date(2026, 12, 1), running)

    after = recomputed(record_date(case, NAMES, "done_on", date(2027, 1, 5), A_YEAR_ON), running)

    assert the_deadline(case, "progress").is_open
    assert the_deadline(after, "progress").state is DeadlineState.MET


@pytest.mark.parametrize("kind", [Settled.WITHDRAWN, Settled.NOT_APPLICABLE])
def test_a_repeating_duty_in_force_again_goes_on_where_it_was(monthly: Case, kind: Settled) -> None:
    before = checked(monthly, date(2026, 12, 20))
    aside = recomputed(settle(before, MONTHLY, "progress", kind, "A reason.", by()), MONTHLY)
    again = settle(aside, MONTHLY, "progress", Settled.IN_FORCE, "A reason.", by())

    assert recomputed(again, MONTHLY).deadlines == before.deadlines


@pytest.mark.parametrize(
    ("wrong", "checks", "right", "due"),
    [
        # A year too early: a check today is no reason to leave out the next eleven.
        (date(2025, 11, 20), [date(2026, 11, 23)], date(2026, 11, 20), date(2026, 12, 20)),
        # Too late: what was done is not asked for again.
        (date(2026, 11, 20), [date(2027, 1, 20)], date(2026, 9, 20), date(2027, 2, 20)),
        # By a day.
        (date(2026, 11, 20), [date(2026, 12, 20)], date(2026, 11, 19), date(2027, 1, 19)),
    ],
)
def test_a_repeating_duty_whose_date_is_corrected_is_due_after_it_was_last_done(
    wrong: date, checks: list[date], right: date, due: date
) -> None:
    case = recorded(a_case(MONTHLY), wrong)
    for day in checks:
        case = checked(case, day)

    by_way_of_not_known = recorded(recorded(case, None), right)

    assert the_deadline(recorded(case, right), "progress").due_on == due
    assert the_deadline(by_way_of_not_known, "progress").due_on == due


def test_a_date_corrected_twice_is_counted_from_as_if_corrected_once(monthly: Case) -> None:
    case = checked(monthly, date(2026, 12, 20))
    late, early = date(2027, 3, 1), date(2026, 9, 5)

    assert recorded(recorded(case, late), early).deadlines == recorded(case, early).deadlines


def test_a_repeating_duty_in_force_that_was_never_done_is_due_from_its_first_date() -> None:
    case = a_case(MONTHLY, sent_on=RECEIVED_ON)
    in_force = settle(case, MONTHLY, "progress", Settled.IN_FORCE, "A reason.", by())

    after = recorded(recomputed(in_force, MONTHLY), date(2026, 9, 5))

    assert the_deadline(after, "progress").due_on == date(2026, 10, 5)


def test_a_repeating_duty_in_force_again_does_not_go_back_to_what_was_done(monthly: Case) -> None:
    case = checked(monthly, date(2026, 12, 20))
    later = by(RECEIVED_AT + timedelta(days=40))
    for kind in (Settled.WITHDRAWN, Settled.IN_FORCE):
        case = recomputed(settle(case, MONTHLY, "progress", kind, "A reason.", later), MONTHLY)

    after = recorded(case, date(2026, 9, 5))

    assert the_deadline(after, "progress").due_on == date(2027, 1, 5)


def test_a_repeating_duty_whose_clock_has_not_started_cannot_be_met() -> None:
    with pytest.raises(NotPossible) as refusal:
        checked(a_case(MONTHLY), date(2026, 12, 20))

    assert str(refusal.value) == "Its clock has not started: record the date sent_on first."


def test_a_repeating_duty_that_does_not_apply_cannot_be_met() -> None:
    running = clocks(replace(PROGRESS, when={"outcome": ("died",)}))

    with pytest.raises(NotPossible) as refusal:
        checked(a_case(running, sent_on=RECEIVED_ON), date(2026, 12, 20), running)

    assert str(refusal.value) == (
        "By its rule it does not apply to this case: put it in force first."
    )
