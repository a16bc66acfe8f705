"""Ways to bring a delivery into each of its states, by the outbox alone."""

from datetime import datetime, timedelta

from chalicelib.referrals.delivery import Delivery
from tests.contract.conftest import Stores
from tests.contract.samples import NOW, a_change, a_delivery

UNTIL = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(days=40)
CONFIRM_BY = NOW + timedelta(hours=4)


def add(stores: Stores, number: int, check_at: datetime = NOW) -> str:
    """A new outbox row's id; `number` goes into it and into its case's reference."""
    delivery = a_delivery(id=f"{number:032x}", check_at=check_at)
    stores.cases.change(a_change(reference=f"SUF-{number}", outbox=delivery))
    return delivery.id


def lease(stores: Stores, delivery_id: str, now: datetime = NOW) -> Delivery:
    leased = stores.outbox.lease(delivery_id, now=now, until=now + (UNTIL - NOW))
    assert leased is not None
    return leased


def wait(
    stores: Stores,
    delivery: Delivery,
    *,
    next_at: datetime = LATER,
    code: str = "Throttled",
    since: datetime = NOW,
    escalated: bool = False,
) -> None:
    stores.outbox.mark_waiting(
        delivery, next_at=next_at, code=code, since=since, escalated=escalated
    )


def escalate(stores: Stores, delivery: Delivery, next_at: datetime = LATER) -> None:
    wait(stores, delivery, next_at=next_at, escalated=True)


def fail(stores: Stores, delivery: Delivery) -> None:
    stores.outbox.mark_failed(delivery, now=NOW, code="MessageRejected")


def send(stores: Stores, delivery: Delivery, confirm_by: datetime | None = CONFIRM_BY) -> None:
    stores.outbox.mark_sent(delivery, now=NOW, message_id="m-1", confirm_by=confirm_by)


def found(stores: Stores, delivery_id: str) -> Delivery:
    delivery = stores.outbox.find(delivery_id)
    assert delivery is not None
    return delivery
