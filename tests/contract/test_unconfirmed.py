"""What every outbox says of emails of which something should be heard: until it is."""

from datetime import timedelta

import pytest

from chalicelib.referrals.delivery import Delivery
from chalicelib.referrals.feedback import Feedback
from tests.contract.attempts import (
    CONFIRM_BY,
    LATER,
    UNTIL,
    add,
    found,
    lease,
    send,
)
from tests.contract.conftest import Stores
from tests.contract.samples import NOW

SETTLING = [feedback for feedback in Feedback if feedback.settles]


def hear(stores: Stores, delivery_id: str, feedback: Feedback) -> Delivery | None:
    return stores.outbox.hear(delivery_id, feedback, now=UNTIL)


def unconfirmed(stores: Stores) -> list[str]:
    return list(stores.outbox.unconfirmed(now=LATER, limit=10))


@pytest.mark.parametrize("feedback", SETTLING)
def test_an_email_that_was_heard_of_before_our_own_record_is_not_waited_for(
    outbox: Stores, leased: Delivery, feedback: Feedback
) -> None:
    hear(outbox, leased.id, feedback)

    send(outbox, leased)

    assert unconfirmed(outbox) == []
    assert found(outbox, leased.id).check_at == NOW


def test_an_email_that_was_delayed_before_our_own_record_is_waited_for(
    outbox: Stores, leased: Delivery
) -> None:
    hear(outbox, leased.id, Feedback.DELAYED)

    send(outbox, leased)

    assert unconfirmed(outbox) == [leased.id]


def test_a_sent_email_that_was_lost_is_waited_for_no_more(outbox: Stores, leased: Delivery) -> None:
    send(outbox, leased)
    outbox.outbox.mark_lost(leased.id, now=UNTIL, code="bounced")

    hear(outbox, leased.id, Feedback.BOUNCED)

    assert unconfirmed(outbox) == []
    assert found(outbox, leased.id).check_at == UNTIL


def test_silence_is_found_from_its_time_on(outbox: Stores, leased: Delivery) -> None:
    send(outbox, leased)

    just_before = CONFIRM_BY - timedelta(microseconds=1)
    assert outbox.outbox.unconfirmed(now=just_before, limit=10) == []
    assert outbox.outbox.unconfirmed(now=CONFIRM_BY, limit=10) == [leased.id]


def test_the_longest_silence_comes_first(stores: Stores) -> None:
    ids = [add(stores, number) for number in range(3)]
    for number, one in enumerate(ids):
        send(stores, lease(stores, one), confirm_by=CONFIRM_BY - timedelta(minutes=number))

    assert unconfirmed(stores) == ids[::-1]
    assert stores.outbox.unconfirmed(now=LATER, limit=2) == ids[:0:-1]


def test_an_email_of_which_nothing_is_expected_is_not_waited_for(
    outbox: Stores, leased: Delivery
) -> None:
    send(outbox, leased, confirm_by=None)

    assert unconfirmed(outbox) == []


def test_an_unconfirmed_email_is_not_to_be_sent(outbox: Stores, leased: Delivery) -> None:
    send(outbox, leased)

    assert leased.id not in outbox.outbox.due(now=LATER, limit=10)
    assert leased.id not in outbox.outbox.waiting(limit=10)
    assert outbox.outbox.needs_person(limit=10) == []


@pytest.mark.parametrize("feedback", SETTLING)
def test_an_email_that_was_heard_of_is_unconfirmed_no_more(
    outbox: Stores, leased: Delivery, feedback: Feedback
) -> None:
    send(outbox, leased)

    hear(outbox, leased.id, feedback)

    assert unconfirmed(outbox) == []
    assert found(outbox, leased.id).check_at == NOW


def test_a_delayed_email_is_still_waited_for(outbox: Stores, leased: Delivery) -> None:
    send(outbox, leased)

    hear(outbox, leased.id, Feedback.DELAYED)

    assert unconfirmed(outbox) == [leased.id]


def test_silence_that_was_recorded_is_still_there_to_be_looked_at(
    outbox: Stores, leased: Delivery
) -> None:
    send(outbox, leased)

    assert hear(outbox, leased.id, Feedback.UNCONFIRMED) is not None

    assert unconfirmed(outbox) == [leased.id]


def test_silence_that_was_recorded_hides_none_that_is_new(stores: Stores) -> None:
    ids = [add(stores, number) for number in range(4)]
    for number, one in enumerate(ids):
        send(stores, lease(stores, one), confirm_by=CONFIRM_BY + timedelta(minutes=number))
    for one in ids[:2]:
        hear(stores, one, Feedback.UNCONFIRMED)

    assert stores.outbox.unconfirmed(now=LATER, limit=2) == ids[2:]
    assert stores.outbox.unconfirmed(now=LATER, limit=3) == [*ids[2:], ids[0]]
    assert unconfirmed(stores) == [*ids[2:], *ids[:2]]


def test_an_email_can_be_heard_of_after_its_silence(outbox: Stores, leased: Delivery) -> None:
    send(outbox, leased)
    hear(outbox, leased.id, Feedback.UNCONFIRMED)

    heard = hear(outbox, leased.id, Feedback.DELIVERED)

    assert heard is not None
    assert heard.feedback is Feedback.DELIVERED
    assert unconfirmed(outbox) == []


def test_a_worker_that_lost_its_lease_makes_nothing_unconfirmed(
    outbox: Stores, leased: Delivery
) -> None:
    again = lease(outbox, leased.id, now=UNTIL)

    send(outbox, leased)

    assert found(outbox, leased.id) == again
    assert unconfirmed(outbox) == []
