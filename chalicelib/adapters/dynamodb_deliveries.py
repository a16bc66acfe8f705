"""Rows of deliveries in the table: outbox rows and reminders differ in their keys only."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.adapters.dynamodb_table import Action, DynamoTable, Row, encode, writing
from chalicelib.referrals.delivery import Delivery, Kind, State
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.times import from_text, to_text

# Values of the sparse index's partition key. A row that nothing looks for any more has none.
WAITING = "1"
ESCALATED = "late"
FAILED = "failed"
# Failed receipts: whoever sent the referral lacks a copy, and nothing else is amiss.
RECEIPT = "receipt"
UNCONFIRMED = "unconfirmed"
# Of which nothing was heard in time, and that is recorded: apart, so as not to hide what falls
# silent later.
SILENT = "silent"
# What a row loses when it is done with, beside its place in the index.
NO_LONGER_WAITING = "lease_until, #code, waiting_since"
CANCEL = f"SET #state = :state, done_at = :now REMOVE #pending, pending_at, {NO_LONGER_WAITING}"


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
    condition = "attribute_exists(pk) AND #state <> :sent"
    return table.update_action(*delivery_key(reminder.id), **writing(CANCEL, condition, values))


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
        "pending": WAITING,
        "pending_at": to_text(delivery.check_at),
    }


def delivery_of(row: Mapping[str, Any]) -> Delivery:
    """The delivery that a row tells of."""

    def instant(name: str) -> datetime | None:
        return from_text(row[name]) if name in row else None

    # A delivery that is done with has left the index; nothing looks at it again.
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
        waiting_since=instant("waiting_since"),
        escalated=row.get("pending") == ESCALATED,
        feedback=Feedback(row["feedback"]) if "feedback" in row else None,
        dismissed="dismissed_at" in row,
        lost_message=row.get("lost_message") or None,
    )
