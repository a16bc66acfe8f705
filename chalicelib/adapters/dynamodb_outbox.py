"""Outbox rows and reminders in the table: one state machine, two key layouts."""

from datetime import date, datetime
from typing import Any

from chalicelib.adapters.dynamodb_table import ConditionFailed, DynamoTable, encode
from chalicelib.referrals.delivery import Delivery, Kind, State
from chalicelib.referrals.times import from_text, to_text

_FREE = (
    "attribute_exists(pk) AND (#state = :pending OR (#state = :sending AND lease_until <= :now))"
)
# Only the attempt that holds the lease may record how it ended.
_HELD = "#state = :sending AND attempts = :attempt"
# Values of the sparse index's partition key.
_WAITING = "1"
_NEEDS_PERSON = "failed"


class DynamoOutbox:
    """`OUTBOX#<id>/OUTBOX` and `REFERRAL#<reference>/REMINDER#<rule>#<n>`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def find(self, delivery_id: str) -> Delivery | None:
        row = self._table.get(*delivery_key(delivery_id))
        return None if row is None else _delivery(delivery_id, row)

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
        return _delivery(delivery_id, row)

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


def new_row(delivery: Delivery) -> dict[str, str | int | None]:
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


def _delivery(delivery_id: str, row: dict[str, Any]) -> Delivery:
    def instant(name: str) -> datetime | None:
        return from_text(row[name]) if name in row else None

    # A delivery that was sent has left the index; nothing looks at it again.
    check_at = instant("pending_at") or from_text(row["done_at"])
    return Delivery(
        id=delivery_id,
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
