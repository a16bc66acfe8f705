"""What staff do to a case's clocks: dates recorded, duties met, and what follows for deadlines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.referrals.case import Case, Deadline, DeadlineState, KnownDate, RecordedDate
from chalicelib.referrals.case_change import NotPossible, meet, recomputed, record_date
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

REVIEW = a_rule("review", trigger="sent_on", length=15, duty="review", met_by="done_on")
CAUTIOUS = replace(REVIEW, id="review-cautious", trigger="told_on")
ACKNOWLEDGE = a_rule()
RUNNING = clocks(ACKNOWLEDGE, REVIEW, CAUTIOUS)
LATER = by(RECEIVED_AT + timedelta(days=30))


def done(case: Case, act: str, on: date, running: Clocks = RUNNING) -> Case:
    return recomputed(meet(case, running, NAMES, act, on, LATER), running)


def recorded(case: Case, name: str, on: date | None, running: Clocks = RUNNING) -> Case:
    return recomputed(record_date(case, NAMES, name, on, LATER), running)


def state(case: Case, rule: str) -> tuple[DeadlineState, date | None]:
    deadline: Deadline = the_deadline(case, rule)
    return deadline.state, deadline.closed_on


@pytest.fixture
def case() -> Case:
    """Told on 12 November, sent on 20 November: due on 3 and on 11 December."""
    return a_case(RUNNING, told_on=date(2026, 11, 12), sent_on=RECEIVED_ON)


def test_a_recorded_date_says_who_recorded_it_and_when(case: Case) -> None:
    after = record_date(case, NAMES, "sent_on", date(2026, 11, 19), LATER)

    assert after.recorded == {"sent_on": RecordedDate(date(2026, 11, 19), "a.manager", LATER.at)}


def test_a_corrected_date_moves_its_own_deadlines_only(case: Case) -> None:
    after = recorded(case, "sent_on", date(2026, 11, 19))

    assert the_deadline(after, "review").due_on == date(2026, 12, 10)
    assert the_deadline(after, "review-cautious") == the_deadline(case, "review-cautious")


def test_a_date_that_is_not_known_after_all_stops_its_clocks(case: Case) -> None:
    assert recorded(case, "sent_on", None).deadline("review") is None


def test_the_same_date_again_is_no_change(case: Case) -> None:
    once = recorded(case, "sent_on", date(2026, 11, 19))
    again = record_date(once, NAMES, "sent_on", date(2026, 11, 19), by(LATER.at, "another"))

    assert again is once


def test_not_known_again_is_no_change(case: Case) -> None:
    once = recorded(case, "sent_on", None)

    assert record_date(once, NAMES, "sent_on", None, by()) is once


def test_an_estimate_that_staff_confirm_is_no_estimate() -> None:
    estimate = {"sent_on": KnownDate(RECEIVED_ON, estimated=True)}
    case = recomputed(replace(a_case(RUNNING), answered=estimate), RUNNING)

    after = recorded(case, "sent_on", RECEIVED_ON)

    assert [the_deadline(one, "review").estimated for one in (case, after)] == [True, False]


def test_an_estimate_that_staff_confirm_after_the_duty_was_done_is_no_estimate() -> None:
    estimate = {"sent_on": KnownDate(RECEIVED_ON, estimated=True)}
    case = recomputed(replace(a_case(RUNNING), answered=estimate), RUNNING)

    after = recorded(done(case, "review", date(2026, 12, 1)), "sent_on", RECEIVED_ON)

    assert not the_deadline(after, "review").estimated


@pytest.mark.parametrize(
    ("name", "on", "why"),
    [
        (
            "sent",
            RECEIVED_ON,
            "There is no date called sent. The dates are: done_on, publish_on, sent_on, told_on.",
        ),
        (
            "received",
            RECEIVED_ON,
            "There is no date called received. "
            "The dates are: done_on, publish_on, sent_on, told_on.",
        ),
        (
            "sent_on",
            date(2026, 11, 21),
            "Saturday 21 November 2026 has not come yet. "
            "Record a date when it has happened: The notification was sent.",
        ),
        (
            "sent_on",
            date(1989, 12, 31),
            "Sunday 31 December 1989 is too long ago. Check the year.",
        ),
        (
            "publish_on",
            date(2062, 11, 20),
            "Monday 20 November 2062 is too far ahead. Check the year.",
        ),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_what_to_do(name: str, on: date, why: str) -> None:
    with pytest.raises(NotPossible) as refusal:
        record_date(a_case(RUNNING), NAMES, name, on, by())

    assert str(refusal.value) == why


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("sent_on", RECEIVED_ON),
        ("sent_on", date(1990, 1, 1)),
        ("publish_on", date(2026, 11, 21)),
        ("publish_on", date(2031, 11, 20)),
    ],
)
def test_a_date_that_may_be_is_taken(name: str, on: date) -> None:
    assert record_date(a_case(RUNNING), NAMES, name, on, by()).recorded[name].on == on


def test_today_is_the_day_in_london() -> None:
    half_past_midnight = by(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    first = date(2026, 7, 1)

    after = record_date(a_case(RUNNING), NAMES, "sent_on", first, half_past_midnight)

    assert after.recorded["sent_on"].on == first


def test_one_act_meets_every_clock_of_its_duty(case: Case) -> None:
    on = date(2026, 12, 1)
    after = done(case, "review", on)

    assert state(after, "review") == state(after, "review-cautious") == (DeadlineState.MET, on)


def test_each_clock_of_a_duty_is_late_or_not_by_its_own_date(case: Case) -> None:
    after = done(case, "review", date(2026, 12, 7))

    late = [the_deadline(after, rule).met_late for rule in ("review-cautious", "review")]
    assert late == [True, False]


def test_a_duty_of_another_act_stays_open(case: Case) -> None:
    assert the_deadline(done(case, "review", date(2026, 12, 1))).is_open


def test_a_duty_that_a_date_meets_is_met_by_recording_it(case: Case) -> None:
    assert done(case, "review", date(2026, 12, 1)).recorded["done_on"].on == date(2026, 12, 1)


def test_recording_the_date_is_meeting_the_duty(case: Case) -> None:
    after = recorded(case, "done_on", date(2026, 12, 1))

    assert after.deadlines == done(case, "review", date(2026, 12, 1)).deadlines


def test_a_duty_whose_date_is_not_known_after_all_is_open_again(case: Case) -> None:
    met = done(case, "review", date(2026, 12, 1))

    assert recorded(met, "done_on", None).deadlines == case.deadlines


def test_a_duty_without_a_date_of_its_own_is_met_on_a_day(case: Case) -> None:
    on = date(2026, 11, 24)

    assert state(done(case, "acknowledge", on), "acknowledge") == (DeadlineState.MET, on)


@pytest.mark.parametrize("act", ["acknowledge", "review"])
def test_the_day_a_duty_was_done_can_be_corrected(case: Case, act: str) -> None:
    after = done(done(case, act, date(2026, 12, 1)), act, date(2026, 12, 2))

    assert state(after, act) == (DeadlineState.MET, date(2026, 12, 2))


@pytest.mark.parametrize("act", ["acknowledge", "review"])
def test_meeting_a_duty_twice_on_one_day_changes_nothing(case: Case, act: str) -> None:
    once = done(case, act, date(2026, 12, 1))

    assert done(once, act, date(2026, 12, 1)) == once


def test_a_duty_may_be_done_before_its_clock_starts() -> None:
    running = clocks(a_rule(trigger="sent_on"))
    early = done(a_case(running), "acknowledge", date(2026, 11, 21), running)

    after = recorded(early, "sent_on", date(2026, 11, 23), running)

    assert state(after, "acknowledge") == (DeadlineState.MET, date(2026, 11, 21))


def test_a_duty_that_receipt_meets_is_met_by_nothing_else() -> None:
    running = clocks(a_rule(trigger="told_on", met_by="received"))

    with pytest.raises(NotPossible) as refusal:
        done(a_case(running, told_on=RECEIVED_ON), "acknowledge", RECEIVED_ON, running)

    assert str(refusal.value) == "It was met when the referral was received."


@pytest.mark.parametrize(
    ("act", "on", "why"),
    [
        (
            "report",
            RECEIVED_ON,
            "There is no deadline called report. The deadlines are: acknowledge, review.",
        ),
        (
            "review",
            date(2026, 11, 21),
            "Saturday 21 November 2026 has not come yet. "
            "Record a date when it has happened: The review deadline.",
        ),
        (
            "acknowledge",
            date(1926, 11, 20),
            "Saturday 20 November 1926 is too long ago. Check the year.",
        ),
    ],
)
def test_what_cannot_have_been_done_is_refused_with_what_to_do(
    case: Case, act: str, on: date, why: str
) -> None:
    with pytest.raises(NotPossible) as refusal:
        meet(case, RUNNING, NAMES, act, on, by())

    assert str(refusal.value) == why
