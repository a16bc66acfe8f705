"""Outbox rows and reminders in the table: one state machine, two key layouts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.adapters.dynamodb_table import Action, ConditionFailed, DynamoTable, Row, encode
from chalicelib.referrals.delivery import Delivery, Kind, State
from chalicelib.referrals.times import from_text, to_text

_FREE = (
    "attribute_exists(pk) AND (#state = :pending OR (#state = :sending AND lease_until <= :now))"
)
# Only the attempt that holds the lease may record how it ended.
_HELD = "#state = :sending AND attempts = :attempt"
_CANCEL = "SET #state = :state, done_at = :now REMOVE #pending, pending_at, lease_until, #code"
# Values of the sparse index's partition key.
_WAITING = "1"
_NEEDS_PERSON = "failed"


class DynamoOutbox:
    """`OUTBOX#<id>/OUTBOX` and `REFERRAL#<reference>/REMINDER#<reminder>`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def find(self, delivery_id: str) -> Delivery | None:
        row = self._table.get(*delivery_key(delivery_id))
        return None if row is None else delivery_of(row)

    def lease(self, delivery_id: str, *, now: datetime, until: datetime) -> Delivery | None:
        try:
            row = self._table.update(
                *delivery_key(delivery_id),
                UpdateExpression="SET #state = :sending, attempts = attempts + :one, "
                "lease_until = :until, pending_at = :until",
                ConditionExpression=_FREE,
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues=encode(
                    {
                        ":pending": State.PENDING.value,
                        ":sending": State.SENDING.value,
                        ":one": 1,
                        ":now": to_text(now),
                        ":until": to_text(until),
                    }
                ),
            )
        except ConditionFailed:
            return None
        return delivery_of(row)

    def mark_sent(self, delivery: Delivery, *, now: datetime, message_id: str) -> None:
        self._record(
            delivery,
            "SET #state = :state, done_at = :now, message_id = :message "
            "REMOVE #pending, pending_at, lease_until, #code",
            {":state": State.SENT.value, ":now": to_text(now), ":message": message_id},
            names={"#pending": "pending", "#code": "code"},
        )

    def mark_waiting(self, delivery: Delivery, *, next_at: datetime, code: str) -> None:
        self._record(
            delivery,
            "SET #state = :state, pending_at = :next, #code = :code REMOVE lease_until",
            {":state": State.PENDING.value, ":next": to_text(next_at), ":code": code},
            names={"#code": "code"},
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
                ":person": _NEEDS_PERSON,
            },
            names={"#pending": "pending", "#code": "code"},
        )

    def mark_cancelled(self, delivery: Delivery, *, now: datetime) -> None:
        self._record(
            delivery,
            _CANCEL,
            {":state": State.CANCELLED.value, ":now": to_text(now)},
            names={"#pending": "pending", "#code": "code"},
        )

    def due(self, *, now: datetime, limit: int) -> list[str]:
        keys = self._table.index_keys(_WAITING, until=to_text(now), limit=limit)
        return [delivery_id(pk, sk) for pk, sk in keys]

    def failed(self, *, limit: int) -> list[str]:
        keys = self._table.index_keys(_NEEDS_PERSON, until=None, limit=limit)
        return [delivery_id(pk, sk) for pk, sk in keys]

    def _record(
        self, delivery: Delivery, expression: str, values: dict[str, str], names: dict[str, str]
    ) -> None:
        held: dict[str, str | int] = {
            ":sending": State.SENDING.value,
            ":attempt": delivery.attempts,
        }
        try:
            self._table.update(
                *delivery_key(delivery.id),
                UpdateExpression=expression,
                ConditionExpression=_HELD,
                ExpressionAttributeNames={"#state": "state", **names},
                ExpressionAttributeValues=encode({**values, **held}),
            )
        except ConditionFailed:
            # Another worker took over after the lease ran out; its record stands.
            return


def delivery_key(delivery_id: str) -> tuple[str, str]:
    """Partition and sort key of a delivery."""
    reference, slash, reminder = delivery_id.partition("/")
    if slash:
        return f"REFERRAL#{reference}", f"REMINDER#{reminder}"
    return f"OUTBOX#{delivery_id}", "OUTBOX"


def delivery_id(pk: str, sk: str) -> str:
    """The delivery that a key is of: what the stream's record names."""
    name = pk.partition("#")[2]
    return f"{name}/{sk.removeprefix('REMINDER#')}" if sk.startswith("REMINDER#") else name


def planned_action(table: DynamoTable, reminder: Delivery) -> Action:
    """The transaction's action that writes a reminder that is not there, or is cancelled."""
    return table.put_action(
        new_row(reminder),
        "attribute_not_exists(pk) OR #state = :cancelled",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues=encode({":cancelled": State.CANCELLED.value}),
    )


def cancelled_action(table: DynamoTable, reminder: Delivery, at: datetime) -> Action:
    """The transaction's action that cancels a reminder that was not sent, whoever is at it."""
    values = {":state": State.CANCELLED.value, ":now": to_text(at), ":sent": State.SENT.value}
    return table.update_action(
        *delivery_key(reminder.id),
        UpdateExpression=_CANCEL,
        ConditionExpression="attribute_exists(pk) AND #state <> :sent",
        ExpressionAttributeNames={"#state": "state", "#pending": "pending", "#code": "code"},
        ExpressionAttributeValues=encode(values),
    )


def new_row(delivery: Delivery) -> Row:
    """The row of a delivery that has not begun."""
    pk, sk = delivery_key(delivery.id)
    return {
        "pk": pk,
        "sk": sk,
        "kind": delivery.kind.value,
        "reference": delivery.reference,
        "stream": delivery.stream,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "reminder": delivery.reminder,
        "label": delivery.label,
        "at": None if delivery.at is None else to_text(delivery.at),
        "due_on": None if delivery.due_on is None else delivery.due_on.isoformat(),
        "pending": _WAITING,
        "pending_at": to_text(delivery.check_at),
    }


def delivery_of(row: Mapping[str, Any]) -> Delivery:
    """The delivery that a row tells of."""

    def instant(name: str) -> datetime | None:
        return from_text(row[name]) if name in row else None

    # A delivery that was sent or cancelled has left the index; nothing looks at it again.
    check_at = instant("pending_at") or from_text(row["done_at"])
    return Delivery(
        id=delivery_id(row["pk"], row["sk"]),
        kind=Kind(row["kind"]),
        reference=row["reference"],
        stream=row["stream"],
        check_at=check_at,
        state=State(row["state"]),
        attempts=row["attempts"],
        reminder=row.get("reminder"),
        label=row.get("label"),
        at=instant("at"),
        due_on=date.fromisoformat(row["due_on"]) if "due_on" in row else None,
        lease_until=instant("lease_until"),
        message_id=row.get("message_id"),
        done_at=instant("done_at"),
        code=row.get("code"),
    )
