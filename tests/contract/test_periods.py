"""What every store of cases finds by when it was received, and by when and how it was closed."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_work import CaseWork, Stage
from tests.contract.conftest import Stores
from tests.contract.samples import NOW, REFERENCE, a_case, a_change, a_submission

DAY = timedelta(days=1)
CLOSED_ON = date(2026, 11, 20)


def make(stores: Stores, case: Case) -> Case:
    stores.cases.change(a_change(reference=case.reference, after=case))
    return case


def a_received(number: int, at: datetime = NOW, **changes: Any) -> Case:
    return a_case(reference=f"SUF-BCDF-{number:04}", received_at=at, **changes)


def a_closed(number: int, on: date = CLOSED_ON, outcome: str = "lcspr", **changes: Any) -> Case:
    work = CaseWork(stage=Stage.CLOSED, outcome=outcome, closed_on=on)
    return a_received(number, work=work, **changes)


def received(
    stores: Stores, since: datetime, until: datetime, stream: str = "adult", limit: int = 100
) -> list[Case]:
    """All of them, page by page."""
    found: list[Case] = []
    after: str | None = None
    while True:
        page, after = stores.cases.received(stream, since, until, after=after, limit=limit)
        assert len(page) <= limit
        found += page
        if after is None:
            return found


def closed(
    stores: Stores, since: date, until: date, outcome: str = "lcspr", limit: int = 100
) -> list[Case]:
    found: list[Case] = []
    after: str | None = None
    while True:
        page, after = stores.cases.closed("adult", outcome, since, until, after=after, limit=limit)
        assert len(page) <= limit
        found += page
        if after is None:
            return found


def test_an_empty_table_holds_neither(stores: Stores) -> None:
    assert received(stores, NOW, NOW + DAY) == []
    assert closed(stores, CLOSED_ON, CLOSED_ON + DAY) == []


def test_a_period_holds_its_first_instant_and_not_its_last(stores: Stores) -> None:
    tick = timedelta(microseconds=1)
    cases = [
        make(stores, a_received(number, at))
        for number, at in enumerate([NOW - tick, NOW, NOW + DAY - tick, NOW + DAY])
    ]

    assert received(stores, NOW, NOW + DAY) == cases[1:3]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 100])
def test_cases_come_as_they_were_received_page_by_page(stores: Stores, limit: int) -> None:
    moments = [5, 1, 3, 1, 4]
    cases = [
        make(stores, a_received(number, NOW + DAY * moment))
        for number, moment in enumerate(moments)
    ]

    found = received(stores, NOW, NOW + DAY * 9, limit=limit)

    assert found == sorted(cases, key=lambda case: (case.received_at, case.reference))


def test_a_period_holds_the_cases_of_one_stream(stores: Stores) -> None:
    adult = make(stores, a_received(1))
    child = make(stores, a_received(2, stream="child"))

    assert received(stores, NOW, NOW + DAY) == [adult]
    assert received(stores, NOW, NOW + DAY, "child") == [child]


def test_a_closed_case_stays_among_those_received(stores: Stores) -> None:
    case = make(stores, a_received(1))
    shut = case.superseded_by(work=a_closed(1).work)

    stores.cases.change(a_change(case, after=shut))

    assert received(stores, NOW, NOW + DAY) == [shut]


def test_a_submission_is_among_those_received_at_once(stores: Stores) -> None:
    stores.referrals.submit(replace(a_submission(), draft=None))

    assert [case.reference for case in received(stores, NOW, NOW + DAY)] == [REFERENCE]


def test_the_partnership_s_own_year_is_not_received(stores: Stores) -> None:
    make(stores, a_case(reference="SUF-YEAR"))

    assert received(stores, NOW, NOW + DAY) == []


def test_days_of_closing_count_from_the_first_to_before_the_last(stores: Stores) -> None:
    days = [CLOSED_ON - DAY, CLOSED_ON, CLOSED_ON + DAY, CLOSED_ON + 2 * DAY]
    cases = [make(stores, a_closed(number, on)) for number, on in enumerate(days)]

    assert closed(stores, CLOSED_ON, CLOSED_ON + 2 * DAY) == cases[1:3]


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 100])
def test_cases_come_as_they_were_closed_page_by_page(stores: Stores, limit: int) -> None:
    days = [3, 1, 2, 1]
    cases = [make(stores, a_closed(number, CLOSED_ON + DAY * on)) for number, on in enumerate(days)]

    found = closed(stores, CLOSED_ON, CLOSED_ON + 9 * DAY, limit=limit)

    assert found == sorted(cases, key=lambda case: (case.work.closed_on, case.reference))


def test_closed_cases_lie_apart_by_stream_and_outcome(stores: Stores) -> None:
    case = make(stores, a_closed(1))
    make(stores, a_closed(2, outcome="lcspr_discretionary"))
    make(stores, a_closed(3, stream="child"))

    assert closed(stores, CLOSED_ON, CLOSED_ON + DAY) == [case]


def test_a_reopened_case_is_closed_no_more_and_again_once_it_is(stores: Stores) -> None:
    case = make(stores, a_closed(1))
    opened = case.superseded_by(work=CaseWork())
    stores.cases.change(a_change(case, after=opened))

    assert closed(stores, CLOSED_ON, CLOSED_ON + DAY) == []

    again = opened.superseded_by(work=a_closed(1, outcome="learning_review").work)
    stores.cases.change(a_change(opened, after=again))
    assert closed(stores, CLOSED_ON, CLOSED_ON + DAY) == []
    assert closed(stores, CLOSED_ON, CLOSED_ON + DAY, "learning_review") == [again]


def test_an_open_case_is_not_closed(stores: Stores) -> None:
    make(stores, a_received(1))

    assert closed(stores, date.min, date.max) == []


@pytest.mark.parametrize("days", [0, -1])
def test_a_period_that_ends_before_it_begins_holds_nothing(stores: Stores, days: int) -> None:
    make(stores, a_closed(1))

    assert received(stores, NOW, NOW + days * DAY) == []
    assert closed(stores, CLOSED_ON, CLOSED_ON + days * DAY) == []


def test_a_cursor_of_an_earlier_period_gives_the_later_one_whole(stores: Stores) -> None:
    cases = [make(stores, a_received(number, NOW + DAY * number)) for number in range(4)]
    _, cursor = stores.cases.received("adult", NOW, NOW + 9 * DAY, after=None, limit=1)

    found, _ = stores.cases.received("adult", NOW + 2 * DAY, NOW + 9 * DAY, after=cursor, limit=9)

    assert found == cases[2:]
