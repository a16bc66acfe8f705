"""What a recommendation or a decision must say (R9, R10), who records and who corrects it."""

from datetime import date, timedelta
from itertools import chain, combinations
from typing import Any

import pytest

from chalicelib.referrals.case_change import Actor, NotPossible
from chalicelib.referrals.case_decisions import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_PARTNERS,
    DecisionForm,
    recorded,
)
from chalicelib.referrals.case_work import CaseWork, Conflict, Stage
from chalicelib.referrals.outcomes import NO_REVIEW, OUTCOMES, SAR_MANDATORY, outcomes_for
from chalicelib.referrals.staff import NotAllowed, Person
from tests.unit.referrals.a_worked_case import (
    ADMIN,
    AUDITOR,
    CHAIR,
    MANAGER,
    MANDATORY,
    MEMBER,
    NOW,
    SUPPORT,
    TODAY,
    a_form,
    case_of,
    record,
)

REVIEW_ON = TODAY + timedelta(days=90)
LIMBS = ("A_NEEDS", "A_WORKING", "A_DEATH", "A_SERIOUS")
ANY_LIMBS = list(chain.from_iterable(combinations(LIMBS, size) for size in range(5)))
ENOUGH = {
    ("A_NEEDS", "A_WORKING", "A_DEATH"),
    ("A_NEEDS", "A_WORKING", "A_SERIOUS"),
    ("A_NEEDS", "A_WORKING", "A_DEATH", "A_SERIOUS"),
}


def wrong_fields(form: DecisionForm, **case: Any) -> set[str]:
    """The parts of a form that are told to be wrong; none when it is taken."""
    try:
        record(CaseWork(), form, **case)
    except NotPossible as refused:
        return {field for field, text in refused.problems if text}
    return set()


def no_review(**changes: Any) -> DecisionForm:
    complete = {"outcome": NO_REVIEW, "alternative": "A learning event", "review_on": REVIEW_ON}
    return a_form(**{**complete, **changes})


def test_a_decision_is_kept_with_everything_that_was_given() -> None:
    form = no_review(
        criteria=("A_NEEDS",), partner_views={"Police": " Agrees ", "Health": " ", "": "Lost"}
    )

    (kept,) = record(CaseWork(), form).decisions

    assert (kept.outcome, kept.criteria, kept.alternative) == (
        NO_REVIEW,
        ("A_NEEDS",),
        "A learning event",
    )
    assert kept.partner_views == {"Police": "Agrees"}
    assert (kept.decider, kept.by, kept.name, kept.at) == (
        "Independent Chair",
        CHAIR.id,
        CHAIR.name,
        NOW,
    )
    assert (kept.decided_on, kept.review_on) == (TODAY, REVIEW_ON)


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"decider": " "}, "decider"),
        ({"reasons": " \n"}, "reasons"),
        ({"alternative": " "}, "alternative"),
        ({"review_on": None}, "review_on"),
    ],
)
@pytest.mark.parametrize("kind", ["recommendation", "decision"])
def test_no_review_is_recorded_with_nothing_missing(
    kind: str, missing: dict[str, Any], field: str
) -> None:
    assert wrong_fields(no_review()) == set()
    person = MEMBER if kind == "recommendation" else CHAIR
    assert wrong_fields(no_review(kind=kind, **missing), person=person) == {field}


def test_everything_that_is_missing_is_told_at_once() -> None:
    form = no_review(decider="", reasons="", alternative="", review_on=None)

    assert wrong_fields(form) == {"decider", "reasons", "alternative", "review_on"}


@pytest.mark.parametrize("outcome", [one for one in outcomes_for("adult") if one != NO_REVIEW])
def test_every_other_outcome_needs_a_decider_and_reasons_too(outcome: str) -> None:
    form = a_form(outcome=outcome, criteria=MANDATORY, decider="", reasons="")

    assert wrong_fields(form) == {"decider", "reasons"}


@pytest.mark.parametrize("criteria", ANY_LIMBS)
@pytest.mark.parametrize("kind", ["recommendation", "decision"])
def test_a_mandatory_review_needs_every_limb_of_the_law(
    kind: str, criteria: tuple[str, ...]
) -> None:
    person = MEMBER if kind == "recommendation" else CHAIR
    form = a_form(kind=kind, outcome=SAR_MANDATORY, criteria=(*criteria, "A_GOOD"))

    wrong = wrong_fields(form, person=person)

    assert wrong == (set() if criteria in ENOUGH else {"criteria"})


@pytest.mark.parametrize("outcome", [one for one in outcomes_for("adult") if one != SAR_MANDATORY])
def test_no_other_outcome_asks_for_a_criterion(outcome: str) -> None:
    assert wrong_fields(no_review(outcome=outcome, criteria=())) == set()


