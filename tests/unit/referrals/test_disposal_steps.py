"""Legal holds and approvals: who may, when, and what an approval does not survive."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.case_document import copied
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor, NotPossible
from chalicelib.referrals.case_closing import closed, reopened
from chalicelib.referrals.case_steps import MOST_TEXT, barred
from chalicelib.referrals.case_work import CaseWork, Conflict, Stage
from chalicelib.referrals.disposal import Hold
from chalicelib.referrals.disposal_steps import (
    MOST_HOLDS,
    approved,
    held,
    proof_of,
    released,
    standing_approval,
    taken_back,
    why_another,
    why_kept,
)
from chalicelib.referrals.partnership import load_partnership
from chalicelib.referrals.staff import NotAllowed, Person, Role
from tests.unit.referrals.a_worked_case import EVERYBODY, MANAGER, NOW, case_of
from tests.unit.referrals.conftest import FORMS

SUFFOLK = load_partnership(FORMS, "suffolk")
OTHER = Person("other", "Another Manager", frozenset({Role.BUSINESS_MANAGER}))
OVER = NOW.replace(year=NOW.year + 10)
HOLD = Hold("h-1", "An inquest", MANAGER.id, MANAGER.name, NOW)


def a_closed_case(**changes: Any) -> Case:
    work = closed(CaseWork(), "adult", "duplicate_merged", "The same fall", MANAGER, NOW)
    return case_of(replace(work, **changes))


def by(person: Person, at: datetime = OVER) -> Actor:
    return Actor(person.name, at, person)


def changed(case: Case, work: CaseWork) -> Case:
    """The case as it is stored after a person's change."""
    version = case.version + 1
    return replace(case, work=work, version=version, touched=version)


def an_approved_case() -> Case:
    case = a_closed_case()
    return changed(case, approved(SUFFOLK, case, "a-1", by(MANAGER)))


def test_a_case_that_was_kept_long_enough_is_approved_by_name() -> None:
    case = an_approved_case()

    approval = standing_approval(case)
    assert approval is not None
    assert (approval.by, approval.name, approval.rule) == (
        MANAGER.id,
        MANAGER.name,
        "adult-not-ours",
    )
    assert approval.due_at == OVER + timedelta(hours=24)


@pytest.mark.parametrize(
    ("case", "at", "said"),
    [
        (case_of(CaseWork()), OVER, "open"),
        (a_closed_case(), OVER - timedelta(days=1), "kept until"),
        (a_closed_case(holds=(HOLD,)), OVER, "legal hold"),
        (a_closed_case(outcome="sar_mandatory"), OVER, "kept until"),
        (a_closed_case(outcome="unheard_of"), NOW, "kept until"),
    ],
)
def test_what_must_be_kept_cannot_be_approved(case: Case, at: datetime, said: str) -> None:
    with pytest.raises(NotPossible, match=said):
        approved(SUFFOLK, case, "a-1", by(MANAGER, at))


def test_a_case_that_no_rule_covers_cannot_be_approved() -> None:
    with pytest.raises(NotPossible, match="No retention rule"):
        approved(replace(SUFFOLK, retention=()), a_closed_case(), "a-1", by(MANAGER))


def test_it_is_approved_once() -> None:
    with pytest.raises(NotPossible, match="approved already"):
        approved(SUFFOLK, an_approved_case(), "a-2", by(OTHER))


@pytest.mark.parametrize("person", [one for one in EVERYBODY if one != MANAGER])
def test_only_a_manager_holds_releases_approves_and_takes_back(person: Person) -> None:
    case, mine = an_approved_case(), replace(HOLD, by=person.id)
    acts: list[Callable[[], object]] = [
        lambda: held(case.work, mine, person),
        lambda: released(a_closed_case(holds=(HOLD,)).work, "h-1", "Over", person, OVER),
        lambda: approved(SUFFOLK, a_closed_case(), "a-1", by(person)),
        lambda: taken_back(case, "A claim", by(person)),
    ]

    for act in acts:
        with pytest.raises(NotAllowed, match="not allowed"):
            act()


