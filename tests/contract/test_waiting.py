"""What every outbox says of deliveries that wait, that a person must look at, and of a restore."""

from datetime import timedelta

import pytest

from chalicelib.referrals.delivery import ASSUMED_SENT, Delivery, State
from tests.contract.attempts import LATER, UNTIL, add, escalate, fail, found, lease, send, wait
from tests.contract.conftest import Stores
from tests.contract.samples import NOW, REFERENCE, a_change, a_delivery, a_reminder

MINUTE = timedelta(minutes=1)


def test_a_delivery_that_waits_says_since_when(outbox: Stores, leased: Delivery) -> None:
    wait(outbox, leased, next_at=LATER, since=NOW - MINUTE)

    waiting = found(outbox, leased.id)

    assert (waiting.state, waiting.check_at) == (State.PENDING, LATER)
    assert (waiting.waiting_since, waiting.escalated) == (NOW - MINUTE, False)


def test_an_attempt_knows_since_when_its_delivery_waits(outbox: Stores, leased: Delivery) -> None:
    wait(outbox, leased, since=NOW - MINUTE)

    assert lease(outbox, leased.id).waiting_since == NOW - MINUTE


def test_a_delivery_that_only_waits_needs_nobody(outbox: Stores, leased: Delivery) -> None:
    wait(outbox, leased)

    assert outbox.outbox.needs_person(limit=10) == []


def test_an_escalated_delivery_needs_a_person(outbox: Stores, leased: Delivery) -> None:
    escalate(outbox, leased)

    assert found(outbox, leased.id).escalated
    assert outbox.outbox.needs_person(limit=10) == [leased.id]


def test_an_escalated_delivery_is_due_in_its_turn(stores: Stores) -> None:
    first, second, third = (add(stores, number, NOW + number * MINUTE) for number in (1, 2, 3))
    escalate(stores, lease(stores, second), next_at=NOW + 2 * MINUTE)

    assert stores.outbox.due(now=NOW + 3 * MINUTE, limit=10) == [first, second, third]
    assert stores.outbox.due(now=NOW + 2 * MINUTE, limit=10) == [first, second]
    assert stores.outbox.due(now=NOW + 3 * MINUTE, limit=2) == [first, second]


def test_an_escalated_delivery_stays_so_while_it_is_tried(outbox: Stores, leased: Delivery) -> None:
    escalate(outbox, leased)

    again = lease(outbox, leased.id)

    assert again.escalated
    assert outbox.outbox.needs_person(limit=10) == [leased.id]
    assert leased.id in outbox.outbox.due(now=UNTIL, limit=10)


def test_an_escalated_delivery_that_is_sent_needs_nobody(outbox: Stores, leased: Delivery) -> None:
    escalate(outbox, leased)

    send(outbox, lease(outbox, leased.id), confirm_by=None)

    sent = found(outbox, leased.id)
    assert (sent.escalated, sent.waiting_since, sent.code) == (False, None, None)
    assert outbox.outbox.needs_person(limit=10) == []


def test_an_escalated_delivery_that_is_cancelled_needs_nobody(
    outbox: Stores, leased: Delivery
) -> None:
    escalate(outbox, leased)

    outbox.outbox.mark_cancelled(lease(outbox, leased.id), now=NOW)

    cancelled = found(outbox, leased.id)
    assert (cancelled.escalated, cancelled.waiting_since) == (False, None)
    assert outbox.outbox.needs_person(limit=10) == []


def test_what_was_given_up_comes_before_what_is_still_tried(stores: Stores) -> None:
    tried = [add(stores, number) for number in range(3)]
    for number, one in enumerate(tried):
        escalate(stores, lease(stores, one), next_at=NOW - (9 - number) * MINUTE)
    given_up = add(stores, 9)
    fail(stores, lease(stores, given_up))

    assert stores.outbox.needs_person(limit=10) == [given_up, *tried]
    assert stores.outbox.needs_person(limit=2) == [given_up, tried[0]]
    assert stores.outbox.needs_person(limit=1) == [given_up]


def test_a_failed_delivery_is_not_tried(outbox: Stores, leased: Delivery) -> None:
    escalate(outbox, leased)
    fail(outbox, lease(outbox, leased.id))

    assert not found(outbox, leased.id).escalated
    assert leased.id not in outbox.outbox.due(now=LATER, limit=10)
    assert leased.id not in outbox.outbox.waiting(limit=10)


def test_all_that_waits_is_given_by_its_time(outbox: Stores) -> None:
    far = add(outbox, 1, NOW + timedelta(days=300))
    late = add(outbox, 2)
    escalate(outbox, lease(outbox, late), next_at=NOW + timedelta(days=200))
    done = add(outbox, 3)
    send(outbox, lease(outbox, done))

    expected = [a_delivery().id, a_reminder().id, late, far]
    assert outbox.outbox.waiting(limit=10) == expected
    assert outbox.outbox.waiting(limit=3) == expected[:3]


def test_a_delivery_that_is_being_sent_still_waits(outbox: Stores, leased: Delivery) -> None:
    assert leased.id in outbox.outbox.waiting(limit=10)


def test_an_email_that_never_arrives_needs_a_person_and_can_be_sent_again(
    outbox: Stores, leased: Delivery
) -> None:
    send(outbox, leased)

    assert outbox.outbox.mark_lost(leased.id, now=NOW, code="bounced")

    lost = found(outbox, leased.id)
    assert (lost.state, lost.code) == (State.FAILED, "bounced")
    assert outbox.outbox.needs_person(limit=10) == [leased.id]
    assert outbox.outbox.rearm(leased.id, now=NOW)
    assert outbox.outbox.due(now=NOW, limit=10) == [leased.id]


