"""In-memory twin of the outbox, beside the other stores of one `Table`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.in_memory import Table
from chalicelib.referrals.delivery import (
    ASSUMED_SENT,
    MOST_UNRECORDED,
    Delivery,
    Kind,
    State,
)
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.referral import AuditEntry

_WAITING = (State.PENDING, State.SENDING)
# What a delivery loses when it is done with.
_NO_LONGER_WAITING: dict[str, Any] = {
    "lease_until": None,
    "code": None,
    "waiting_since": None,
    "escalated": False,
}


class InMemoryOutbox:
    """Twin of `DynamoOutbox`. An email that is unconfirmed is looked at later than it was done."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, delivery_id: str) -> Delivery | None:
        with self._table.lock:
            return self._table.deliveries.get(delivery_id)

    def lease(self, delivery_id: str, *, now: datetime, until: datetime) -> Delivery | None:
        with self._table.lock:
            delivery = self._table.deliveries.get(delivery_id)
            if delivery is None or not _free(delivery, now):
                return None
            return self._put(
                delivery,
                state=State.SENDING,
                attempts=delivery.attempts + 1,
                escalated=delivery.escalated or delivery.attempts >= MOST_UNRECORDED,
                lease_until=until,
                check_at=until,
            )

    def mark_sent(
        self,
        delivery: Delivery,
        *,
        now: datetime,
        message_id: str,
        confirm_by: datetime | None = None,
    ) -> None:
        with self._table.lock:
            held = self._held(delivery)
            if held is None:
                return
            settled = held.feedback is not None and held.feedback.settles
            self._put(
                held,
                state=State.SENT,
                done_at=now,
                check_at=now if confirm_by is None or settled else confirm_by,
                message_id=message_id,
                **_NO_LONGER_WAITING,
            )

    def mark_waiting(
        self,
        delivery: Delivery,
        *,
        next_at: datetime,
        code: str,
        since: datetime,
        escalated: bool,
    ) -> None:
        self._record(
            delivery,
            state=State.PENDING,
            check_at=next_at,
            code=code,
            waiting_since=since,
            escalated=escalated,
            lease_until=None,
        )

    def mark_failed(self, delivery: Delivery, *, now: datetime, code: str) -> None:
        self._record(
            delivery,
            state=State.FAILED,
            done_at=now,
            check_at=now,
            code=code,
            escalated=False,
            lease_until=None,
        )

    def mark_cancelled(self, delivery: Delivery, *, now: datetime) -> None:
        self._record(
            delivery, state=State.CANCELLED, done_at=now, check_at=now, **_NO_LONGER_WAITING
        )

    def due(self, *, now: datetime, limit: int) -> list[str]:
        return self._ids(lambda one: one.state in _WAITING and one.check_at <= now, limit)

    def waiting(self, *, limit: int) -> list[str]:
        return self._ids(lambda one: one.state in _WAITING, limit)

    def needs_person(self, *, limit: int) -> list[str]:
        failed = self._ids(
            lambda one: _is_failed(one) and one.kind is not Kind.RECEIPT_EMAIL, limit
        )
        escalated = self._ids(lambda one: one.state in _WAITING and one.escalated, limit)
        return (failed + escalated)[:limit]

    def failed_receipts(self, *, limit: int) -> list[str]:
        return self._ids(lambda one: _is_failed(one) and one.kind is Kind.RECEIPT_EMAIL, limit)

    def unconfirmed(self, *, now: datetime, limit: int) -> list[str]:
        def is_late(one: Delivery) -> bool:
            return _is_unconfirmed(one) and one.check_at <= now

        # What is recorded as silent comes last, so as not to hide what falls silent later.
        told = self._ids(lambda one: is_late(one) and _is_silent(one), limit)
        return (self.newly_silent(now=now, limit=limit) + told)[:limit]

    def newly_silent(self, *, now: datetime, limit: int) -> list[str]:
        def is_new(one: Delivery) -> bool:
            return _is_unconfirmed(one) and one.check_at <= now and not _is_silent(one)

        return self._ids(is_new, limit)

    def mark_lost(self, delivery_id: str, *, now: datetime, code: str) -> bool:
        with self._table.lock:
            delivery = self._table.deliveries.get(delivery_id)
            if delivery is None or delivery.state not in (State.SENT, *_WAITING):
                return False
            self._put(
                delivery,
                state=State.FAILED,
                check_at=now,
                code=code,
                lease_until=None,
                waiting_since=None,
                escalated=False,
                dismissed=False,
            )
            return True

    def rearm(self, delivery_id: str, *, now: datetime) -> bool:
        with self._table.lock:
            delivery = self._table.deliveries.get(delivery_id)
            if delivery is None:
                return False
            if delivery.state is not State.FAILED and not _is_silent(delivery):
                return False
            self._put(
                delivery,
                state=State.PENDING,
                attempts=0,
                check_at=now,
                done_at=None,
                waiting_since=None,
                feedback=None,
                dismissed=False,
                message_id=None,
                lost_message=delivery.message_id,
            )
            return True

    def dismiss(self, delivery_id: str, *, audit: AuditEntry) -> bool:
        with self._table.lock:
            delivery = self._table.deliveries.get(delivery_id)
            if delivery is None or not (_is_failed(delivery) or _is_silent(delivery)):
                return False
            done_at = delivery.done_at or audit.at
            self._put(delivery, dismissed=True, done_at=done_at, check_at=done_at)
            self._table.audit.append(audit)
            return True

    def assume_sent(self, delivery_id: str, *, now: datetime) -> bool:
        with self._table.lock:
            delivery = self._table.deliveries.get(delivery_id)
            if delivery is None or delivery.state not in _WAITING:
                return False
            self._put(
                delivery,
                state=State.SENT,
                done_at=now,
                check_at=now,
                message_id=ASSUMED_SENT,
                **_NO_LONGER_WAITING,
            )
            return True

    def hear(
        self,
        delivery_id: str,
        feedback: Feedback,
        *,
        now: datetime,  # noqa: ARG002 - kept in the table's row, which no use case reads
    ) -> Delivery | None:
        with self._table.lock:
            delivery = self._table.deliveries.get(delivery_id)
            if delivery is None or _rank(delivery) >= feedback.rank:
                return None
            settled = feedback.settles and _is_unconfirmed(delivery)
            check_at = delivery.done_at if settled else None
            return self._put(delivery, feedback=feedback, check_at=check_at or delivery.check_at)

    def _ids(self, wanted: Callable[[Delivery], bool], limit: int) -> list[str]:
        with self._table.lock:
            found = [one for one in self._table.deliveries.values() if wanted(one)]
        found.sort(key=lambda delivery: delivery.check_at)
        return [delivery.id for delivery in found[:limit]]

    def _record(self, delivery: Delivery, **changes: Any) -> None:
        with self._table.lock:
            held = self._held(delivery)
            if held is not None:
                self._put(held, **changes)

    def _held(self, delivery: Delivery) -> Delivery | None:
        """The row as it is, if this attempt still holds its lease."""
        current = self._table.deliveries.get(delivery.id)
        if current is None or current.state is not State.SENDING:
            return None
        lease = (delivery.attempts, delivery.lease_until)
        return current if (current.attempts, current.lease_until) == lease else None

    def _put(self, delivery: Delivery, **changes: Any) -> Delivery:
        changed = replace(delivery, **changes)
        self._table.deliveries[delivery.id] = changed
        return changed


def _free(delivery: Delivery, now: datetime) -> bool:
    if delivery.state is State.PENDING:
        return True
    expired = delivery.lease_until is not None and delivery.lease_until <= now
    return delivery.state is State.SENDING and expired


def _is_failed(delivery: Delivery) -> bool:
    return delivery.state is State.FAILED and not delivery.dismissed


def _is_silent(delivery: Delivery) -> bool:
    return _is_unconfirmed(delivery) and delivery.feedback is Feedback.UNCONFIRMED


def _rank(delivery: Delivery) -> int:
    return 0 if delivery.feedback is None else delivery.feedback.rank


def _is_unconfirmed(delivery: Delivery) -> bool:
    return delivery.state is State.SENT and delivery.check_at != delivery.done_at
