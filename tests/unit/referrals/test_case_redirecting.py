"""A live concern is passed on: what is kept of it, who may, and what cannot be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.case_document import copied
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_redirecting import LONGEST_LINE, redirected
from chalicelib.referrals.case_steps import MOST_TEXT
from chalicelib.referrals.case_work import CaseWork, Conflict, Stage
from chalicelib.referrals.redirection import Redirection
from chalicelib.referrals.staff import NotAllowed, Person
from tests.unit.referrals.a_worked_case import (
    ADMIN,
    AUDITOR,
    CHAIR,
    MANAGER,
    MEMBER,
    NOW,
    SUPPORT,
    case_of,
    work_at,
)


def passed(**changes: Any) -> Redirection:
    redirection = Redirection(
        route="Concerned about someone (0300 000 0000)",
        told="Duty desk",
        told_at=NOW - timedelta(hours=1),
        their_reference="X-1",
        decision_needed=True,
        by=SUPPORT.id,
        name=SUPPORT.name,
        at=NOW,
    )
    return replace(redirection, **changes)


def do(work: CaseWork | None = None, person: Person = SUPPORT, **changes: Any) -> CaseWork:
    return redirected(case_of(work), passed(**changes), person)


def test_a_concern_that_was_passed_on_is_kept_with_the_case_which_stays_open() -> None:
    work = do(work_at(Stage.SCOPING))

    assert work.redirections == (passed(),)
    assert work.stage is Stage.SCOPING
    assert copied(case_of(work)) == case_of(work)


def test_each_one_that_is_passed_on_is_added() -> None:
    work = do(do(), told="The police")

    assert [one.told for one in work.redirections] == ["Duty desk", "The police"]


def test_without_a_decision_needed_the_case_closes_as_redirected() -> None:
    work = do(person=MANAGER, decision_needed=False)

    assert (work.stage, work.outcome) == (Stage.CLOSED, "live_concern_redirected")
    assert work.redirections[0].decision_needed is False


@pytest.mark.parametrize("person", [MEMBER, CHAIR, AUDITOR, ADMIN])
def test_only_who_works_on_cases_records_it(person: Person) -> None:
    with pytest.raises(NotAllowed):
        do(person=person)


def test_only_who_may_close_the_case_closes_it_with_it() -> None:
    with pytest.raises(NotAllowed):
        do(person=SUPPORT, decision_needed=False)


def test_who_is_barred_records_nothing() -> None:
    conflict = Conflict("A Person", "A reason", "A manager", NOW)

    with pytest.raises(NotAllowed):
        do(CaseWork(conflicts={SUPPORT.id: conflict}))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"told": ""}, "told"),
        ({"told": "x" * (LONGEST_LINE + 1)}, "told"),
        ({"told": "two\nlines"}, "told"),
        ({"told": "\u202eesrever"}, "told"),
        ({"their_reference": "x" * (LONGEST_LINE + 1)}, "theirs"),
        ({"their_reference": "\x00"}, "theirs"),
        ({"told_at": NOW + timedelta(microseconds=1)}, "on"),
        ({"told_at": datetime(1989, 12, 31, 12, tzinfo=UTC)}, "on"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(changes: Any, field: str) -> None:
    with pytest.raises(NotPossible) as refused:
        do(**changes)

    assert [name for name, _ in refused.value.problems] == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"told_at": NOW},
        {"told": "x" * LONGEST_LINE},
        {"their_reference": ""},
        {"told_at": datetime(1990, 1, 1, 12, tzinfo=UTC)},
    ],
)
def test_what_just_can_be_kept_is(changes: Any) -> None:
    assert do(**changes).redirections == (passed(**changes),)


def test_a_closed_case_and_a_full_one_take_none() -> None:
    for work in (work_at(Stage.CLOSED), CaseWork(assignee_name="x" * MOST_TEXT)):
        with pytest.raises(NotPossible):
            do(work)
