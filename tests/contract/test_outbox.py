"""What every outbox does: one state machine for outbox rows and reminders."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.referrals.delivery import Delivery, State
from tests.contract.attempts import LATER, UNTIL, wait
from tests.contract.conftest import EMULATOR, ORACLE, Stores
from tests.contract.samples import NOW, a_delivery, a_reminder

# moto copies its tables while other threads write to them, so it says nothing about concurrency.
UNSHARED = pytest.mark.parametrize("stores", ["in_memory", EMULATOR, ORACLE], indirect=True)


def test_a_lease_is_recorded_before_the_effect(outbox: Stores, leased: Delivery) -> None:
    assert (leased.state, leased.attempts, leased.lease_until) == (State.SENDING, 1, UNTIL)
    assert outbox.outbox.find(leased.id) == leased


def test_a_lease_keeps_what_the_delivery_is_about(outbox: Stores) -> None:
    leased = outbox.outbox.lease(a_reminder().id, now=NOW, until=UNTIL)

    assert leased is not None
    assert (leased.label, leased.at, leased.due_on) == (
        a_reminder().label,
        a_reminder().at,
        a_reminder().due_on,
    )


def test_an_unknown_delivery_cannot_be_leased(outbox: Stores) -> None:
    assert outbox.outbox.lease("unknown", now=NOW, until=UNTIL) is None
    assert outbox.outbox.find("unknown") is None


def test_a_leased_delivery_is_nobody_elses(outbox: Stores, leased: Delivery) -> None:
    just_before = UNTIL - timedelta(microseconds=1)

    assert outbox.outbox.lease(leased.id, now=just_before, until=LATER) is None


def test_a_lease_that_ran_out_is_taken_over(outbox: Stores, leased: Delivery) -> None:
    again = outbox.outbox.lease(leased.id, now=UNTIL, until=LATER)

    assert again is not None
    assert (again.attempts, again.lease_until) == (2, LATER)


def test_a_sent_delivery_is_never_leased_again(outbox: Stores, leased: Delivery) -> None:
    outbox.outbox.mark_sent(leased, now=NOW, message_id="m-1")

    assert outbox.outbox.lease(leased.id, now=LATER, until=LATER) is None


def test_a_sent_delivery_keeps_its_message_id(outbox: Stores, leased: Delivery) -> None:
    outbox.outbox.mark_sent(leased, now=NOW, message_id="m-1")

    sent = outbox.outbox.find(leased.id)

    assert sent is not None
    assert (sent.state, sent.message_id, sent.done_at) == (State.SENT, "m-1", NOW)


def test_a_delivery_that_failed_for_now_can_be_leased_again(
    outbox: Stores, leased: Delivery
) -> None:
    wait(outbox, leased, code="Throttled")

    again = outbox.outbox.lease(leased.id, now=NOW, until=UNTIL)

    assert again is not None
    assert (again.attempts, again.code) == (2, "Throttled")


def test_a_failed_delivery_is_kept_for_a_person(outbox: Stores, leased: Delivery) -> None:
    outbox.outbox.mark_failed(leased, now=NOW, code="MessageRejected")

    failed = outbox.outbox.find(leased.id)

    assert failed is not None
    assert (failed.state, failed.code) == (State.FAILED, "MessageRejected")
    assert outbox.outbox.needs_person(limit=10) == [leased.id]
    assert outbox.outbox.lease(leased.id, now=LATER, until=LATER) is None


def test_a_worker_that_lost_its_lease_records_nothing(outbox: Stores, leased: Delivery) -> None:
    again = outbox.outbox.lease(leased.id, now=UNTIL, until=LATER)

    outbox.outbox.mark_sent(leased, now=UNTIL, message_id="late")
    wait(outbox, leased, code="late")
    outbox.outbox.mark_failed(leased, now=UNTIL, code="late")
    outbox.outbox.mark_cancelled(leased, now=UNTIL)

    assert outbox.outbox.find(leased.id) == again


def test_what_was_sent_stays_sent(outbox: Stores, leased: Delivery) -> None:
    outbox.outbox.mark_sent(leased, now=NOW, message_id="m-1")
    sent = outbox.outbox.find(leased.id)

    outbox.outbox.mark_failed(leased, now=UNTIL, code="late")
    outbox.outbox.mark_cancelled(leased, now=UNTIL)

    assert outbox.outbox.find(leased.id) == sent


def test_what_was_cancelled_stays_cancelled(outbox: Stores, leased: Delivery) -> None:
    outbox.outbox.mark_cancelled(leased, now=NOW)
    cancelled = outbox.outbox.find(leased.id)

    outbox.outbox.mark_sent(leased, now=UNTIL, message_id="late")
    wait(outbox, leased, code="late")

    assert outbox.outbox.find(leased.id) == cancelled


def test_a_cancelled_delivery_keeps_when_it_was_and_no_lease(
    outbox: Stores, leased: Delivery
) -> None:
    outbox.outbox.mark_cancelled(leased, now=NOW)

    assert outbox.outbox.find(leased.id) == replace(
        leased, state=State.CANCELLED, done_at=NOW, check_at=NOW, lease_until=None
    )


def test_a_cancelled_delivery_is_never_leased_again(outbox: Stores, leased: Delivery) -> None:
    outbox.outbox.mark_cancelled(leased, now=NOW)

    assert outbox.outbox.lease(leased.id, now=LATER, until=LATER) is None


def test_a_cancelled_delivery_is_not_due_and_needs_nobody(outbox: Stores, leased: Delivery) -> None:
    outbox.outbox.mark_cancelled(leased, now=NOW)

    assert leased.id not in outbox.outbox.due(now=LATER, limit=10)
    assert outbox.outbox.needs_person(limit=10) == []


def test_nothing_is_due_before_its_time(outbox: Stores) -> None:
    just_before = a_delivery().check_at - timedelta(microseconds=1)

    assert outbox.outbox.due(now=just_before, limit=10) == []


def test_what_is_due_comes_oldest_first(outbox: Stores) -> None:
    assert outbox.outbox.due(now=LATER, limit=10) == [a_delivery().id, a_reminder().id]


def test_no_more_is_given_than_asked_for(outbox: Stores) -> None:
    assert outbox.outbox.due(now=LATER, limit=1) == [a_delivery().id]


def test_a_delivery_is_due_at_the_instant_it_is_to_be_checked(outbox: Stores) -> None:
    assert outbox.outbox.due(now=a_delivery().check_at, limit=10) == [a_delivery().id]


def test_a_leased_delivery_is_due_when_its_lease_runs_out(outbox: Stores, leased: Delivery) -> None:
    others = {a_delivery().id, a_reminder().id} - {leased.id}
    for other in others:
        lease = outbox.outbox.lease(other, now=NOW, until=LATER)
        assert lease is not None

    assert outbox.outbox.due(now=UNTIL - timedelta(microseconds=1), limit=10) == []
    assert outbox.outbox.due(now=UNTIL, limit=10) == [leased.id]


def test_finished_deliveries_leave_the_index(outbox: Stores) -> None:
    first = outbox.outbox.lease(a_delivery().id, now=NOW, until=UNTIL)
    second = outbox.outbox.lease(a_reminder().id, now=NOW, until=UNTIL)
    assert first is not None
    assert second is not None

    outbox.outbox.mark_sent(first, now=NOW, message_id="m-1")
    outbox.outbox.mark_failed(second, now=NOW, code="MessageRejected")

    assert outbox.outbox.due(now=LATER, limit=10) == []


def test_an_open_case_is_nothing_to_deliver(outbox: Stores) -> None:
    far = NOW + timedelta(days=400)

    assert set(outbox.outbox.due(now=far, limit=10)) == {a_delivery().id, a_reminder().id}
    assert outbox.outbox.needs_person(limit=10) == []


@UNSHARED
def test_eight_workers_take_one_lease(outbox: Stores) -> None:
    def take(_: int) -> bool:
        return outbox.outbox.lease(a_delivery().id, now=NOW, until=UNTIL) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1