def test_a_manager_with_a_conflict_of_interest_may_do_none_of_it() -> None:
    conflict = Conflict(MANAGER.name, "A neighbour", OTHER.name, NOW)
    case = a_closed_case(conflicts={MANAGER.id: conflict})

    with pytest.raises(NotAllowed):
        approved(SUFFOLK, case, "a-1", by(MANAGER))
    with pytest.raises(NotAllowed):
        held(case.work, HOLD, MANAGER)


def test_whoever_runs_a_command_cannot_approve() -> None:
    with pytest.raises(NotPossible, match="signed in"):
        approved(SUFFOLK, a_closed_case(), "a-1", Actor("casereview", OVER))


def test_an_approval_is_taken_back_and_kept() -> None:
    case = an_approved_case()

    after = changed(case, taken_back(case, "A claim", by(OTHER)))

    assert standing_approval(after) is None
    (approval,) = after.work.approvals
    assert approval.taken_back is not None
    assert (approval.taken_back.name, approval.taken_back.reason) == (OTHER.name, "A claim")
    with pytest.raises(NotPossible, match="No approval"):
        taken_back(after, "Again", by(OTHER))


def test_a_case_whose_approval_was_taken_back_can_be_approved_again() -> None:
    case = an_approved_case()
    after = changed(case, taken_back(case, "A claim", by(OTHER)))

    again = changed(after, approved(SUFFOLK, after, "a-2", by(OTHER)))

    approval = standing_approval(again)
    assert approval is not None
    assert approval.id == "a-2"
    assert [one.id for one in again.work.approvals] == ["a-1", "a-2"]


def test_an_approval_falls_with_a_hold_and_stays_fallen_when_that_is_released() -> None:
    case = an_approved_case()

    after = changed(case, held(case.work, HOLD, OTHER))
    later = changed(after, released(after.work, "h-1", "No inquest", OTHER, OVER))

    assert standing_approval(after) is None
    assert standing_approval(later) is None
    assert why_kept(SUFFOLK, later, OVER) == ""


def test_an_approval_falls_with_the_reopening_of_the_case() -> None:
    case = an_approved_case()

    after = changed(case, reopened(case.work, Stage.SUBMITTED, "News", OTHER, OVER))
    again = changed(after, closed(after.work, "adult", "duplicate_merged", "Nothing", OTHER, OVER))

    assert standing_approval(after) is None
    assert standing_approval(again) is None
    assert "kept until" in why_kept(SUFFOLK, again, OVER)


def test_what_the_service_does_by_itself_lets_an_approval_stand() -> None:
    case = an_approved_case()

    assert standing_approval(replace(case, version=case.version + 1)) is not None


def test_an_open_case_may_be_held() -> None:
    work = held(CaseWork(), HOLD, MANAGER)

    assert work.standing_holds == (HOLD,)


def test_there_is_always_room_for_a_hold_and_never_for_a_flood_of_them() -> None:
    full = a_closed_case(holds=tuple(replace(HOLD, id=f"h-{n}") for n in range(MOST_HOLDS)))
    wordy = a_closed_case(holds=tuple(replace(HOLD, reason="x" * 50_000) for _ in range(5)))

    assert len(held(wordy.work, HOLD, MANAGER).holds) == 6
    with pytest.raises(NotPossible, match="many legal holds"):
        held(full.work, HOLD, MANAGER)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1_001])
def test_a_hold_and_its_release_have_a_reason(reason: str) -> None:
    with pytest.raises(NotPossible):
        held(CaseWork(), replace(HOLD, reason=reason), MANAGER)
    with pytest.raises(NotPossible):
        released(CaseWork(holds=(HOLD,)), "h-1", reason, MANAGER, NOW)
    with pytest.raises(NotPossible):
        taken_back(an_approved_case(), reason, by(MANAGER))


