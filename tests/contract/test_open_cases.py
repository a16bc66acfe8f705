"""What every store of cases says of all of them: which are open, and which rules they follow."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.referrals.case import Case, DeadlineState
from tests.contract.conftest import Stores
from tests.contract.samples import LATER, NOW, REFERENCE, a_case, a_change, a_deadline, a_reminder


def open_references(stores: Stores, limit: int) -> list[str]:
    """Every open case, read page by page as `recompute_deadlines` does."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page, cursor = stores.cases.open_cases(after=cursor, limit=limit)
        assert len(page) <= limit
        found += page
        if cursor is None:
            return found


def make(stores: Stores, reference: str, **deadline: object) -> Case:
    """A case of one deadline."""
    case = a_case(reference=reference, deadlines=(replace(a_deadline(), **deadline),))  # type: ignore[arg-type]
    stores.cases.change(a_change(reference=reference, after=case))
    return case


def due(days: int) -> dict[str, object]:
    return {
        "due_on": date(2026, 11, 24) + timedelta(days=days),
        "due_at": a_deadline().due_at + timedelta(days=days),
    }


def test_no_case_is_open_in_an_empty_table(stores: Stores) -> None:
    assert stores.cases.open_cases(after=None, limit=10) == ([], None)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 50])
def test_open_cases_come_by_their_next_due_date_page_by_page(stores: Stores, limit: int) -> None:
    for days in (3, 0, 5, 1, 6, 2, 4):
        make(stores, f"SUF-{days}", **due(days))

    assert open_references(stores, limit) == [f"SUF-{days}" for days in range(7)]


def test_cases_due_at_one_instant_are_each_in_one_page(stores: Stores) -> None:
    expected = [f"SUF-{number}" for number in range(5)]
    for reference in expected:
        make(stores, reference)

    assert sorted(open_references(stores, 2)) == expected


@pytest.mark.parametrize(
    "closed",
    [
        {"state": DeadlineState.MET},
        {"state": DeadlineState.WITHDRAWN},
        {"kind": "prompt"},
    ],
)
def test_a_case_with_nothing_due_comes_last(stores: Stores, closed: dict[str, object]) -> None:
    make(stores, "SUF-1", **closed)
    make(stores, "SUF-2", **due(2000))

    assert open_references(stores, 10) == ["SUF-2", "SUF-1"]


def test_a_case_moves_with_its_next_due_date(stores: Stores) -> None:
    first = make(stores, "SUF-1", **due(0))
    make(stores, "SUF-2", **due(1))
    moved = first.superseded_by(deadlines=(replace(a_deadline(), **due(2)),))  # type: ignore[arg-type]

    stores.cases.change(a_change(first, after=moved))

    assert open_references(stores, 10) == ["SUF-2", "SUF-1"]


def test_deliveries_are_no_open_cases(stores: Stores) -> None:
    stores.cases.change(a_change(add=(a_reminder(),)))
    leased = stores.outbox.lease(a_reminder().id, now=NOW, until=LATER)
    assert leased is not None

    stores.outbox.mark_failed(leased, now=NOW, code="MessageRejected")

    assert open_references(stores, 10) == [REFERENCE]


def test_no_rules_are_in_use_at_first(stores: Stores) -> None:
    assert stores.cases.rules_in_use() is None


def test_the_rules_in_use_are_those_last_recorded(stores: Stores) -> None:
    stores.cases.rules_in_use()
    stores.cases.use_rules("0" * 16)
    stores.cases.use_rules("1" * 16)

    assert stores.cases.rules_in_use() == "1" * 16
