"""A case: the dates that are known, and where its deadlines are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.referrals.case import Case, DeadlineState, KnownDate, RecordedDate
from tests.unit.referrals.a_case import RECEIVED_AT, a_case, a_deadline, a_rule, clocks

ANSWERED = KnownDate(date(2026, 11, 19), estimated=True)
# 23:59 in London on Friday 27 November 2026.
DUE_AT = datetime(2026, 11, 27, 23, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def with_recorded(on: date | None) -> Case:
    recorded = {"told_on": RecordedDate(on, "a.manager", RECEIVED_AT)}
    return Case("r", "adult", RECEIVED_AT, answered={"told_on": ANSWERED}, recorded=recorded)


def test_a_date_is_known_as_answered() -> None:
    case = Case("r", "adult", RECEIVED_AT, answered={"told_on": ANSWERED})

    assert case.known() == {"told_on": ANSWERED}


def test_a_recorded_date_comes_before_an_answered_one_and_is_no_estimate() -> None:
    assert with_recorded(date(2026, 11, 18)).known() == {"told_on": KnownDate(date(2026, 11, 18))}


def test_a_date_recorded_as_not_known_is_not_known() -> None:
    assert with_recorded(None).known() == {}


def test_what_was_answered_is_kept_beside_what_was_recorded() -> None:
    case = with_recorded(None)
    case.known()

    assert case.answered == {"told_on": ANSWERED}


def test_a_rule_whose_clock_has_not_started_has_no_deadline() -> None:
    case = a_case(clocks(a_rule("one"), a_rule("two", trigger="told_on")))

    assert (case.deadline("one") is not None, case.deadline("two")) == (True, None)


@pytest.mark.parametrize(
    ("changes", "now", "overdue"),
    [
        ({}, DUE_AT, False),
        ({}, DUE_AT + SECOND, True),
        ({"kind": "prompt"}, DUE_AT + SECOND, False),
        ({"state": DeadlineState.MET}, DUE_AT + SECOND, False),
        ({"state": DeadlineState.WITHDRAWN}, DUE_AT + SECOND, False),
    ],
    ids=str,
)
def test_only_an_open_deadline_of_the_partnerships_own_is_overdue(
    changes: dict[str, Any], now: datetime, overdue: bool
) -> None:
    assert replace(a_deadline(a_rule()), **changes).is_overdue(now) is overdue


@pytest.mark.parametrize(
    ("state", "closed_on", "late"),
    [
        (DeadlineState.MET, date(2026, 11, 27), False),
        (DeadlineState.MET, date(2026, 11, 28), True),
        (DeadlineState.WITHDRAWN, date(2026, 11, 28), False),
        (DeadlineState.NOT_APPLICABLE, date(2026, 11, 28), False),
        (DeadlineState.OPEN, None, False),
    ],
    ids=str,
)
def test_a_deadline_is_met_late_after_its_day(
    state: DeadlineState, closed_on: date | None, late: bool
) -> None:
    assert replace(a_deadline(a_rule()), state=state, closed_on=closed_on).met_late is late


def test_the_next_due_instant_is_of_the_first_open_deadline() -> None:
    rules = (
        a_rule("another's", length=1, kind="prompt"),
        a_rule("done", length=2, met_by="done_on"),
        a_rule("later", length=9),
        a_rule("first"),
    )

    assert a_case(clocks(*rules), done_on=date(2026, 11, 20)).next_due() == DUE_AT


def test_a_deadline_that_is_late_is_still_the_next() -> None:
    case = a_case(clocks(a_rule(trigger="told_on")), told_on=date(2020, 1, 6))

    assert case.next_due() == datetime(2020, 1, 13, 23, 59, tzinfo=UTC)


def test_a_case_with_nothing_to_do_has_no_next_due_instant() -> None:
    case = a_case(clocks(a_rule(met_by="done_on")), done_on=date(2026, 11, 20))

    assert case.next_due() is None


def test_the_next_version_of_a_case_counts_one_on() -> None:
    case = replace(a_case(clocks(a_rule())), version=7)

    assert case.superseded_by(stream="child") == replace(case, version=8, stream="child")
