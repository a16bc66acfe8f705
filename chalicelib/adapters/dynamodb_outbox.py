"""The outbox in the table: one state machine for outbox rows and reminders."""

from datetime import datetime

from chalicelib.adapters import dynamodb_feedback
from chalicelib.adapters.dynamodb_audit import audit_actions
from chalicelib.adapters.dynamodb_deliveries import (
    CANCEL,
    ESCALATED,
    FAILED,
    NO_LONGER_WAITING,
    RECEIPT,
    SILENT,
    UNCONFIRMED,
    WAITING,
    delivery_id,
    delivery_key,
    delivery_of,
)
from chalicelib.adapters.dynamodb_table import (
    CONDITION_FAILED,
    ConditionFailed,
    DynamoTable,
    Row,
    TransactionRefused,
    writing,
)
from chalicelib.referrals.delivery import (
    ASSUMED_SENT,
    MOST_UNRECORDED,
    Delivery,
    Kind,
    State,
)
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.times import to_text
from chalicelib.use_cases.ports import Unreadable

_FREE = (
    "attribute_exists(pk) AND (#state = :pending OR (#state = :sending AND lease_until <= :now))"
)
_LEASE = (
    "SET #state = :sending, attempts = attempts + :one, lease_until = :until, pending_at = :until"
)
_MOST: Row = {":most": MOST_UNRECORDED}
# Only the attempt that holds the lease may record how it ended. A reminder that is planned again
# counts its attempts anew, so the lease's own end tells which of two first attempts it is.
_HELD = "#state = :sending AND attempts = :attempt AND lease_until = :held"
_SENT = "SET #state = :state, done_at = :now, message_id = :message"
_OUT_OF_INDEX = f"REMOVE #pending, pending_at, {NO_LONGER_WAITING}"


