"""What becomes of what is heard of an email when several are at its row at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.referrals.delivery import Delivery, State
from chalicelib.referrals.feedback import Feedback
from tests.contract.attempts import LATER, add, found, lease, send
from tests.contract.conftest import EMULATOR, ORACLE, Stores
from tests.contract.samples import NOW

# moto copies its tables while other threads write to them, so it says nothing about concurrency.
UNSHARED = pytest.mark.parametrize("stores", ["in_memory", EMULATOR, ORACLE], indirect=True)


@UNSHARED
def test_of_events_at_once_the_highest_stands_and_each_is_news_at_most_once(
    outbox: Stores, leased: Delivery
) -> None:
    send(outbox, leased)
    events = random.Random(1).sample([*Feedback] * 3, k=3 * len(Feedback))

    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(lambda event: outbox.outbox.hear(leased.id, event, now=NOW), events))

    news = [event for event, moved in zip(events, heard, strict=True) if moved is not None]
    assert len(news) == len(set(news))
    assert found(outbox, leased.id).feedback is max(Feedback, key=lambda one: one.rank)
    assert outbox.outbox.unconfirmed(now=LATER, limit=10) == []


@UNSHARED
def test_an_event_and_our_own_record_at_once_leave_nothing_to_wait_for(stores: Stores) -> None:
    ids = [add(stores, number) for number in range(24)]
    attempts = [lease(stores, one) for one in ids]

    def hear(one: str) -> Delivery | None:
        return stores.outbox.hear(one, Feedback.DELIVERED, now=NOW)

    with ThreadPoolExecutor(16) as pool:
        recording = [pool.submit(send, stores, attempt) for attempt in attempts]
        hearing = [pool.submit(hear, one) for one in ids]
        for task in recording:
            task.result()
        assert all(task.result() is not None for task in hearing)

    for one in ids:
        sent = found(stores, one)
        assert (sent.state, sent.feedback) == (State.SENT, Feedback.DELIVERED)
    assert stores.outbox.unconfirmed(now=LATER, limit=100) == []


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
@pytest.mark.parametrize("which", [1, 2])
def test_our_own_record_that_comes_amid_an_event_s_writes_leaves_nothing_to_wait_for(
    outbox: Stores, leased: Delivery, which: int
) -> None:
    """An event that comes too early is two writes: our own record comes before one of them."""
    writes = iter(range(1, 10))

    def interpose(**_: Any) -> None:
        if next(writes) == which:
            send(outbox, leased)

    events = outbox.client.meta.events
    events.register("before-call.dynamodb.UpdateItem", interpose)
    heard = outbox.outbox.hear(leased.id, Feedback.DELIVERED, now=NOW)
    events.unregister("before-call.dynamodb.UpdateItem", interpose)

    assert heard is not None
    assert (heard.state, heard.feedback) == (State.SENT, Feedback.DELIVERED)
    assert outbox.outbox.unconfirmed(now=LATER, limit=10) == []
