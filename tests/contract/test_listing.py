"""What every store of cases lists: open ones by stream, stage, assignee, as they are due."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from chalicelib.referrals.case import Case, Deadline
from chalicelib.referrals.case_listing import Chosen, is_place, place_of
from chalicelib.referrals.case_work import CaseWork, Stage
from tests.contract.conftest import Stores
from tests.contract.samples import REFERENCE, a_case, a_change, a_deadline, a_submission

BOTH = ("adult", "child")
ANY = Chosen()
STREAMS: list[tuple[str, ...]] = [BOTH, ("adult",), ("child",)]
STAGES = ("", "submitted", "scoping")
ASSIGNEES = (None, "", "p-1", "p#2")


def a_listed(number: int, *, days: int | None = 0, stream: str = "adult", **work: object) -> Case:
    """A case that is due so many days after the first, or not at all."""
    deadlines: tuple[Deadline, ...] = ()
    if days is not None:
        due = timedelta(days=days)
        one = a_deadline()
        deadlines = (replace(one, due_at=one.due_at + due, due_on=one.due_on + due),)
    return a_case(
        reference=f"SUF-BCDF-{number:04}",
        stream=stream,
        deadlines=deadlines,
        work=CaseWork(**work),  # type: ignore[arg-type]
    )


def make(stores: Stores, case: Case) -> Case:
    stores.cases.change(a_change(reference=case.reference, after=case))
    return case


def listed(
    stores: Stores, chosen: Chosen = ANY, streams: tuple[str, ...] = BOTH, limit: int = 25
) -> list[Case]:
    """The whole list, page by page."""
    found: list[Case] = []
    after: str | None = None
    while True:
        page, after = stores.cases.listed(streams, chosen, after=after, limit=limit)
        assert len(page) <= limit
        assert after is None or is_place(after)
        found += page
        if after is None:
            return found


def test_no_case_is_listed_in_an_empty_table(stores: Stores) -> None:
    assert stores.cases.listed(BOTH, Chosen(), after=None, limit=10) == ([], None)


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 50])
def test_cases_of_both_streams_come_by_what_is_next_due(stores: Stores, limit: int) -> None:
    cases = [
        make(stores, a_listed(number, days=days, stream=BOTH[number % 2]))
        for number, days in enumerate([None, 4, 0, 9, -3, 4, None])
    ]

    assert listed(stores, limit=limit) == sorted(cases, key=place_of)


def test_cases_due_at_one_instant_come_by_their_reference(stores: Stores) -> None:
    for number in (3, 1, 4, 0, 2):
        make(stores, a_listed(number, stream=BOTH[number % 2]))

    references = [case.reference for case in listed(stores, limit=2)]

    assert references == sorted(references)
    assert len(references) == 5


def test_a_list_holds_the_cases_that_its_filter_takes(stores: Stores) -> None:
    kinds = product(BOTH, (Stage.SUBMITTED, Stage.SCOPING), ("", "p-1", "p#2"))
    cases = [
        make(stores, a_listed(number, stream=stream, stage=stage, assignee=assignee))
        for number, (stream, stage, assignee) in enumerate(kinds)
    ]

    for streams, stage, assignee in product(STREAMS, STAGES, ASSIGNEES):
        chosen = Chosen(stage, assignee)
        expected = [case for case in cases if case.stream in streams and chosen.takes(case)]
        assert listed(stores, chosen, streams, limit=2) == expected


def test_a_case_moves_between_lists_as_it_is_worked_on(stores: Stores) -> None:
    case = make(stores, a_listed(1))

    after = case.superseded_by(work=CaseWork(stage=Stage.SCOPING, assignee="p-1"))
    stores.cases.change(a_change(case, after=after))

    assert listed(stores, Chosen("submitted")) == listed(stores, Chosen("", "")) == []
    assert listed(stores, Chosen("scoping", "p-1")) == listed(stores) == [after]


def test_a_case_moves_in_its_list_as_its_deadline_moves(stores: Stores) -> None:
    first, second = make(stores, a_listed(1)), make(stores, a_listed(2, days=1))

    later = first.superseded_by(deadlines=a_listed(1, days=2).deadlines)
    stores.cases.change(a_change(first, after=later))

    assert listed(stores) == [second, later]


def test_a_closed_case_leaves_every_list_and_comes_back_when_it_is_reopened(
    stores: Stores,
) -> None:
    case = make(stores, a_listed(1))
    shut = case.superseded_by(work=CaseWork(stage=Stage.CLOSED))

    stores.cases.change(a_change(case, after=shut))

    for stage in ("", "submitted", "closed"):
        assert listed(stores, Chosen(stage)) == []
    assert stores.cases.open_cases(after=None, limit=10) == ([], None)
    again = shut.superseded_by(work=CaseWork())
    stores.cases.change(a_change(shut, after=again))
    assert listed(stores, Chosen("submitted", "")) == [again]
    assert stores.cases.open_cases(after=None, limit=10) == ([case.reference], None)


def test_a_submission_is_listed_at_once(stores: Stores) -> None:
    submission = replace(a_submission(), draft=None)

    stores.referrals.submit(submission)

    assert [case.reference for case in listed(stores, Chosen("submitted", ""))] == [REFERENCE]


def test_the_partnership_s_own_year_is_open_and_in_no_list(stores: Stores) -> None:
    year = a_case(reference="SUF-YEAR")
    stores.cases.change(a_change(reference="SUF-YEAR", after=year))

    assert listed(stores) == []
    assert stores.cases.open_cases(after=None, limit=10) == (["SUF-YEAR"], None)


def test_a_page_after_the_last_place_is_empty(stores: Stores) -> None:
    case = make(stores, a_listed(1))

    assert stores.cases.listed(BOTH, Chosen(), after=place_of(case), limit=10) == ([], None)
