"""What every store of cases does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.delivery import Delivery, Kind, State
from chalicelib.use_cases.ports import CaseChanged
from tests.contract.conftest import Stores
from tests.contract.samples import (
    LATER,
    NOW,
    REFERENCE,
    a_case,
    a_change,
    a_delivery,
    a_reminder,
)

UNTIL = NOW + timedelta(minutes=5)
OTHER = a_reminder(reminder="acknowledge#20261124#20261124")
OUTBOX = a_delivery(id="b" * 32, kind=Kind.SCHEDULES, at=None, due_on=None)
CANCELLED = replace(a_reminder(), state=State.CANCELLED, done_at=LATER, check_at=LATER)


@pytest.fixture
def case(stores: Stores) -> Case:
    """A case in the store, with the reminder `a_reminder`."""
    stores.cases.change(a_change(add=(a_reminder(),)))
    return a_case()


def lease(stores: Stores) -> Delivery:
    leased = stores.outbox.lease(a_reminder().id, now=NOW, until=UNTIL)
    assert leased is not None
    return leased


def send(stores: Stores) -> None:
    stores.outbox.mark_sent(lease(stores), now=NOW, message_id="m-1")


def cancel(stores: Stores, case: Case) -> Case:
    """The case after its reminder was cancelled."""
    change = a_change(case, cancel=(a_reminder(),))
    stores.cases.change(change)
    return change.after


def test_a_case_is_found_as_it_was_stored(stores: Stores, case: Case) -> None:
    assert stores.cases.find(REFERENCE) == case


def test_an_unknown_case_is_not_found_and_has_no_reminders(stores: Stores, case: Case) -> None:
    assert stores.cases.find("SUF-XXXX-9999") is None
    assert stores.cases.reminders("SUF-XXXX-9999") == ()


def test_a_case_without_clocks_is_stored(stores: Stores) -> None:
    bare = Case(REFERENCE, "child", NOW)

    stores.cases.change(a_change(after=bare))

    assert stores.cases.find(REFERENCE) == bare


def test_a_changed_case_replaces_the_one_it_was_read_as(stores: Stores, case: Case) -> None:
    after = case.superseded_by(deadlines=(), recorded={}, rules_version="f" * 16)

    stores.cases.change(a_change(case, after=after))

    assert stores.cases.find(REFERENCE) == after


def test_a_case_is_made_once(stores: Stores, case: Case) -> None:
    with pytest.raises(CaseChanged):
        stores.cases.change(a_change(after=a_case(deadlines=())))

    assert stores.cases.find(REFERENCE) == case


def test_a_case_that_is_not_there_cannot_be_changed(stores: Stores) -> None:
    with pytest.raises(CaseChanged):
        stores.cases.change(a_change(a_case()))

    assert stores.cases.find(REFERENCE) is None


def test_a_case_changed_since_it_was_read_is_not_overwritten(stores: Stores, case: Case) -> None:
    first = a_change(case, after=case.superseded_by(recorded={}))
    stores.cases.change(first)

    with pytest.raises(CaseChanged):
        stores.cases.change(a_change(case, after=case.superseded_by(settled={})))

    assert stores.cases.find(REFERENCE) == first.after


def test_a_refused_change_writes_nothing(stores: Stores, case: Case) -> None:
    stores.cases.change(a_change(case))

    with pytest.raises(CaseChanged):
        stores.cases.change(a_change(case, add=(OTHER,), cancel=(a_reminder(),), outbox=OUTBOX))

    assert stores.cases.reminders(REFERENCE) == (a_reminder(),)
    assert stores.outbox.find(OUTBOX.id) is None


def test_a_change_stores_its_reminders_and_its_outbox_row(stores: Stores, case: Case) -> None:
    stores.cases.change(a_change(case, add=(OTHER,), outbox=OUTBOX))

    assert stores.cases.reminders(REFERENCE) == (a_reminder(), OTHER)
    assert stores.outbox.find(OUTBOX.id) == OUTBOX


def test_reminders_are_those_of_one_case(stores: Stores, case: Case) -> None:
    stores.cases.change(
        a_change(reference="SUF-BCDF-347", add=(a_reminder(reference="SUF-BCDF-347"),))
    )

    assert stores.cases.reminders(REFERENCE) == (a_reminder(),)


def test_reminders_come_in_their_present_state(stores: Stores, case: Case) -> None:
    leased = lease(stores)

    assert stores.cases.reminders(REFERENCE) == (leased,)


def test_a_cancelled_reminder_is_among_the_case_s_reminders(stores: Stores, case: Case) -> None:
    cancel(stores, case)

    assert stores.cases.reminders(REFERENCE) == (CANCELLED,)
    assert stores.outbox.find(a_reminder().id) == CANCELLED


def test_a_cancelled_reminder_is_never_due_or_leased(stores: Stores, case: Case) -> None:
    cancel(stores, case)

    far = NOW + timedelta(days=400)
    assert stores.outbox.due(now=far, limit=10) == []
    assert stores.outbox.lease(a_reminder().id, now=far, until=far) is None


def test_a_reminder_that_somebody_is_at_is_cancelled_under_them(stores: Stores, case: Case) -> None:
    leased = lease(stores)

    cancel(stores, case)
    stores.outbox.mark_sent(leased, now=NOW, message_id="m-1")

    assert stores.cases.reminders(REFERENCE) == (replace(CANCELLED, attempts=1),)


def test_a_reminder_that_failed_is_cancelled_and_needs_nobody(stores: Stores, case: Case) -> None:
    stores.outbox.mark_failed(lease(stores), now=NOW, code="MessageRejected")

    cancel(stores, case)

    assert stores.cases.reminders(REFERENCE) == (replace(CANCELLED, attempts=1),)
    assert stores.outbox.needs_person(limit=10) == []


def test_a_reminder_that_is_cancelled_already_may_be_cancelled(stores: Stores, case: Case) -> None:
    stores.outbox.mark_cancelled(lease(stores), now=NOW)

    cancel(stores, case)

    assert stores.cases.reminders(REFERENCE) == (replace(CANCELLED, attempts=1),)


def test_a_sent_reminder_to_cancel_means_that_the_case_has_changed(
    stores: Stores, case: Case
) -> None:
    send(stores)
    sent = stores.cases.reminders(REFERENCE)

    with pytest.raises(CaseChanged):
        stores.cases.change(a_change(case, add=(OTHER,), cancel=(a_reminder(),), outbox=OUTBOX))

    assert stores.cases.find(REFERENCE) == case
    assert stores.cases.reminders(REFERENCE) == sent
    assert stores.outbox.find(OUTBOX.id) is None


def test_a_reminder_to_cancel_that_is_not_there_means_that_the_case_has_changed(
    stores: Stores, case: Case
) -> None:
    with pytest.raises(CaseChanged):
        stores.cases.change(a_change(case, cancel=(OTHER,)))

    assert stores.cases.reminders(REFERENCE) == (a_reminder(),)


def test_a_cancelled_reminder_is_planned_again(stores: Stores, case: Case) -> None:
    case = cancel(stores, case)

    stores.cases.change(a_change(case, add=(a_reminder(),)))

    assert stores.cases.reminders(REFERENCE) == (a_reminder(),)
    assert stores.outbox.due(now=a_reminder().check_at, limit=10) == [a_reminder().id]


@pytest.mark.parametrize("state", [State.PENDING, State.SENDING, State.SENT, State.FAILED])
def test_a_reminder_to_add_that_is_there_means_that_the_case_has_changed(
    stores: Stores, case: Case, state: State
) -> None:
    if state is State.SENT:
        send(stores)
    elif state is State.FAILED:
        stores.outbox.mark_failed(lease(stores), now=NOW, code="MessageRejected")
    elif state is State.SENDING:
        lease(stores)
    stored = stores.cases.reminders(REFERENCE)

    with pytest.raises(CaseChanged):
        stores.cases.change(a_change(case, add=(a_reminder(), OTHER), outbox=OUTBOX))

    assert [row.state for row in stored] == [state]
    assert stores.cases.find(REFERENCE) == case
    assert stores.cases.reminders(REFERENCE) == stored


def test_a_cancelled_reminder_is_forgotten(stores: Stores, case: Case) -> None:
    cancel(stores, case)

    stores.cases.forget_cancelled(a_reminder().id)

    assert stores.cases.reminders(REFERENCE) == ()
    assert stores.outbox.find(a_reminder().id) is None


def test_a_reminder_that_is_not_cancelled_is_not_forgotten(stores: Stores, case: Case) -> None:
    stores.cases.forget_cancelled(a_reminder().id)
    stores.cases.forget_cancelled(OTHER.id)

    assert stores.cases.reminders(REFERENCE) == (a_reminder(),)


def test_a_forgotten_reminder_can_be_planned_again(stores: Stores, case: Case) -> None:
    case = cancel(stores, case)
    stores.cases.forget_cancelled(a_reminder().id)

    stores.cases.change(a_change(case, add=(a_reminder(),)))

    assert stores.cases.reminders(REFERENCE) == (a_reminder(),)
