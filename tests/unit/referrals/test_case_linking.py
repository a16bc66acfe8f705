"""Two cases are linked, merged and parted: who may, what cannot be, and what never happens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.case_document import copied
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_closing import reopened
from chalicelib.referrals.case_linking import MOST_LINKS, merged, related, unlinked
from chalicelib.referrals.case_links import Link, LinkKind
from chalicelib.referrals.case_steps import MOST_TEXT
from chalicelib.referrals.case_work import CaseWork, Conflict, Stage
from chalicelib.referrals.staff import NotAllowed, Person
from tests.unit.referrals.a_worked_case import (
    ADMIN,
    AUDITOR,
    CHAIR,
    MANAGER,
    MEMBER,
    NOW,
    RECEIVED_AT,
    SUPPORT,
)

REFERENCES = ("SUF-AAAA-1111", "SUF-BBBB-2222", "SUF-CCCC-3333", "SUF-DDDD-4444")
CONFLICT = Conflict("A Neighbour", "Lives next door", "A manager", NOW)
Step = Callable[[Case, Case, str, str, Person, Any], tuple[Case, Case]]


def a_case(reference: str = REFERENCES[0], stream: str = "adult", **work: Any) -> Case:
    return Case(reference, stream, RECEIVED_AT, work=replace(CaseWork(), **work))


def another(**work: Any) -> Case:
    return a_case(REFERENCES[1], **work)


def do(
    step: Step,
    this: Case,
    other: Case,
    *,
    by: Person = MANAGER,
    reason: str = "The same fall",
    link: str = "l-1",
) -> tuple[Case, Case]:
    return step(this, other, link, reason, by, NOW)


def a_link(**changes: Any) -> Link:
    link = Link("l-0", REFERENCES[1], LinkKind.RELATED, "Why", "p", "A Person", NOW)
    return replace(link, **changes)


def why_not(step: Step, this: Case, other: Case, **how: Any) -> str:
    with pytest.raises(NotPossible) as refused:
        do(step, this, other, **how)
    return str(refused.value)


def test_related_cases_show_each_other_and_stay_as_they_are() -> None:
    this, other = do(related, a_case(), another(), by=SUPPORT)

    (mine,), (theirs,) = this.work.links, other.work.links
    assert (mine.other, theirs.other) == (REFERENCES[1], REFERENCES[0])
    assert (mine.kind, theirs.kind) == (LinkKind.RELATED, LinkKind.RELATED)
    assert (mine.id, mine.reason, mine.by, mine.at) == ("l-1", "The same fall", SUPPORT.id, NOW)
    assert replace(this.work, links=()) == replace(other.work, links=()) == CaseWork()


def test_a_case_may_be_related_to_one_that_is_closed_or_of_the_other_stream() -> None:
    other = a_case(REFERENCES[1], "child", stage=Stage.CLOSED, outcome="lcspr")

    this, _ = do(related, a_case(), other, by=SUPPORT)

    assert [link.other for link in this.work.links] == [other.reference]


def test_a_duplicate_is_closed_and_the_other_goes_on() -> None:
    this, other = do(merged, a_case(), another(stage=Stage.SCOPING))

    assert (this.work.stage, this.work.outcome) == (Stage.CLOSED, "duplicate_merged")
    assert (other.work.stage, other.work.outcome) == (Stage.SCOPING, None)
    assert this.work.links[0].kind is LinkKind.DUPLICATE_OF
    assert other.work.links[0].kind is LinkKind.ALSO_NOTIFIED_AS


def test_why_a_duplicate_was_merged_is_told_with_the_link_alone() -> None:
    this, _ = do(merged, a_case(), another(), reason="Of the other case too")

    assert "Of the other case too" not in str(this.work.moves)
    assert this.work.links[0].reason == "Of the other case too"


def test_a_conflict_of_interest_in_one_of_two_merged_cases_is_one_in_both() -> None:
    held = {"assignee": "p-2", "assignee_name": "A Neighbour"}

    this, other = do(merged, a_case(conflicts={"p-1": CONFLICT, "p-2": CONFLICT}), another(**held))

    assert this.work.barred == other.work.barred == {"p-1", "p-2"}
    assert (other.work.assignee, other.work.assignee_name) == ("", "")


def test_merging_takes_the_place_of_a_link_between_related_cases() -> None:
    this, other = do(merged, *do(related, a_case(), another()), link="l-2")

    for case in (this, other):
        assert [link.id for link in case.work.links] == ["l-2"]
        assert [one.link.id for one in case.work.ended_links] == ["l-1"]


@pytest.mark.parametrize("step", [related, merged])
def test_an_ended_link_is_kept_in_both_cases_with_its_reason(step: Step) -> None:
    this, other = do(unlinked, *do(step, a_case(), another()), reason="Another fall")

    for case in (this, other):
        assert case.work.links == ()
        (ended,) = case.work.ended_links
        assert (ended.link.id, ended.reason, ended.by) == ("l-1", "Another fall", MANAGER.name)
    assert this.work.is_closed is (step is merged)
    assert copied(this) == this


def test_two_cases_can_be_linked_again_after_their_link_has_ended() -> None:
    this, _ = do(related, *do(unlinked, *do(related, a_case(), another())), link="l-2")

    assert [link.id for link in this.work.links] == ["l-2"]


def test_a_case_that_was_parted_and_reopened_can_be_merged_again() -> None:
    this, other = do(unlinked, *do(merged, a_case(), another()))
    work = reopened(this.work, Stage.SUBMITTED, "Another fall", MANAGER, NOW)

    this, _ = do(merged, replace(this, work=work), other, link="l-2")

    assert this.work.is_closed


@pytest.mark.parametrize("step", [related, merged])
@pytest.mark.parametrize(
    ("this", "other", "said"),
    [
        (a_case(), a_case(), "the case that you have open"),
        (a_case(stage=Stage.CLOSED), another(), "The case is closed"),
        (a_case(links=(a_link(other="SUF-XXXX-9999"),) * MOST_LINKS), another(), "50 links"),
        (a_case(), another(links=(a_link(other="SUF-XXXX-9999"),) * MOST_LINKS), "50 links"),
        (
            a_case(links=(a_link(kind=LinkKind.DUPLICATE_OF),)),
            another(links=(a_link(other=REFERENCES[0], kind=LinkKind.ALSO_NOTIFIED_AS),)),
            "already",
        ),
        (
            a_case(links=(a_link(kind=LinkKind.ALSO_NOTIFIED_AS),)),
            another(links=(a_link(other=REFERENCES[0], kind=LinkKind.DUPLICATE_OF),)),
            "already",
        ),
    ],
)
def test_what_cannot_be_linked_is_told_with_what_to_do(
    step: Step, this: Case, other: Case, said: str
) -> None:
    assert said in why_not(step, this, other)


@pytest.mark.parametrize(
    ("this", "other", "said"),
    [
        (a_case(), a_case(REFERENCES[1], "child"), "Link them as related instead"),
        (a_case(), another(stage=Stage.CLOSED), "reopen it first"),
        (
            a_case(links=(a_link(other=REFERENCES[2], kind=LinkKind.DUPLICATE_OF),)),
            another(),
            "This case is linked as a duplicate of another one",
        ),
        (
            a_case(),
            another(links=(a_link(other=REFERENCES[2], kind=LinkKind.DUPLICATE_OF),)),
            "That case is itself a duplicate",
        ),
    ],
)
def test_what_cannot_be_merged_is_told_with_what_to_do(this: Case, other: Case, said: str) -> None:
    assert said in why_not(merged, this, other)


@pytest.mark.parametrize("step", [related, merged])
@pytest.mark.parametrize("reason", ["", "  ", "x" * 1_001, "\x1b[2J"])
def test_a_link_is_made_and_ended_with_a_reason_that_can_be_kept(step: Step, reason: str) -> None:
    why_not(step, a_case(), another(), reason=reason)
    why_not(unlinked, *do(step, a_case(), another()), reason=reason)


@pytest.mark.parametrize("step", [related, merged])
@pytest.mark.parametrize("full", [0, 1])
def test_a_case_that_holds_no_more_text_takes_no_link(step: Step, full: int) -> None:
    cases = [a_case(), another()]
    text = "x" * MOST_TEXT
    cases[full] = replace(cases[full], work=replace(cases[full].work, assignee_name=text))

    assert "no more text" in why_not(step, *cases)


def test_a_link_that_has_ended_cannot_be_ended_again() -> None:
    this, other = do(unlinked, *do(related, a_case(), another()))

    assert "ended already" in why_not(unlinked, this, other)


def test_a_link_to_a_third_case_is_not_ended_between_two_others() -> None:
    this, _ = do(related, a_case(), another())

    assert "ended already" in why_not(unlinked, this, a_case(REFERENCES[2]))


@pytest.mark.parametrize(("step", "allowed"), [(related, {SUPPORT, MANAGER}), (merged, {MANAGER})])
@pytest.mark.parametrize("person", [SUPPORT, MANAGER, MEMBER, CHAIR, AUDITOR, ADMIN])
def test_who_may_link_may_end_the_link_and_nobody_else(
    step: Step, allowed: set[Person], person: Person
) -> None:
    pair = do(step, a_case(), another())
    if person in allowed:
        do(step, a_case(), another(), by=person)
        do(unlinked, *pair, by=person)
        return
    with pytest.raises(NotAllowed):
        do(step, a_case(), another(), by=person)
    with pytest.raises(NotAllowed):
        do(unlinked, *pair, by=person)


@pytest.mark.parametrize("step", [related, merged])
@pytest.mark.parametrize("place", [0, 1])
def test_who_is_barred_from_either_case_neither_links_nor_parts_them(
    step: Step, place: int
) -> None:
    barred = {MANAGER.id: CONFLICT}
    fresh, pair = [a_case(), another()], list(do(step, a_case(), another()))
    for cases in (fresh, pair):
        cases[place] = replace(cases[place], work=replace(cases[place].work, conflicts=barred))

    with pytest.raises(NotAllowed):
        do(step, *fresh)
    with pytest.raises(NotAllowed):
        do(unlinked, *pair)


# Of few cases, mostly merged and reopened: otherwise hardly any history comes near a circle.
FEW = st.sampled_from(REFERENCES[:3])
WHAT = st.sampled_from(["merge", "merge", "reopen", "reopen", "relate", "unlink"])
ACTS = st.lists(st.tuples(WHAT, FEW, FEW), min_size=25, max_size=30)


def lived(acts: list[tuple[str, str, str]]) -> dict[str, Case]:
    """Four cases after what was possible of what somebody tried."""
    cases = {reference: a_case(reference) for reference in REFERENCES}
    for number, (what, one, two) in enumerate(acts):
        this, other = cases[one], cases[two]
        try:
            if what == "reopen":
                work = reopened(this.work, Stage.SUBMITTED, "Why", MANAGER, NOW)
                cases[one] = replace(this, work=work)
                continue
            step = {"relate": related, "merge": merged, "unlink": unlinked}[what]
            standing = [link.id for link in this.work.links if link.other == two]
            link = standing[0] if what == "unlink" and standing else f"l-{number}"
            cases[one], cases[two] = do(step, this, other, link=link)
        except NotPossible:
            continue
    return cases


@settings(deadline=None, max_examples=60)
@given(ACTS)
def test_no_history_makes_a_circle_of_duplicates_or_one_of_two(acts: Any) -> None:
    cases = lived(acts)

    for start in REFERENCES:
        seen, at = [start], start
        while True:
            onward = [
                link.other for link in cases[at].work.links if link.kind is LinkKind.DUPLICATE_OF
            ]
            assert len(onward) <= 1
            if not onward:
                break
            at = onward[0]
            assert at not in seen
            seen.append(at)


@settings(deadline=None, max_examples=60)
@given(ACTS)
def test_after_any_history_both_cases_tell_of_each_link_alike(acts: Any) -> None:
    cases = lived(acts)
    mirror = {
        LinkKind.RELATED: LinkKind.RELATED,
        LinkKind.DUPLICATE_OF: LinkKind.ALSO_NOTIFIED_AS,
        LinkKind.ALSO_NOTIFIED_AS: LinkKind.DUPLICATE_OF,
    }

    for case in cases.values():
        assert len({link.other for link in case.work.links}) == len(case.work.links)
        for link in case.work.links:
            back = cases[link.other].work.link(link.id)
            assert back is not None
            assert (back.other, back.kind) == (case.reference, mirror[link.kind])
