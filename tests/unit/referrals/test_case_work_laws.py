"""Whatever people do to a case, in whatever order, some things never happen."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.case_document import copied
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor, NotPossible
from chalicelib.referrals.case_closing import closed, reopened
from chalicelib.referrals.case_decisions import recorded
from chalicelib.referrals.case_steps import assigned, barred, moved, unbarred
from chalicelib.referrals.case_work import CaseWork, Conflict, Stage
from chalicelib.referrals.outcomes import NO_REVIEW, SAR_MANDATORY
from chalicelib.referrals.staff import NotAllowed, Person, Role
from tests.unit.referrals.a_worked_case import (
    EVERYBODY,
    MANDATORY,
    NOW,
    TODAY,
    a_form,
    case_of,
)

# Most of what happens is done by somebody who may do everything, or little would happen.
ANYBODY = Person("p-1", "A Person", frozenset(Role))
PEOPLE = st.sampled_from([*[ANYBODY] * 6, *EVERYBODY])
REASONS = st.sampled_from(["A reason", "Another", "x" * 999, ""])
IDS = st.sampled_from(["p-1", "p-2", EVERYBODY[0].id])
OUTCOME = st.sampled_from(
    ["learning_review", "duplicate_merged", NO_REVIEW, SAR_MANDATORY, "lcspr"]
)
STAGES = st.sampled_from(Stage)
FORMS = st.builds(
    a_form,
    kind=st.sampled_from(["recommendation", "decision"]),
    outcome=OUTCOME,
    criteria=st.sampled_from([MANDATORY, ()]),
    alternative=REASONS,
    review_on=st.sampled_from([None, TODAY.replace(year=2027)]),
    supersedes=st.sampled_from([None, None, "d-0", "d-1"]),
)
VERBS = st.one_of(
    st.tuples(st.just("move"), STAGES, REASONS),
    st.tuples(st.just("assign"), IDS | st.just("")),
    st.tuples(st.just("bar"), IDS),
    st.tuples(st.just("unbar"), IDS, REASONS),
    st.tuples(st.just("record"), FORMS),
    st.tuples(st.just("close"), OUTCOME, REASONS),
    st.tuples(st.just("reopen"), STAGES, REASONS),
)
# Left to itself Hypothesis makes lists too short for anything to be undone in them.
HISTORIES = st.lists(st.tuples(PEOPLE, VERBS), min_size=20, max_size=30)


def act(case: Case, person: Person, verb: tuple[Any, ...]) -> CaseWork:
    work, name = case.work, verb[0]
    given: Any = verb[1]
    reason: Any = verb[-1]
    conflict = Conflict("A Person", "A reason", person.name, NOW)
    match name:
        case "move":
            return moved(work, given, reason, person, NOW)
        case "assign":
            return assigned(work, given, "A Person", person)
        case "bar":
            return barred(work, given, conflict, person)
        case "unbar":
            return unbarred(work, given, reason, person, NOW)
        case "record":
            decision_id = f"d-{len(work.decisions)}"
            return recorded(case, given, decision_id, Actor(person.name, NOW, person))
        case "close":
            return closed(work, case.stream, given, reason, person, NOW)
    return reopened(work, given, reason, person, NOW)


def lived(stream: str, history: list[tuple[Person, tuple[Any, ...]]]) -> list[CaseWork]:
    """The work after each act that was carried out, the first as received."""
    case, found = case_of(stream=stream), [CaseWork()]
    for person, verb in history:
        try:
            work = act(case, person, verb)
        except (NotPossible, NotAllowed):
            continue
        assert person.id not in case.work.barred
        case = replace(case, work=work)
        found.append(work)
    return found


# How long an example takes says nothing on a busy machine.
LAW = settings(deadline=None)
STREAMS = st.sampled_from(["adult", "child"])


@LAW
@given(STREAMS, HISTORIES)
def test_no_history_edits_or_removes_a_decision(stream: str, history: Any) -> None:
    lives = lived(stream, history)

    for before, after in pairwise(lives):
        assert after.decisions[: len(before.decisions)] == before.decisions
        assert after.moves[: len(before.moves)] == before.moves


@LAW
@given(STREAMS, HISTORIES)
def test_no_history_forgets_a_conflict_of_interest(stream: str, history: Any) -> None:
    for before, after in pairwise(lived(stream, history)):
        kept = after.ended_conflicts
        assert kept[: len(before.ended_conflicts)] == before.ended_conflicts
        gone = before.barred - after.barred
        assert [one.person for one in kept[len(before.ended_conflicts) :]] == list(gone)


@LAW
@given(STREAMS, HISTORIES)
def test_no_decision_is_superseded_twice(stream: str, history: Any) -> None:
    corrected = [one.supersedes for one in lived(stream, history)[-1].decisions if one.supersedes]

    assert len(corrected) == len(set(corrected))


@LAW
@given(STREAMS, HISTORIES)
def test_a_case_has_an_outcome_and_a_last_day_exactly_while_it_is_closed(
    stream: str, history: Any
) -> None:
    for work in lived(stream, history):
        assert work.is_closed is (work.outcome is not None) is (work.closed_on is not None)


@LAW
@given(STREAMS, HISTORIES)
def test_nobody_with_a_conflict_of_interest_has_the_case(stream: str, history: Any) -> None:
    for work in lived(stream, history):
        assert work.assignee not in work.barred


@LAW
@given(STREAMS, HISTORIES)
def test_any_case_comes_back_from_a_store_as_it_was(stream: str, history: Any) -> None:
    case = replace(case_of(stream=stream), work=lived(stream, history)[-1])

    assert copied(case) == case