class DynamoOutbox:
    """`OUTBOX#<id>/OUTBOX` and `REFERRAL#<reference>/REMINDER#<reminder>`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def find(self, delivery_id: str) -> Delivery | None:
        row = self._table.get(*delivery_key(delivery_id))
        try:
            return None if row is None else delivery_of(row)
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable from error

    def lease(self, delivery_id: str, *, now: datetime, until: datetime) -> Delivery | None:
        # It stays in its partition of the index: a worker that dies leaves it there to be found.
        values: dict[str, str | int] = {
            ":pending": State.PENDING.value,
            ":sending": State.SENDING.value,
            ":one": 1,
            ":now": to_text(now),
            ":until": to_text(until),
        }
        parameters = writing(_LEASE, f"{_FREE} AND attempts < :most", {**values, **_MOST})
        try:
            row = self._table.update(
                *delivery_key(delivery_id),
                **parameters,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            if failed.row is None or failed.row["attempts"] < MOST_UNRECORDED:
                return None
            late = {**values, ":late": ESCALATED}
            return self._write(delivery_id, f"{_LEASE}, #pending = :late", _FREE, late)
        return delivery_of(row)

    def mark_sent(
        self,
        delivery: Delivery,
        *,
        now: datetime,
        message_id: str,
        confirm_by: datetime | None = None,
    ) -> None:
        sent = {":state": State.SENT.value, ":now": to_text(now), ":message": message_id}
        if confirm_by is not None and self._record(
            delivery,
            f"{_SENT}, #pending = :unconfirmed, pending_at = :confirm REMOVE {NO_LONGER_WAITING}",
            {
                **sent,
                ":unconfirmed": UNCONFIRMED,
                ":confirm": to_text(confirm_by),
                ":settled": dynamodb_feedback.SETTLED,
            },
            condition=f"{_HELD} AND ({dynamodb_feedback.BELOW.format(':settled')})",
        ):
            return
        # Nothing to wait for, or an event overtook this record.
        self._record(delivery, f"{_SENT} {_OUT_OF_INDEX}", sent)

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
            "SET #state = :state, #pending = :partition, pending_at = :next, #code = :code, "
            "waiting_since = :since REMOVE lease_until",
            {
                ":state": State.PENDING.value,
                ":partition": ESCALATED if escalated else WAITING,
                ":next": to_text(next_at),
                ":code": code,
                ":since": to_text(since),
            },
        )

    def mark_failed(self, delivery: Delivery, *, now: datetime, code: str) -> None:
        self._record(
            delivery,
            "SET #state = :state, done_at = :now, #code = :code, #pending = :person, "
            "pending_at = :now REMOVE lease_until",
            {
                ":state": State.FAILED.value,
                ":now": to_text(now),
                ":code": code,
                ":person": RECEIPT if delivery.kind is Kind.RECEIPT_EMAIL else FAILED,
            },
        )

    def mark_cancelled(self, delivery: Delivery, *, now: datetime) -> None:
        self._record(delivery, CANCEL, {":state": State.CANCELLED.value, ":now": to_text(now)})

    def due(self, *, now: datetime, limit: int) -> list[str]:
        return self._in_index(WAITING, ESCALATED, until=now, limit=limit)

    def waiting(self, *, limit: int) -> list[str]:
        return self._in_index(WAITING, ESCALATED, until=None, limit=limit)

    def needs_person(self, *, limit: int) -> list[str]:
        # What was given up comes first: nothing else tries it again.
        return self._in_turn(FAILED, ESCALATED, until=None, limit=limit)

    def failed_receipts(self, *, limit: int) -> list[str]:
        return self._in_index(RECEIPT, until=None, limit=limit)

    def unconfirmed(self, *, now: datetime, limit: int) -> list[str]:
        return self._in_turn(UNCONFIRMED, SILENT, until=now, limit=limit)

    def newly_silent(self, *, now: datetime, limit: int) -> list[str]:
        return self._in_index(UNCONFIRMED, until=now, limit=limit)

    def mark_lost(self, delivery_id: str, *, now: datetime, code: str) -> bool:
        lost = self._write(
            delivery_id,
            "SET #state = :failed, #code = :code, #pending = :person, pending_at = :now "
            "REMOVE lease_until, waiting_since, dismissed_at",
            "#state IN (:sent, :sending, :waiting)",
            {
                ":waiting": State.PENDING.value,
                ":failed": State.FAILED.value,
                ":sent": State.SENT.value,
                ":sending": State.SENDING.value,
                ":person": FAILED,
                ":code": code,
                ":now": to_text(now),
            },
        )
        return lost is not None

    def rearm(self, delivery_id: str, *, now: datetime) -> bool:
        armed = self._write(
            delivery_id,
            "SET #state = :pending, #pending = :waiting, pending_at = :now, attempts = :none_yet, "
            "lost_message = if_not_exists(message_id, :none) "
            "REMOVE done_at, waiting_since, feedback, feedback_rank, heard_at, dismissed_at, "
            "message_id",
            "#state = :failed OR #pending = :silent",
            {
                ":silent": SILENT,
                ":none_yet": 0,
                ":failed": State.FAILED.value,
                ":pending": State.PENDING.value,
                ":waiting": WAITING,
                ":now": to_text(now),
                ":none": "",
            },
        )
        return armed is not None

    def dismiss(self, delivery_id: str, *, audit: AuditEntry) -> bool:
        parameters = writing(
            "SET dismissed_at = :now, done_at = if_not_exists(done_at, :now) "
            "REMOVE #pending, pending_at",
            "attribute_exists(#pending) AND (#state = :failed OR #pending = :silent)",
            {
                ":failed": State.FAILED.value,
                ":silent": SILENT,
                ":now": to_text(audit.at),
            },
        )
        actions = [
            self._table.update_action(*delivery_key(delivery_id), **parameters),
            *audit_actions(self._table, audit),
        ]
        try:
            self._table.transact(actions)
        except TransactionRefused as refused:
            if CONDITION_FAILED in refused.codes:
                return False
            raise
        return True

    def assume_sent(self, delivery_id: str, *, now: datetime) -> bool:
        assumed = self._write(
            delivery_id,
            f"{_SENT} {_OUT_OF_INDEX}",
            "#state IN (:pending, :sending)",
            {
                ":pending": State.PENDING.value,
                ":sending": State.SENDING.value,
                ":state": State.SENT.value,
                ":now": to_text(now),
                ":message": ASSUMED_SENT,
            },
        )
        return assumed is not None

    def hear(self, delivery_id: str, feedback: Feedback, *, now: datetime) -> Delivery | None:
        return dynamodb_feedback.hear(self._table, delivery_id, feedback, now)

    def _in_turn(self, *partitions: str, until: datetime | None, limit: int) -> list[str]:
        """Ids of the rows in these partitions of the index, one after another."""
        found: list[str] = []
        for partition in partitions:
            if len(found) < limit:
                found += self._in_index(partition, until=until, limit=limit - len(found))
        return found

    def _in_index(self, *partitions: str, until: datetime | None, limit: int) -> list[str]:
        """Ids of the rows in these partitions of the index, oldest first."""
        latest = None if until is None else to_text(until)
        found = [
            place
            for partition in partitions
            for place in self._table.index_keys(partition, until=latest, limit=limit)
        ]
        return [delivery_id(place.pk, place.sk) for place in sorted(found)[:limit]]

    def _record(
        self, delivery: Delivery, expression: str, values: Row, condition: str = _HELD
    ) -> bool:
        """Record how an attempt ended. If another worker took over meanwhile, its record stands."""
        held: dict[str, str | int] = {
            ":sending": State.SENDING.value,
            ":attempt": delivery.attempts,
            ":held": "" if delivery.lease_until is None else to_text(delivery.lease_until),
        }
        return self._write(delivery.id, expression, condition, {**values, **held}) is not None

    def _write(
        self, delivery_id: str, expression: str, condition: str, values: Row
    ) -> Delivery | None:
        """The delivery as it is then, or None when the condition does not hold."""
        parameters = writing(expression, condition, values)
        try:
            return delivery_of(self._table.update(*delivery_key(delivery_id), **parameters))
        except ConditionFailed:
            return None