def test_a_bounce_that_overtakes_our_own_record_stands(outbox: Stores, leased: Delivery) -> None:
    assert outbox.outbox.mark_lost(leased.id, now=NOW, code="bounced")

    send(outbox, leased)

    assert found(outbox, leased.id).state is State.FAILED


def test_what_is_over_cannot_be_lost(outbox: Stores, leased: Delivery) -> None:
    outbox.outbox.mark_cancelled(leased, now=NOW)

    assert not outbox.outbox.mark_lost(leased.id, now=NOW, code="bounced")
    assert not outbox.outbox.mark_lost("unknown", now=NOW, code="bounced")
    assert found(outbox, leased.id).state is State.CANCELLED


def test_a_failed_delivery_can_be_tried_again(outbox: Stores, leased: Delivery) -> None:
    wait(outbox, leased, since=NOW - MINUTE)
    fail(outbox, lease(outbox, leased.id))

    assert outbox.outbox.rearm(leased.id, now=UNTIL)

    armed = found(outbox, leased.id)
    assert (armed.state, armed.check_at, armed.done_at) == (State.PENDING, UNTIL, None)
    assert (armed.waiting_since, armed.escalated) == (None, False)


def test_a_delivery_to_be_tried_again_is_due_and_needs_nobody(
    outbox: Stores, leased: Delivery
) -> None:
    fail(outbox, leased)
    outbox.outbox.rearm(leased.id, now=NOW)

    assert outbox.outbox.due(now=NOW, limit=10) == [leased.id]
    assert outbox.outbox.needs_person(limit=10) == []
    # Its ladder of waits begins anew.
    assert lease(outbox, leased.id).attempts == 1


def test_a_delivery_is_put_back_once(outbox: Stores, leased: Delivery) -> None:
    fail(outbox, leased)

    assert [outbox.outbox.rearm(leased.id, now=NOW) for _ in range(2)] == [True, False]


def test_only_what_failed_is_put_back(outbox: Stores, leased: Delivery) -> None:
    assert not outbox.outbox.rearm("unknown", now=NOW)
    assert not outbox.outbox.rearm(leased.id, now=NOW)
    send(outbox, leased)
    sent = found(outbox, leased.id)

    assert not outbox.outbox.rearm(leased.id, now=NOW)
    assert found(outbox, leased.id) == sent
    assert outbox.outbox.find("unknown") is None


@pytest.mark.parametrize(
    "which", [a_delivery().id, a_reminder().id], ids=["outbox row", "reminder"]
)
def test_a_waiting_delivery_can_be_taken_as_sent(outbox: Stores, which: str) -> None:
    assert outbox.outbox.assume_sent(which, now=NOW)

    sent = found(outbox, which)
    assert (sent.state, sent.message_id, sent.done_at) == (State.SENT, ASSUMED_SENT, NOW)


def test_what_is_taken_as_sent_is_never_sent(outbox: Stores, leased: Delivery) -> None:
    escalate(outbox, leased)
    again = lease(outbox, leased.id)

    assert outbox.outbox.assume_sent(leased.id, now=NOW)

    assumed = found(outbox, leased.id)
    outbox.outbox.mark_sent(again, now=LATER, message_id="late")
    wait(outbox, again)
    assert found(outbox, leased.id) == assumed
    assert (assumed.waiting_since, assumed.escalated) == (None, False)
    assert (assumed.lease_until, assumed.code) == (None, None)


def test_what_is_taken_as_sent_is_nowhere_waited_for(outbox: Stores, leased: Delivery) -> None:
    escalate(outbox, leased)
    outbox.outbox.assume_sent(leased.id, now=NOW)

    assert leased.id not in outbox.outbox.due(now=LATER, limit=10)
    assert leased.id not in outbox.outbox.waiting(limit=10)
    assert outbox.outbox.needs_person(limit=10) == []
    assert outbox.outbox.unconfirmed(now=LATER, limit=10) == []
    assert outbox.outbox.lease(leased.id, now=LATER, until=LATER) is None


def test_only_what_waits_is_taken_as_sent(outbox: Stores, leased: Delivery) -> None:
    assert not outbox.outbox.assume_sent("unknown", now=NOW)
    fail(outbox, leased)
    failed = found(outbox, leased.id)

    assert not outbox.outbox.assume_sent(leased.id, now=NOW)
    assert found(outbox, leased.id) == failed
    assert outbox.outbox.find("unknown") is None


def test_a_cancelled_reminder_is_not_taken_as_sent(outbox: Stores, leased: Delivery) -> None:
    outbox.outbox.mark_cancelled(leased, now=NOW)

    assert not outbox.outbox.assume_sent(leased.id, now=NOW)


def test_a_worker_of_a_reminder_that_was_planned_again_records_nothing(stores: Stores) -> None:
    """Both attempts are the first: of the reminder as it was, and as it is."""
    reminder = a_reminder()
    stores.cases.change(a_change(add=(reminder,)))
    old = lease(stores, reminder.id)
    case = stores.cases.find(REFERENCE)
    stores.cases.change(a_change(case, cancel=(old,)))
    stores.cases.change(a_change(stores.cases.find(REFERENCE), add=(reminder,)))
    new = lease(stores, reminder.id, now=NOW + timedelta(seconds=1))

    stores.outbox.mark_cancelled(old, now=UNTIL)

    assert found(stores, reminder.id) == new
