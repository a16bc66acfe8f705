"""What became of an email, in its delivery's row. The highest rank stands: one conditional write.

An email that was heard of leaves the sparse index, but a delivery that is still being sent must
stay in it when an event overtakes our own record, for its worker may be dead. So the write says
whether the row is waited for; when it is not as assumed, DynamoDB answers with the row.
"""

from datetime import datetime
from typing import Any

from chalicelib.adapters.dynamodb_deliveries import (
    SILENT,
    UNCONFIRMED,
    delivery_key,
    delivery_of,
)
from chalicelib.adapters.dynamodb_table import ConditionFailed, DynamoTable, Row, writing
from chalicelib.referrals.delivery import Delivery
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.times import to_text
from chalicelib.use_cases.ports import StoreBusy

# The least rank after which nobody need worry about silence.
SETTLED = min(one.rank for one in Feedback if one.settles)
BELOW = "attribute_not_exists(feedback_rank) OR feedback_rank < {}"
_HEARD = "SET feedback = :feedback, feedback_rank = :rank, heard_at = :now"
_NEWS = f"attribute_exists(pk) AND ({BELOW.format(':rank')})"
_WAITED_FOR = "#pending IN (:unconfirmed, :silent)"
_NOT_WAITED_FOR = f"(attribute_not_exists(#pending) OR NOT {_WAITED_FOR})"
# An email is waited for from one instant to another, so an assumption fails at most thrice.
_ROUNDS = 4


def hear(
    table: DynamoTable, delivery_id: str, feedback: Feedback, now: datetime
) -> Delivery | None:
    """The delivery with what was heard of it, or None when that is nothing new."""
    waited_for = True
    for _ in range(_ROUNDS):
        parameters = _parameters(feedback, now, waited_for=waited_for)
        try:
            row = table.update(
                *delivery_key(delivery_id),
                **parameters,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            if failed.row is None or failed.row.get("feedback_rank", 0) >= feedback.rank:
                return None
            waited_for = failed.row.get("pending") in (UNCONFIRMED, SILENT)
        else:
            return delivery_of(row)
    raise StoreBusy


def _parameters(feedback: Feedback, now: datetime, *, waited_for: bool) -> dict[str, Any]:
    values: Row = {":feedback": feedback.value, ":rank": feedback.rank, ":now": to_text(now)}
    moved = _moved(feedback)
    if not moved:
        return writing(_HEARD, _NEWS, values)
    values = {**values, ":unconfirmed": UNCONFIRMED, ":silent": SILENT}
    if waited_for:
        return writing(_HEARD + moved, f"{_NEWS} AND {_WAITED_FOR}", values)
    return writing(_HEARD, f"{_NEWS} AND {_NOT_WAITED_FOR}", values)


def _moved(feedback: Feedback) -> str:
    """What it does to the place in the index of an email that is waited for."""
    if feedback.settles:
        return " REMOVE #pending, pending_at"
    return ", #pending = :silent" if feedback is Feedback.UNCONFIRMED else ""
