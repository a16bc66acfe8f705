"""What becomes of a case at which several are at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.delivery import State
from chalicelib.use_cases.ports import CaseChanged, StoreBusy
from tests.contract.conftest import EMULATOR, ORACLE, Stores
from tests.contract.samples import NOW, REFERENCE, a_case, a_change, a_reminder

# moto copies its tables while other threads write to them, so it says nothing about concurrency.
UNSHARED = pytest.mark.parametrize("stores", ["in_memory", EMULATOR, ORACLE], indirect=True)
UNTIL = NOW + timedelta(minutes=5)


@pytest.mark.parametrize("before", [None, a_case()], ids=["made", "changed"])
@UNSHARED
def test_of_eight_changes_at_once_one_is_stored(stores: Stores, before: Case | None) -> None:
    if before is not None:
        stores.cases.change(a_change())

    def change(number: int) -> str | None:
        reminder = a_reminder(reminder=f"acknowledge#20261124#{number}")
        try:
            stores.cases.change(a_change(before, add=(reminder,)))
        except (CaseChanged, StoreBusy):
            return None
        return reminder.id

    with ThreadPoolExecutor(8) as pool:
        won = [one for one in pool.map(change, range(8)) if one is not None]

    assert len(won) == 1
    assert [row.id for row in stores.cases.reminders(REFERENCE)] == won


@UNSHARED
def test_a_reminder_is_sent_or_cancelled_and_never_both(stores: Stores) -> None:
    """Eight cases, each with a worker that sends its reminder while staff cancel it."""
    references = [f"SUF-BCDF-{number}{number}{number}{number}" for number in range(8)]
    for reference in references:
        reminder = a_reminder(reference=reference)
        stores.cases.change(a_change(reference=reference, add=(reminder,)))
        assert stores.outbox.lease(reminder.id, now=NOW, until=UNTIL) is not None

    def sent(reference: str) -> None:
        leased = stores.outbox.find(a_reminder(reference=reference).id)
        if leased is not None:
            stores.outbox.mark_sent(leased, now=NOW, message_id="m-1")

    def cancelled(reference: str) -> bool:
        case = stores.cases.find(reference)
        try:
            stores.cases.change(a_change(case, cancel=(a_reminder(reference=reference),)))
        except CaseChanged:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        sending = [pool.submit(sent, reference) for reference in references]
        stored = list(pool.map(cancelled, references))
        for one in sending:
            one.result()

    for reference, accepted in zip(references, stored, strict=True):
        (row,) = stores.cases.reminders(reference)
        assert row.state is (State.CANCELLED if accepted else State.SENT)
