"""What every store of cases does with the changes of two cases: both, or neither."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import CaseChange
from chalicelib.referrals.case_links import EndedLink, Link, LinkKind
from chalicelib.referrals.case_work import CaseWork
from chalicelib.referrals.delivery import Delivery, Kind
from chalicelib.referrals.redirection import Redirection
from chalicelib.use_cases.change_several_cases import MOST_MERGED, MOST_OF_EACH, most_of_each
from chalicelib.use_cases.ports import CaseChanged, StoreBusy
from tests.contract.conftest import EMULATOR, ORACLE, Stores
from tests.contract.samples import (
    LATER,
    NOW,
    REFERENCE,
    a_case,
    a_change,
    a_delivery,
    a_reminder,
)

OTHER = "SUF-BCDF-3477"
LINK = Link("l-1", OTHER, LinkKind.DUPLICATE_OF, "Línea “dos”", "p-1", "A Person", NOW)
REDIRECTION = Redirection("Live route", "Duty", NOW, "", True, "p-1", "A Person", LATER)
WORK = CaseWork(
    links=(LINK,),
    ended_links=(EndedLink(replace(LINK, id="l-0"), "Another fall", "A Person", LATER),),
    redirections=(REDIRECTION,),
)
# moto copies its tables while other threads write to them, so it says nothing about concurrency.
UNSHARED = pytest.mark.parametrize("stores", ["in_memory", EMULATOR, ORACLE], indirect=True)


@pytest.fixture
def cases(stores: Stores) -> tuple[Case, Case]:
    """Two cases in the store."""
    for reference in (REFERENCE, OTHER):
        stores.cases.change(a_change(reference=reference))
    return a_case(), a_case(reference=OTHER)


def changes(cases: tuple[Case, Case]) -> list[CaseChange]:
    return [a_change(case, after=case.superseded_by(work=WORK)) for case in cases]


def found(stores: Stores) -> tuple[Case | None, Case | None]:
    return stores.cases.find(REFERENCE), stores.cases.find(OTHER)


def test_the_changes_of_two_cases_are_stored_together(
    stores: Stores, cases: tuple[Case, Case]
) -> None:
    both = changes(cases)

    stores.cases.change_all(both)

    assert found(stores) == (both[0].after, both[1].after)
    for change in both:
        entries, _ = stores.audit.of_case(change.after.reference, after=None, limit=10)
        assert change.audit in entries


@pytest.mark.parametrize("stale", [0, 1])
def test_when_either_was_changed_since_neither_is(
    stores: Stores, cases: tuple[Case, Case], stale: int
) -> None:
    both = changes(cases)
    stores.cases.change(a_change(cases[stale]))
    before = found(stores)
    both[1 - stale] = replace(
        both[1 - stale],
        add=(a_reminder(reference=cases[1 - stale].reference),),
        outbox=a_delivery(id="b" * 32, kind=Kind.SCHEDULES, at=None, due_on=None),
    )

    with pytest.raises(CaseChanged):
        stores.cases.change_all(both)

    assert found(stores) == before
    assert stores.cases.reminders(cases[1 - stale].reference) == ()
    assert stores.outbox.find("b" * 32) is None


def test_two_cases_with_as_many_reminders_as_each_may_have_fit_in_one_transaction(
    stores: Stores, cases: tuple[Case, Case]
) -> None:
    def reminders(case: Case) -> tuple[Delivery, ...]:
        days = range(MOST_OF_EACH)
        return tuple(
            a_reminder(reference=case.reference, reminder=f"acknowledge#20261124#{day:08}")
            for day in days
        )

    both = [
        replace(change, add=reminders(case), outbox=a_delivery(id=letter * 32))
        for change, case, letter in zip(changes(cases), cases, "bc", strict=True)
    ]
    stores.cases.change_all(both)

    assert [len(stores.cases.reminders(case.reference)) for case in cases] == [MOST_OF_EACH] * 2


def test_the_last_case_that_may_be_merged_fits_in_one_transaction_with_all_the_others(
    stores: Stores, cases: tuple[Case, Case]
) -> None:
    references = [f"SUF-BCDF-35{number}" for number in range(20, 18 + MOST_MERGED)]
    for reference in references:
        stores.cases.change(a_change(reference=reference))
    others = [a_case(reference=reference) for reference in references]
    days = range(most_of_each(len(others)))
    both = [
        replace(
            change,
            add=tuple(
                a_reminder(reference=case.reference, reminder=f"acknowledge#20261124#{day:08}")
                for day in days
            ),
            outbox=a_delivery(id=letter * 32),
        )
        for change, case, letter in zip(changes(cases), cases, "bc", strict=True)
    ]

    stores.cases.change_all(
        [*both, *(a_change(case, after=case.superseded_by(work=WORK)) for case in others)]
    )

    stored = [stores.cases.find(case.reference) for case in (*cases, *others)]
    assert [case is not None and case.work == WORK for case in stored] == [True] * MOST_MERGED


@UNSHARED
def test_of_eight_pairs_of_changes_at_once_one_is_stored(
    stores: Stores, cases: tuple[Case, Case]
) -> None:
    """From both sides: half of them name the cases the other way round."""

    def change(number: int) -> str | None:
        marked = replace(WORK, assignee=f"p-{number}")
        both = [a_change(case, after=case.superseded_by(work=marked)) for case in cases]
        try:
            stores.cases.change_all(both if number % 2 else both[::-1])
        except (CaseChanged, StoreBusy):
            return None
        return marked.assignee

    with ThreadPoolExecutor(8) as pool:
        won = [one for one in pool.map(change, range(8)) if one is not None]

    assert len(won) <= 1
    first, second = found(stores)
    assert first is not None
    assert second is not None
    assert first.work.assignee == second.work.assignee == (won[0] if won else "")
