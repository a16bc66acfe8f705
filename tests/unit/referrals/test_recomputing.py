"""What becomes of deadlines when the rules or the calendar change."""

from datetime import date, timedelta

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import meet, recomputed, record_date
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

REVIEW = a_rule("review", trigger="sent_on", length=15, met_by="done_on")
RUNNING = clocks(a_rule(), REVIEW)
ROYAL = clocks(*RUNNING.rules, holidays=[date(2026, 11, 25)], version="v2")
LATER = by(RECEIVED_AT + timedelta(days=30))


def done(case: Case, act: str, on: date) -> Case:
    return recomputed(meet(case, RUNNING, NAMES, act, on, LATER), RUNNING)


def recorded(case: Case, name: str, on: date | None, running: Clocks) -> Case:
    return recomputed(record_date(case, NAMES, name, on, LATER), running)


@pytest.fixture
def case() -> Case:
    """Due on 27 November and on 11 December."""
    return a_case(RUNNING, sent_on=RECEIVED_ON)


def test_a_new_holiday_moves_an_open_deadline(case: Case) -> None:
    after = recomputed(case, ROYAL)

    assert the_deadline(after).due_on == date(2026, 11, 30)


def test_a_new_holiday_leaves_a_closed_deadline_as_it_was(case: Case) -> None:
    met = done(case, "acknowledge", date(2026, 11, 24))
    after = recomputed(met, ROYAL)

    assert the_deadline(after) == the_deadline(met)


def test_a_deadline_closed_after_a_new_holiday_keeps_the_date_that_it_brought(case: Case) -> None:
    after = recomputed(meet(case, ROYAL, NAMES, "acknowledge", date(2026, 11, 24), LATER), ROYAL)

    assert the_deadline(after).due_on == date(2026, 11, 30)


def test_a_closed_deadline_follows_its_trigger_by_the_rules_of_today(case: Case) -> None:
    met = recomputed(done(case, "review", date(2026, 12, 1)), ROYAL)

    after = recorded(met, "sent_on", date(2026, 11, 23), ROYAL)

    assert the_deadline(met, "review").due_on == date(2026, 12, 11)
    assert the_deadline(after, "review").due_on == date(2026, 12, 15)


def test_a_deadline_that_is_open_again_follows_the_calendar_of_today(case: Case) -> None:
    met = recomputed(done(case, "review", date(2026, 12, 1)), ROYAL)

    after = recorded(met, "done_on", None, ROYAL)

    assert the_deadline(after, "review").due_on == date(2026, 12, 14)


def test_a_case_says_which_rules_its_deadlines_follow(case: Case) -> None:
    assert recomputed(case, clocks(version="v2")).rules_version == "v2"


def test_recomputing_by_the_same_rules_changes_nothing(case: Case) -> None:
    assert recomputed(case, RUNNING) == case