def test_a_hold_is_released_once_and_kept() -> None:
    work = released(CaseWork(holds=(HOLD,)), "h-1", "No inquest", OTHER, OVER)

    (hold,) = work.holds
    assert work.standing_holds == ()
    assert (hold.reason, hold.released and hold.released.reason) == ("An inquest", "No inquest")
    with pytest.raises(NotPossible, match="not been released"):
        released(work, "h-1", "Again", OTHER, OVER)


def test_whoever_released_the_last_hold_does_not_approve_the_disposal() -> None:
    second = replace(HOLD, id="h-2")
    work = released(a_closed_case(holds=(HOLD, second)).work, "h-2", "Over", OTHER, OVER)
    work = released(work, "h-1", "Over", MANAGER, OVER + timedelta(minutes=1))
    case = a_closed_case(holds=work.holds)

    with pytest.raises(NotPossible, match="Another manager must approve"):
        approved(SUFFOLK, case, "a-1", by(MANAGER))

    assert why_another(case.work, OTHER) == ""
    assert approved(SUFFOLK, case, "a-1", by(OTHER)).approvals


def test_an_approval_is_taken_back_however_full_the_case_is() -> None:
    case = an_approved_case()
    case = replace(case, work=replace(case.work, assignee_name="n" * MOST_TEXT))

    assert taken_back(case, "A claim", by(OTHER)).approvals[-1].taken_back is not None


def test_the_proof_names_the_case_and_holds_nothing_that_was_written() -> None:
    conflict = Conflict("Somebody", "A neighbour", OTHER.name, NOW)
    case = an_approved_case()
    case = replace(case, work=replace(case.work, conflicts={"p-9": conflict}))
    approval = case.work.approvals[-1]

    proof = proof_of(case, approval, SUFFOLK.retention[0], OVER)

    assert (proof.reference, proof.outcome, proof.barred) == (
        case.reference,
        "duplicate_merged",
        ("p-9",),
    )
    assert "fall" not in str(proof)
    assert "neighbour" not in str(proof)


def test_a_case_with_all_of_it_comes_back_from_a_store() -> None:
    case = an_approved_case()
    case = changed(case, taken_back(case, "A claim", by(OTHER)))
    case = changed(case, held(case.work, HOLD, MANAGER))
    case = changed(case, released(case.work, "h-1", "No inquest", OTHER, OVER))

    assert copied(case) == case


ACTS = st.sampled_from(["approve", "take back", "hold", "release", "reopen", "close", "bar"])


def act(case: Case, name: str, number: int) -> CaseWork:
    work = case.work
    match name:
        case "approve":
            return approved(SUFFOLK, case, f"a-{number}", by(MANAGER))
        case "take back":
            return taken_back(case, "A claim", by(MANAGER))
        case "hold":
            return held(work, replace(HOLD, id=f"h-{number}"), MANAGER)
        case "release":
            return released(work, next(iter(work.standing_holds)).id, "Over", MANAGER, OVER)
        case "reopen":
            return reopened(work, Stage.SUBMITTED, "News", MANAGER, OVER)
        case "close":
            return closed(work, "adult", "duplicate_merged", "The same fall", MANAGER, NOW)
    return barred(work, f"p-{number}", Conflict("A", "B", "C", NOW), MANAGER)


@settings(deadline=None)
@given(st.lists(ACTS, min_size=5, max_size=25))
def test_an_approval_stands_only_while_nothing_was_done_after_it(acts: list[str]) -> None:
    case, last = a_closed_case(), ""
    for number, name in enumerate(acts):
        try:
            after = act(case, name, number)
        except (NotPossible, StopIteration):
            continue
        assert after.approvals[: len(case.work.approvals)] == case.work.approvals or (
            name == "take back"
        )
        case, last = changed(case, after), name
        stands = standing_approval(case)
        assert (stands is not None) is (last == "approve")
        if stands is not None:
            assert case.work.is_closed
            assert not case.work.standing_holds
