"""The stages of a case: who may move it where, and what closing and reopening take."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.referrals.case_change import LONGEST_REASON, NotPossible
from chalicelib.referrals.case_closing import closed, closing_outcomes, reopened
from chalicelib.referrals.case_steps import (
    MOST_CONFLICTS,
    MOST_TEXT,
    assigned,
    barred,
    ensure_may_open,
    moved,
    unbarred,
)
from chalicelib.referrals.case_work import (
    CaseWork,
    Conflict,
    EndedConflict,
    Move,
    Stage,
    elsewhere,
    onward,
)
from chalicelib.referrals.outcomes import ADMINISTRATIVE, OUTCOMES, outcomes_for
from chalicelib.referrals.staff import NotAllowed, Person, Right
from tests.unit.referrals.a_worked_case import (
    ADMIN,
    AUDITOR,
    CHAIR,
    EVERYBODY,
    MANAGER,
    MEMBER,
    NOW,
    SUPPORT,
    TODAY,
    a_decision,
    work_at,
)

# Where a case goes on to without a reason: domain notes 2D.
WAY_ONWARD = {
    Stage.SUBMITTED: {Stage.ACKNOWLEDGED},
    Stage.ACKNOWLEDGED: {Stage.INFO_REQUESTED, Stage.SCOPING},
    Stage.INFO_REQUESTED: {Stage.SCOPING},
    Stage.SCOPING: {Stage.PANEL_LISTED},
    Stage.PANEL_LISTED: {Stage.RECOMMENDED},
    Stage.RECOMMENDED: {Stage.DECIDED},
    Stage.DECIDED: {Stage.RAPID_REVIEW, Stage.REVIEW_RUNNING},
    Stage.RAPID_REVIEW: {Stage.PARTNER_DECISION},
    Stage.PARTNER_DECISION: {Stage.REVIEW_RUNNING},
    Stage.REVIEW_RUNNING: {Stage.REPORT_AGREED},
    Stage.REPORT_AGREED: {Stage.PUBLISHED, Stage.NOT_PUBLISHED},
    Stage.PUBLISHED: {Stage.ACTIONS_TRACKING},
    Stage.NOT_PUBLISHED: {Stage.ACTIONS_TRACKING},
    Stage.ACTIONS_TRACKING: set(),
}
PAIRS = [(one, other) for one in WAY_ONWARD for other in WAY_ONWARD if one is not other]
RECORDED_STAGES = [Stage.RECOMMENDED, Stage.DECIDED, Stage.PARTNER_DECISION]
CONFLICT = Conflict("A Person", "Is the adult's social worker.", "A manager", NOW)


def move(work: CaseWork, stage: Stage, person: Person, reason: str = "") -> CaseWork:
    return moved(work, stage, reason, person, NOW)


def close(
    work: CaseWork, outcome: str, person: Person, reason: str = "", stream: str = "adult"
) -> CaseWork:
    return closed(work, stream, outcome, reason, person, NOW)


def test_every_stage_is_on_the_way() -> None:
    reached = {stage for following in WAY_ONWARD.values() for stage in following}

    assert reached | {Stage.SUBMITTED, Stage.CLOSED} == set(Stage)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_support_staff_move_a_case_onward_and_nowhere_else(before: Stage, after: Stage) -> None:
    work = work_at(before)
    if after in WAY_ONWARD[before]:
        assert move(work, after, SUPPORT).stage is after
        return

    with pytest.raises(NotAllowed):
        move(work, after, SUPPORT, "A reason")


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_manager_moves_a_case_anywhere_with_a_reason(before: Stage, after: Stage) -> None:
    assert move(work_at(before), after, MANAGER, "A reason").stage is after


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_manager_needs_a_reason_off_the_way(before: Stage, after: Stage) -> None:
    if after in WAY_ONWARD[before]:
        assert move(work_at(before), after, MANAGER).stage is after
        return

    with pytest.raises(NotPossible, match="reason"):
        move(work_at(before), after, MANAGER, "  ")


@pytest.mark.parametrize("stage", list(WAY_ONWARD))
def test_the_choices_offered_are_those_that_are_taken(stage: Stage) -> None:
    work = work_at(stage)

    assert set(onward(work)) == WAY_ONWARD[stage]
    assert set(elsewhere(work)) == set(WAY_ONWARD) - WAY_ONWARD[stage] - {stage}


@pytest.mark.parametrize("person", [MEMBER, CHAIR, AUDITOR, ADMIN])
def test_who_does_not_work_on_cases_moves_none(person: Person) -> None:
    with pytest.raises(NotAllowed):
        move(CaseWork(), Stage.ACKNOWLEDGED, person, "A reason")


@pytest.mark.parametrize("stage", RECORDED_STAGES)
@pytest.mark.parametrize("before", [Stage.PANEL_LISTED, Stage.RECOMMENDED, Stage.RAPID_REVIEW])
def test_a_stage_that_says_what_was_decided_is_reached_by_recording_it(
    before: Stage, stage: Stage
) -> None:
    if before is stage:
        return
    work = CaseWork(stage=before)

    with pytest.raises(NotPossible, match="Record the") as refused:
        move(work, stage, MANAGER, "A reason")

    assert refused.value.problems[0][0] == "stage"
    assert stage not in (*onward(work), *elsewhere(work))


def test_what_was_decided_before_a_rapid_review_is_not_the_partners_decision() -> None:
    begun = Move(NOW, "p", "P", Stage.DECIDED, Stage.RAPID_REVIEW)
    work = work_at(Stage.RAPID_REVIEW, moves=(begun,))
    earlier = replace(work, decisions=(a_decision(at=NOW.replace(day=1)),))

    assert onward(work) == (Stage.PARTNER_DECISION,)
    assert onward(earlier) == ()


def test_a_case_is_not_moved_to_where_it_is() -> None:
    with pytest.raises(NotPossible, match="already"):
        move(CaseWork(), Stage.SUBMITTED, MANAGER, "A reason")


def test_a_case_is_not_closed_by_a_move() -> None:
    with pytest.raises(NotPossible, match="outcome"):
        move(work_at(Stage.ACTIONS_TRACKING), Stage.CLOSED, MANAGER, "A reason")


def test_a_move_is_kept_with_who_made_it_and_why() -> None:
    work = move(work_at(Stage.SCOPING), Stage.SUBMITTED, MANAGER, " Sent in error ")

    assert work.moves == (
        Move(NOW, MANAGER.id, MANAGER.name, Stage.SCOPING, Stage.SUBMITTED, "Sent in error"),
    )


@pytest.mark.parametrize("reason", ["x" * (LONGEST_REASON + 1), "bell\a"])
def test_a_reason_that_cannot_be_kept_is_refused(reason: str) -> None:
    with pytest.raises(NotPossible, match="reason"):
        move(CaseWork(), Stage.ACKNOWLEDGED, SUPPORT, reason)


# Outcome -> whether the case of a stage is closed with it without a manager.
AT_THE_END = [
    (Stage.ACTIONS_TRACKING, "learning_review", True),
    (Stage.ACTIONS_TRACKING, "no_review_reasons_recorded", True),
    (Stage.ACTIONS_TRACKING, "duplicate_merged", False),
    (Stage.DECIDED, "no_review_reasons_recorded", True),
    (Stage.PARTNER_DECISION, "no_review_reasons_recorded", True),
    (Stage.DECIDED, "learning_review", False),
    (Stage.DECIDED, "withdrawn_by_referrer", False),
    (Stage.SUBMITTED, "duplicate_merged", False),
    (Stage.REVIEW_RUNNING, "learning_review", False),
]


@pytest.mark.parametrize(("stage", "outcome", "by_anybody"), AT_THE_END)
def test_a_case_is_closed_at_its_end_and_earlier_by_a_manager(
    stage: Stage, outcome: str, by_anybody: bool
) -> None:
    decided = (a_decision(outcome=outcome),)
    work = CaseWork(stage=stage, decisions=() if outcome in ADMINISTRATIVE else decided)

    if by_anybody:
        assert close(work, outcome, SUPPORT).is_closed
    else:
        with pytest.raises(NotAllowed):
            close(work, outcome, SUPPORT, "A reason")
        with pytest.raises(NotPossible, match="reason"):
            close(work, outcome, MANAGER)
    assert close(work, outcome, MANAGER, "A reason").is_closed


def test_a_closed_case_has_its_outcome_and_day() -> None:
    work = close(work_at(Stage.ACTIONS_TRACKING), "learning_review", SUPPORT)

    assert (work.outcome, work.closed_on) == ("learning_review", TODAY)
    assert work.moves[-1].outcome == "learning_review"


@pytest.mark.parametrize("outcome", sorted(set(outcomes_for("adult")) - ADMINISTRATIVE))
def test_no_case_is_closed_with_what_was_not_decided(outcome: str) -> None:
    with pytest.raises(NotPossible, match="Record the decision") as refused:
        close(CaseWork(stage=Stage.ACTIONS_TRACKING), outcome, MANAGER, "A reason")

    assert refused.value.problems[0][0] == "outcome"


def test_a_case_is_closed_with_the_decision_in_force_and_not_with_the_one_before() -> None:
    first = a_decision(id="d-1", outcome="learning_review")
    second = a_decision(id="d-2", outcome="thematic_review", supersedes="d-1")
    work = CaseWork(stage=Stage.ACTIONS_TRACKING, decisions=(first, second))

    assert set(closing_outcomes(work)) - ADMINISTRATIVE == {"thematic_review"}
    with pytest.raises(NotPossible):
        close(work, "learning_review", MANAGER, "A reason")


@pytest.mark.parametrize("outcome", ["", "closed", "lcspr"])
def test_an_outcome_of_no_case_of_its_stream_is_refused(outcome: str) -> None:
    with pytest.raises(NotPossible, match="Choose one"):
        close(CaseWork(stage=Stage.ACTIONS_TRACKING), outcome, MANAGER, "A reason")


def test_every_outcome_is_of_some_stream() -> None:
    assert {*outcomes_for("adult"), *outcomes_for("child")} == set(OUTCOMES)
    assert {one[:3] for one in set(OUTCOMES) - set(outcomes_for("child"))} == {"sar"}


def closed_case() -> CaseWork:
    return close(work_at(Stage.ACTIONS_TRACKING), "learning_review", SUPPORT)


def test_a_manager_reopens_a_case_with_a_reason() -> None:
    work = reopened(closed_case(), Stage.REVIEW_RUNNING, "The inquest ended", MANAGER, NOW)

    assert (work.stage, work.outcome, work.closed_on) == (Stage.REVIEW_RUNNING, None, None)
    assert [move.outcome for move in work.moves] == ["learning_review", None]


@pytest.mark.parametrize("person", [SUPPORT, MEMBER, CHAIR, AUDITOR, ADMIN])
def test_nobody_else_reopens_a_case(person: Person) -> None:
    with pytest.raises(NotAllowed):
        reopened(closed_case(), Stage.REVIEW_RUNNING, "A reason", person, NOW)


@pytest.mark.parametrize(
    ("work", "stage", "reason", "told"),
    [
        (closed_case(), Stage.CLOSED, "A reason", "Choose the stage"),
        (closed_case(), Stage.SCOPING, "", "reason"),
        (CaseWork(), Stage.SCOPING, "A reason", "open already"),
        (replace(closed_case(), decisions=()), Stage.DECIDED, "A reason", "was recorded"),
    ],
)
def test_a_case_is_not_reopened_without_stage_and_reason(
    work: CaseWork, stage: Stage, reason: str, told: str
) -> None:
    with pytest.raises(NotPossible, match=told):
        reopened(work, stage, reason, MANAGER, NOW)


def test_a_closed_case_is_neither_moved_assigned_nor_closed_again() -> None:
    work = closed_case()

    acts: list[Any] = [
        lambda: move(work, Stage.SCOPING, MANAGER, "A reason"),
        lambda: assigned(work, "p-1", "P", MANAGER),
        lambda: close(work, "learning_review", MANAGER, "A reason"),
    ]

    for act in acts:
        with pytest.raises(NotPossible, match="closed"):
            act()
    assert (onward(work), elsewhere(work)) == ((), ())


def test_a_case_is_assigned_and_given_back() -> None:
    work = assigned(CaseWork(), "p-1", " Pat Person ", SUPPORT)

    assert (work.assignee, work.assignee_name) == ("p-1", "Pat Person")
    assert assigned(work, "", "", SUPPORT) == CaseWork()


@pytest.mark.parametrize("person", [MEMBER, CHAIR, AUDITOR, ADMIN])
def test_who_does_not_work_on_cases_assigns_none(person: Person) -> None:
    with pytest.raises(NotAllowed):
        assigned(CaseWork(), "p-1", "P", person)


def test_a_barred_person_is_not_assigned_and_loses_the_case() -> None:
    work = assigned(CaseWork(), "p-1", "P", SUPPORT)

    work = barred(work, "p-1", CONFLICT, MANAGER)

    assert (work.assignee, work.assignee_name) == ("", "")
    with pytest.raises(NotPossible, match="conflict"):
        assigned(work, "p-1", "P", SUPPORT)


@pytest.mark.parametrize("person", [SUPPORT, MEMBER, CHAIR, AUDITOR, ADMIN])
def test_only_a_manager_records_a_conflict_of_interest(person: Person) -> None:
    work = barred(CaseWork(), "p-1", CONFLICT, MANAGER)

    with pytest.raises(NotAllowed):
        barred(CaseWork(), "p-1", CONFLICT, person)
    with pytest.raises(NotAllowed):
        unbarred(work, "p-1", "A reason", person, NOW)


def test_a_manager_does_not_bar_themselves() -> None:
    """The last manager to do so would leave nobody who could undo it."""
    with pytest.raises(NotPossible, match="another manager"):
        barred(CaseWork(), MANAGER.id, CONFLICT, MANAGER)


def test_a_conflict_of_interest_needs_a_reason_and_a_person() -> None:
    with pytest.raises(NotPossible, match="reason"):
        barred(CaseWork(), "p-1", replace(CONFLICT, reason=" "), MANAGER)
    with pytest.raises(NotPossible, match="Choose the person"):
        barred(CaseWork(), "", CONFLICT, MANAGER)
    with pytest.raises(NotPossible, match="no conflict"):
        unbarred(CaseWork(), "p-1", "A reason", MANAGER, NOW)


def test_a_conflict_is_recorded_once_and_ended_without_a_trace_being_lost() -> None:
    work = barred(CaseWork(), "p-1", CONFLICT, MANAGER)
    with pytest.raises(NotPossible, match="already"):
        barred(work, "p-1", replace(CONFLICT, reason="Another"), MANAGER)

    for _ in range(2):
        work = unbarred(work, "p-1", "Has moved away.", MANAGER, NOW)
        assert work.barred == frozenset()
        work = barred(work, "p-1", CONFLICT, MANAGER)

    ended = EndedConflict("p-1", CONFLICT, "Has moved away.", MANAGER.name, NOW)
    assert (work.barred, work.ended_conflicts) == (frozenset({"p-1"}), (ended, ended))


def test_a_full_case_still_keeps_somebody_out_and_lets_nobody_in_again() -> None:
    work = barred(CaseWork(assignee_name="x" * MOST_TEXT), "p-1", CONFLICT, MANAGER)

    assert work.barred == {"p-1"}
    with pytest.raises(NotPossible, match="holds no more text"):
        unbarred(work, "p-1", "xx", MANAGER, NOW)


def test_there_is_no_room_for_a_flood_of_conflicts() -> None:
    full = CaseWork(conflicts={f"p-{number}": CONFLICT for number in range(MOST_CONFLICTS)})

    with pytest.raises(NotPossible, match="many conflicts"):
        barred(full, "p-more", CONFLICT, MANAGER)


@pytest.mark.parametrize("person", EVERYBODY)
def test_nobody_with_a_conflict_of_interest_opens_or_does_anything(person: Person) -> None:
    work = work_at(Stage.SCOPING, conflicts={person.id: CONFLICT})
    acts: list[Any] = [
        lambda: ensure_may_open(work, person),
        lambda: move(work, Stage.PANEL_LISTED, person, "A reason"),
        lambda: assigned(work, "p-1", "P", person),
        lambda: close(work, "learning_review", person, "A reason"),
        lambda: barred(work, "p-1", CONFLICT, person),
        lambda: unbarred(work, person.id, "A reason", person, NOW),
        lambda: reopened(replace(work, stage=Stage.CLOSED), Stage.SCOPING, "A reason", person, NOW),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("person", EVERYBODY)
def test_who_has_no_right_to_cases_opens_none(person: Person) -> None:
    if person.may(Right.READ_CASES):
        ensure_may_open(CaseWork(), person)
        return

    with pytest.raises(NotAllowed):
        ensure_may_open(CaseWork(), person)


def test_only_the_system_administrator_reads_no_case() -> None:
    assert [one for one in EVERYBODY if not one.may(Right.READ_CASES)] == [ADMIN]


def test_a_case_that_holds_too_much_text_takes_no_more() -> None:
    full = a_decision(reasons="é" * (MOST_TEXT // 2))
    work = CaseWork(decisions=(full,))

    with pytest.raises(NotPossible, match="no more text"):
        move(work, Stage.ACKNOWLEDGED, SUPPORT, "A reason")
