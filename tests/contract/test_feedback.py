"""What every outbox does with what is heard of an email, in whatever order it comes."""

import random

import pytest

from chalicelib.referrals.delivery import Delivery, State
from chalicelib.referrals.feedback import Feedback
from tests.contract.attempts import (
    UNTIL,
    escalate,
    fail,
    found,
    lease,
    send,
    wait,
)
from tests.contract.conftest import Stores
from tests.contract.samples import NOW


def hear(stores: Stores, delivery_id: str, feedback: Feedback) -> Delivery | None:
    return stores.outbox.hear(delivery_id, feedback, now=UNTIL)


@pytest.mark.parametrize("feedback", Feedback)
def test_what_is_heard_is_recorded_and_given_back(
    outbox: Stores, leased: Delivery, feedback: Feedback
) -> None:
    send(outbox, leased)

    heard = hear(outbox, leased.id, feedback)

    assert heard == found(outbox, leased.id)
    assert heard is not None
    assert (heard.state, heard.feedback, heard.message_id) == (State.SENT, feedback, "m-1")


@pytest.mark.parametrize("feedback", Feedback)
def test_nothing_is_heard_of_an_unknown_delivery(stores: Stores, feedback: Feedback) -> None:
    assert hear(stores, "unknown", feedback) is None
    assert stores.outbox.find("unknown") is None


@pytest.mark.parametrize("seed", range(6))
def test_the_highest_stands_however_events_come(
    outbox: Stores, leased: Delivery, seed: int
) -> None:
    send(outbox, leased)
    events = random.Random(seed).sample([*Feedback, *Feedback], k=9)

    heard = [hear(outbox, leased.id, event) for event in events]

    ranks = [0]
    for event, moved in zip(events, heard, strict=True):
        assert (moved is not None) == (event.rank > max(ranks))
        ranks.append(event.rank)
    highest = found(outbox, leased.id).feedback
    assert highest is not None
    assert highest.rank == max(ranks)


@pytest.mark.parametrize("feedback", Feedback)
def test_what_overtakes_our_own_record_is_kept(
    outbox: Stores, leased: Delivery, feedback: Feedback
) -> None:
    assert hear(outbox, leased.id, feedback) is not None

    send(outbox, leased)

    sent = found(outbox, leased.id)
    assert (sent.state, sent.feedback) == (State.SENT, feedback)


def test_an_event_takes_no_delivery_from_a_worker_that_may_be_dead(
    outbox: Stores, leased: Delivery
) -> None:
    hear(outbox, leased.id, Feedback.DELIVERED)

    assert leased.id in outbox.outbox.due(now=UNTIL, limit=10)
    assert lease(outbox, leased.id, now=UNTIL).feedback is Feedback.DELIVERED


def test_an_event_leaves_what_needs_a_person_there(outbox: Stores, leased: Delivery) -> None:
    fail(outbox, leased)

    hear(outbox, leased.id, Feedback.REJECTED)

    assert outbox.outbox.needs_person(limit=10) == [leased.id]
    assert found(outbox, leased.id).state is State.FAILED


@pytest.mark.parametrize("escalated", [False, True])
def test_an_email_that_was_lost_keeps_its_place_when_that_is_recorded(
    outbox: Stores, leased: Delivery, escalated: bool
) -> None:
    wait(outbox, leased, escalated=escalated)
    attempt = lease(outbox, leased.id)
    outbox.outbox.mark_lost(attempt.id, now=UNTIL, code="bounced")

    hear(outbox, leased.id, Feedback.BOUNCED)

    lost = found(outbox, leased.id)
    assert (lost.state, lost.check_at, lost.escalated) == (State.FAILED, UNTIL, False)
    assert outbox.outbox.needs_person(limit=10) == [leased.id]


def test_an_event_leaves_what_is_escalated_so(outbox: Stores, leased: Delivery) -> None:
    escalate(outbox, leased)

    heard = hear(outbox, leased.id, Feedback.DELIVERED)

    assert heard is not None
    assert heard.escalated
    assert outbox.outbox.needs_person(limit=10) == [leased.id]


def test_what_was_heard_stays_through_another_attempt(outbox: Stores, leased: Delivery) -> None:
    hear(outbox, leased.id, Feedback.BOUNCED)
    wait(outbox, leased)

    assert lease(outbox, leased.id).feedback is Feedback.BOUNCED


def test_what_was_heard_of_an_attempt_is_forgotten_when_a_person_has_it_tried_again(
    outbox: Stores, leased: Delivery
) -> None:
    hear(outbox, leased.id, Feedback.BOUNCED)
    fail(outbox, leased)

    outbox.outbox.rearm(leased.id, now=NOW)

    assert found(outbox, leased.id).feedback is None
    assert hear(outbox, leased.id, Feedback.DELIVERED) is not None
