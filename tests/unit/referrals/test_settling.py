"""Withdrawn, not applicable, in force again; and what the audit trail says of a change."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.referrals.case import Case, DeadlineState, Settled
from chalicelib.referrals.case_change import (
    Actor,
    NotPossible,
    differences,
    meet,
    recomputed,
    record_date,
    settle,
)
from chalicelib.referrals.clocks import Clocks
from tests.unit.referrals.a_case import (
    NAMES,
    RECEIVED_AT,
    RECEIVED_ON,
    a_case,
    a_rule,
    at_noon,
    by,
    clocks,
    the_deadline,
)

REVIEW = a_rule("review", met_by="done_on")
ACKNOWLEDGE = a_rule()
DIED_ONLY = a_rule("tell", when={"outcome": ("died",)})
RUNNING = clocks(ACKNOWLEDGE, REVIEW, DIED_ONLY)
A_YEAR_ON = by(RECEIVED_AT + timedelta(days=365))


def settled(case: Case, act: str, kind: Settled, actor: Actor | None = None) -> Case:
    return recomputed(settle(case, RUNNING, act, kind, "A reason.", actor or by()), RUNNING)


def done(case: Case, act: str, on: date, running: Clocks = RUNNING) -> Case:
    return recomputed(meet(case, running, NAMES, act, on, A_YEAR_ON), running)


@pytest.fixture
def case() -> Case:
    return a_case(RUNNING)


@pytest.mark.parametrize("act", ["acknowledge", "review"])
@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Settled.WITHDRAWN, DeadlineState.WITHDRAWN),
        (Settled.NOT_APPLICABLE, DeadlineState.NOT_APPLICABLE),
    ],
)
def test_a_duty_is_settled_today(case: Case, act: str, kind: Settled, state: DeadlineState) -> None:
    found = the_deadline(settled(case, act, kind), act)

    assert (found.state, found.closed_on) == (state, RECEIVED_ON)


def test_a_settlement_says_who_and_why(case: Case) -> None:
    after = settle(case, RUNNING, "review", Settled.WITHDRAWN, " Sent in error. ", by())

    settlement = after.settled["review"]
    assert (settlement.actor, settlement.at) == ("a.manager", RECEIVED_AT)
    assert settlement.reason == "Sent in error."


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_settlement_needs_a_reason(case: Case, reason: str) -> None:
    with pytest.raises(NotPossible) as refusal:
        settle(case, RUNNING, "review", Settled.WITHDRAWN, reason, by())

    assert str(refusal.value) == "Give the reason. It is kept with the case."


def test_only_a_duty_that_there_is_can_be_settled(case: Case) -> None:
    with pytest.raises(NotPossible) as refusal:
        settle(case, RUNNING, "report", Settled.WITHDRAWN, "A reason.", by())

    assert str(refusal.value) == (
        "There is no deadline called report. The deadlines are: acknowledge, review, tell."
    )


@pytest.mark.parametrize("act", ["acknowledge", "review"])
@pytest.mark.parametrize("kind", [Settled.WITHDRAWN, Settled.NOT_APPLICABLE])
def test_a_settled_duty_is_open_again_once_in_force(case: Case, act: str, kind: Settled) -> None:
    after = settled(settled(case, act, kind), act, Settled.IN_FORCE)

    assert after.deadlines == case.deadlines


@pytest.mark.parametrize("act", ["acknowledge", "review"])
def test_a_met_duty_is_open_again_once_in_force(case: Case, act: str) -> None:
    after = settled(done(case, act, date(2026, 11, 24)), act, Settled.IN_FORCE)

    assert after.deadlines == case.deadlines


def test_the_date_that_met_a_duty_in_force_again_is_recorded_as_not_known(case: Case) -> None:
    after = settled(done(case, "review", date(2026, 11, 24)), "review", Settled.IN_FORCE)

    assert after.recorded["done_on"].on is None


def test_an_answered_date_that_met_a_duty_gives_way_too() -> None:
    case = a_case(RUNNING, done_on=RECEIVED_ON)

    assert the_deadline(settled(case, "review", Settled.IN_FORCE), "review").is_open


def test_the_day_of_receipt_stays_known_whatever_is_in_force() -> None:
    running = clocks(a_rule(met_by="received"))

    after = settle(a_case(running), running, "acknowledge", Settled.IN_FORCE, "A reason.", by())

    assert after.known()["received"].on == RECEIVED_ON


def test_a_duty_in_force_is_there_whatever_was_answered(case: Case) -> None:
    after = settled(case, "tell", Settled.IN_FORCE)

    assert case.deadline("tell") is None
    assert the_deadline(after, "tell").is_open


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Settled.WITHDRAWN, DeadlineState.WITHDRAWN),
        (Settled.NOT_APPLICABLE, DeadlineState.NOT_APPLICABLE),
    ],
)
def test_a_duty_set_aside_stays_so_when_its_date_becomes_known(
    case: Case, kind: Settled, state: DeadlineState
) -> None:
    aside = settled(case, "review", kind)

    after = recomputed(record_date(aside, NAMES, "done_on", RECEIVED_ON, by()), RUNNING)

    assert the_deadline(after, "review").state is state


@pytest.mark.parametrize("act", ["acknowledge", "review"])
@pytest.mark.parametrize("kind", [Settled.WITHDRAWN, Settled.NOT_APPLICABLE])
def test_a_duty_that_was_done_after_all_is_met(case: Case, act: str, kind: Settled) -> None:
    after = done(settled(case, act, kind), act, date(2026, 11, 24))

    assert the_deadline(after, act).state is DeadlineState.MET


def test_doing_what_does_not_apply_does_not_make_it_apply() -> None:
    running = clocks(replace(DIED_ONLY, met_by="done_on"))

    after = done(a_case(running), "tell", date(2026, 11, 24), running)

    assert after.deadline("tell") is None


def test_a_condition_set_aside_stays_so_once_the_duty_is_done() -> None:
    running = clocks(replace(DIED_ONLY, met_by="done_on"))
    in_force = settle(a_case(running), running, "tell", Settled.IN_FORCE, "A reason.", by())

    after = done(recomputed(in_force, running), "tell", date(2026, 11, 24), running)

    assert the_deadline(after, "tell").state is DeadlineState.MET


def test_withdrawing_twice_on_one_day_changes_nothing(case: Case) -> None:
    once = settled(case, "review", Settled.WITHDRAWN)

    assert settled(once, "review", Settled.WITHDRAWN, by(name="another")) == once


def test_another_reason_is_kept(case: Case) -> None:
    once = settled(case, "review", Settled.WITHDRAWN)
    again = settle(once, RUNNING, "review", Settled.WITHDRAWN, "Another.", by())

    assert again.settled["review"].reason == "Another."


def test_the_audit_trail_says_what_moved_and_nothing_else(case: Case) -> None:
    assert differences(case, settled(case, "review", Settled.WITHDRAWN)) == {
        "deadline.review": "2026-11-27 open to 2026-11-27 withdrawn"
    }


def test_the_audit_trail_says_what_a_new_holiday_moved(case: Case) -> None:
    after = recomputed(case, clocks(REVIEW, holidays=[date(2026, 11, 25)]))

    assert differences(case, after) == {
        "deadline.acknowledge": "2026-11-27 open to none",
        "deadline.review": "2026-11-27 open to 2026-11-30 open",
    }


def test_the_audit_trail_of_a_new_case_has_all_its_deadlines(case: Case) -> None:
    assert differences(None, case) == {
        "deadline.acknowledge": "none to 2026-11-27 open",
        "deadline.review": "none to 2026-11-27 open",
    }


def test_the_audit_trail_of_nothing_is_empty(case: Case) -> None:
    assert differences(case, recomputed(case, replace(RUNNING, version="v2"))) == {}


def test_a_settlement_is_of_the_day_in_london(case: Case) -> None:
    half_past_midnight = by(at_noon(date(2027, 6, 30)) + timedelta(hours=11, minutes=30))

    after = settled(case, "review", Settled.WITHDRAWN, half_past_midnight)

    assert the_deadline(after, "review").closed_on == date(2027, 7, 1)
