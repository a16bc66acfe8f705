"""What becomes of a case when its referrer is asked, answers, or is asked no more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.referrals.case_change import Actor, NotPossible
from chalicelib.referrals.case_steps import MOST_TEXT
from chalicelib.referrals.case_work import CaseWork, Conflict, Stage
from chalicelib.referrals.information import (
    LONGEST_QUESTION,
    LONGEST_WAIT,
    WORKS_ON,
    Addition,
    Ending,
)
from chalicelib.referrals.information_steps import (
    MOST_OPEN,
    answered,
    asked,
    asked_as,
    withdrawn,
)
from chalicelib.referrals.staff import NotAllowed, Person, Right
from tests.unit.referrals.a_worked_case import (
    EVERYBODY,
    NOW,
    SUPPORT,
    TODAY,
)

SOON = TODAY + timedelta(days=14)
ADDED = Addition("a-1", "SUF-BCDF-3479", "r-1", NOW, "Jo Referrer", "The school was closed.")


def ask(
    work: CaseWork | None = None,
    *,
    by: Person = SUPPORT,
    question: str = "Which school?",
    answer_by: date = SOON,
    request: str = "r-1",
) -> CaseWork:
    actor = Actor(by.name, NOW, by)
    work = work or CaseWork(stage=Stage.ACKNOWLEDGED)
    return asked(work, request, "hash", question, answer_by, actor, by_email=True)


def take_back(work: CaseWork, *, by: Person = SUPPORT, reason: str = "They phoned.") -> CaseWork:
    return withdrawn(work, "r-1", reason, Actor(by.name, NOW, by))


def test_a_request_is_kept_with_who_asked_and_until_when_it_works() -> None:
    (request,) = ask().requests

    assert (request.question, request.answer_by, request.expires_on) == (
        "Which school?",
        SOON,
        SOON + WORKS_ON,
    )
    assert (request.asked_by, request.name, request.at, request.by_email) == (
        SUPPORT.id,
        SUPPORT.name,
        NOW,
        True,
    )


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED])
def test_the_case_moves_to_say_so_only_where_that_is_the_way_onward(stage: Stage) -> None:
    after = ask(CaseWork(stage=stage)).stage

    assert after is (Stage.INFO_REQUESTED if stage is Stage.ACKNOWLEDGED else stage)


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda one: one.name)
def test_only_who_works_on_cases_asks_and_withdraws(person: Person) -> None:
    if person.may(Right.WORK_CASES):
        assert take_back(ask(by=person), by=person).requests
        return
    with pytest.raises(NotAllowed):
        ask(by=person)
    with pytest.raises(NotAllowed):
        take_back(ask(), by=person)


def test_whoever_is_barred_neither_asks_nor_withdraws() -> None:
    bar = {SUPPORT.id: Conflict(SUPPORT.name, "A relative", "A manager", NOW)}

    with pytest.raises(NotAllowed):
        ask(CaseWork(conflicts=bar))
    with pytest.raises(NotAllowed):
        take_back(replace(ask(), conflicts=bar))


def test_nobody_is_asked_about_a_closed_case() -> None:
    with pytest.raises(NotPossible, match="closed"):
        ask(CaseWork(stage=Stage.CLOSED))
    with pytest.raises(NotPossible, match="closed"):
        take_back(replace(ask(), stage=Stage.CLOSED))


@pytest.mark.parametrize(
    ("question", "answer_by", "fields"),
    [
        ("q" * LONGEST_QUESTION, TODAY + timedelta(days=1), []),
        ("Zwei Zeilen\nund 👩‍👧", TODAY + LONGEST_WAIT, []),
        ("", TODAY, ["question", "answer_by"]),
        (" \n", SOON, ["question"]),
        ("q" * (LONGEST_QUESTION + 1), SOON, ["question"]),
        ("a\x07b", SOON, ["question"]),
        ("Which?", TODAY - timedelta(days=1), ["answer_by"]),
        ("Which?", TODAY + LONGEST_WAIT + timedelta(days=1), ["answer_by"]),
    ],
)
def test_what_is_wrong_with_a_request_is_told_by_field(
    question: str, answer_by: date, fields: list[str]
) -> None:
    if not fields:
        assert ask(question=question, answer_by=answer_by).requests
        return
    with pytest.raises(NotPossible) as refused:
        ask(question=question, answer_by=answer_by)
    assert [field for field, _ in refused.value.problems] == fields


def test_a_full_case_takes_no_question() -> None:
    full = CaseWork(stage=Stage.SCOPING, assignee_name="n" * MOST_TEXT)

    with pytest.raises(NotPossible, match="no more text"):
        ask(full)


def test_only_so_many_questions_are_open_at_once() -> None:
    work = CaseWork(stage=Stage.SCOPING)
    for number in range(MOST_OPEN):
        work = ask(work, request=f"r-{number}")

    with pytest.raises(NotPossible, match="Withdraw one first"):
        ask(work, request="r-last")
    assert ask(take_back(work), request="r-last").requests


def test_a_code_is_taken_back_however_full_the_case_is() -> None:
    work = replace(ask(), assignee_name="n" * MOST_TEXT)

    assert take_back(work).requests[0].ended is not None


def test_a_withdrawn_request_keeps_the_question_and_the_reason() -> None:
    (request,) = take_back(ask()).requests

    assert request.question == "Which school?"
    assert request.ended is not None
    assert (request.ended.how, request.ended.by, request.ended.reason) == (
        Ending.WITHDRAWN,
        SUPPORT.name,
        "They phoned.",
    )


def test_a_reason_is_asked_for() -> None:
    with pytest.raises(NotPossible) as refused:
        take_back(ask(), reason=" ")
    assert refused.value.problems[0][0] == "reason"


def test_an_answer_ends_its_own_request_only() -> None:
    work = ask(ask(), request="r-2")

    work = answered(work, ADDED)

    first, second = asked_as(work, "r-1"), asked_as(work, "r-2")
    assert first is not None
    assert first.ended is not None
    assert (first.ended.how, first.ended.added, first.ended.by) == (
        Ending.ANSWERED,
        "a-1",
        "Jo Referrer",
    )
    assert second is not None
    assert second.ended is None


def test_a_request_ends_once() -> None:
    for ended in (answered(ask(), ADDED), take_back(ask())):
        with pytest.raises(NotPossible, match="already"):
            answered(ended, ADDED)
        with pytest.raises(NotPossible, match="already"):
            take_back(ended)


def test_what_was_never_asked_cannot_be_withdrawn() -> None:
    with pytest.raises(NotPossible, match="no such request"):
        take_back(CaseWork(stage=Stage.SCOPING))


def test_one_id_is_asked_once() -> None:
    with pytest.raises(NotPossible, match="already"):
        ask(ask())


def test_an_answer_is_taken_however_full_the_case_is() -> None:
    work = replace(ask(), assignee_name="n" * MOST_TEXT)

    assert answered(work, ADDED).requests[0].ended is not None