@pytest.mark.parametrize("stream", ["adult", "child"])
@pytest.mark.parametrize("outcome", [*OUTCOMES, "", "something_else"])
def test_an_outcome_is_one_of_the_stream(stream: str, outcome: str) -> None:
    form = no_review(outcome=outcome, criteria=MANDATORY)

    possible = outcome in outcomes_for(stream)

    assert ("outcome" in wrong_fields(form, stream=stream)) is not possible


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decided_on": TODAY + timedelta(days=1)}, "decided_on"),
        ({"decided_on": date(2026, 11, 19)}, "decided_on"),
        ({"review_on": TODAY}, "review_on"),
        ({"review_on": TODAY + timedelta(days=6 * 365)}, "review_on"),
        ({"criteria": ("a_needs",)}, "criteria"),
        ({"criteria": ("<b>",)}, "criteria"),
        ({"decider": "x" * (LONGEST_NAME + 1)}, "decider"),
        ({"decider": "bell\a"}, "decider"),
        ({"reasons": "x" * (LONGEST_TEXT + 1)}, "reasons"),
        ({"alternative": "bell\a"}, "alternative"),
        ({"partner_views": {"Police": "x" * (LONGEST_TEXT + 1)}}, "partner_views"),
        ({"notes": {"The meeting": "x" * (LONGEST_TEXT + 1)}}, "notes"),
        ({"notes": {"The meeting": "bell\a"}}, "notes"),
        ({"notes": {f"{n}": "A note" for n in range(MOST_PARTNERS + 1)}}, "notes"),
        ({"partner_views": {"x" * (LONGEST_NAME + 1): "Agrees"}}, "partner_views"),
        (
            {"partner_views": {f"{n}": "Agrees" for n in range(MOST_PARTNERS + 1)}},
            "partner_views",
        ),
    ],
)
def test_what_cannot_be_so_is_told_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert wrong_fields(a_form(**changes)) == {field}


@pytest.mark.parametrize(
    "changes",
    [
        {"decided_on": TODAY},
        {"decided_on": date(2026, 11, 20)},
        {"review_on": TODAY + timedelta(days=1)},
        {"decider": "x" * LONGEST_NAME},
        {"reasons": "x" * LONGEST_TEXT},
        {"reasons": "Two\nlines\tand “quotes” 🙂"},
    ],
)
def test_what_may_just_be_so_is_taken(changes: dict[str, Any]) -> None:
    assert wrong_fields(a_form(**changes)) == set()


@pytest.mark.parametrize(
    ("person", "kinds"),
    [
        (SUPPORT, set()),
        (MANAGER, {"recommendation", "decision"}),
        (MEMBER, {"recommendation"}),
        (CHAIR, {"recommendation", "decision"}),
        (AUDITOR, set()),
        (ADMIN, set()),
    ],
)
def test_who_may_recommend_and_who_may_decide(person: Person, kinds: set[str]) -> None:
    taken = set()
    for kind in ("recommendation", "decision"):
        try:
            record(CaseWork(), a_form(kind=kind), person)
        except NotAllowed:
            continue
        taken.add(kind)

    assert taken == kinds


def test_nobody_with_a_conflict_of_interest_decides() -> None:
    work = CaseWork(conflicts={CHAIR.id: Conflict(CHAIR.name, "A reason", "A manager", NOW)})

    with pytest.raises(NotAllowed):
        record(work, a_form())


def test_the_command_decides_nothing() -> None:
    with pytest.raises(NotAllowed):
        recorded(case_of(), a_form(), "d-1", Actor("command: ops", NOW))


def test_a_kind_that_is_neither_is_refused() -> None:
    with pytest.raises(NotPossible, match="recommendation or a decision"):
        record(CaseWork(), a_form(kind="opinion"))


def test_nothing_is_decided_in_a_closed_case() -> None:
    with pytest.raises(NotPossible, match="closed"):
        record(CaseWork(stage=Stage.CLOSED), a_form())


@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        (Stage.PANEL_LISTED, "recommendation", Stage.RECOMMENDED),
        (Stage.RECOMMENDED, "decision", Stage.DECIDED),
        (Stage.RAPID_REVIEW, "decision", Stage.PARTNER_DECISION),
        (Stage.SCOPING, "recommendation", Stage.SCOPING),
        (Stage.PANEL_LISTED, "decision", Stage.PANEL_LISTED),
        (Stage.REVIEW_RUNNING, "decision", Stage.REVIEW_RUNNING),
        (Stage.RECOMMENDED, "recommendation", Stage.RECOMMENDED),
    ],
)
def test_what_is_recorded_carries_the_case_on_when_it_is_next(
    before: Stage, kind: str, after: Stage
) -> None:
    work = record(CaseWork(stage=before), a_form(kind=kind))

    assert work.stage is after
    assert [(move.before, move.after) for move in work.moves] == (
        [] if before is after else [(before, after)]
    )


def test_a_correction_supersedes_and_leaves_what_it_corrects() -> None:
    first = record(CaseWork(), a_form())
    (wrong,) = first.decisions

    work = record(first, a_form(outcome="thematic_review", supersedes=wrong.id))

    assert work.decisions[0] == wrong
    assert work.superseding(wrong.id) == work.decisions[1] == work.in_force("decision")


def test_the_last_that_stands_is_in_force_of_its_kind() -> None:
    work = record(CaseWork(), a_form(kind="recommendation"))
    work = record(work, a_form(outcome="thematic_review"))
    work = record(work, a_form(outcome="learning_review"))
    corrected = record(work, a_form(outcome="multi_agency_audit", supersedes="d-2"))

    assert [(one.in_force("recommendation") or a_form()).outcome for one in (work, corrected)] == [
        "learning_review"
    ] * 2
    in_force = [one.in_force("decision") for one in (work, corrected)]
    assert [one and one.outcome for one in in_force] == ["learning_review", "multi_agency_audit"]


@pytest.mark.parametrize(
    ("kind", "supersedes", "told"),
    [
        ("decision", "d-9", "no such decision"),
        ("recommendation", "d-0", "no such recommendation"),
        ("decision", "d-0", "corrected already"),
    ],
)
def test_only_what_is_in_force_is_corrected(kind: str, supersedes: str, told: str) -> None:
    work = record(CaseWork(), a_form())
    if told == "corrected already":
        work = record(work, a_form(supersedes="d-0"))

    with pytest.raises(NotPossible, match=told):
        record(work, a_form(kind=kind, supersedes=supersedes))
