"""The one table: typed attribute values, and calls whose errors are the ports' errors.

The key schema, stream, TTL attribute `expires` and sparse index `pending` are the stack template's.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.adapters.aws import aws_errors, error_code, is_temporary
from chalicelib.use_cases.ports import StoreBusy

Row = Mapping[str, str | int | bytes | bool | None]
PENDING_INDEX = "pending"
# DynamoDB refuses a transaction with more actions than this.
MAX_ACTIONS = 100
_CONFLICT_ATTEMPTS = 4
_PASSING = frozenset(
    {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"},
)


class ConditionFailed(Exception):
    """The row was not as the write required."""


class TransactionRefused(Exception):
    """`codes` holds one code an action, `None` for those that would have succeeded."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__("transaction refused")
        self.codes = codes


def encode(row: Row) -> dict[str, dict[str, Any]]:
    """A row as DynamoDB takes it; attributes that are None are left out."""
    return {name: _encode(value) for name, value in row.items() if value is not None}


def _encode(value: str | int | bytes | bool | None) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, bytes):
        return {"B": value}
    return {"S": value}


def decode(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A row as `encode` was given it."""
    return {
        name: int(content) if kind == "N" else content
        for name, value in item.items()
        for kind, content in value.items()
    }


class DynamoTable:
    """Calls on one table. Each raises `StoreBusy` when it may succeed later."""

    def __init__(self, client: Callable[[], Any], name: str) -> None:
        self._client = client
        self.name = name

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        """One consistent read."""
        found = self._call("get_item", Key=encode({"pk": pk, "sk": sk}), ConsistentRead=True)
        item = found.get("Item")
        return None if item is None else decode(item)

    def put(self, row: Row, *, new: bool = False) -> None:
        """Write a row; with `new`, raise `ConditionFailed` when there is one."""
        condition = {"ConditionExpression": "attribute_not_exists(pk)"} if new else {}
        self._call("put_item", Item=encode(row), **condition)

    def update(self, pk: str, sk: str, **parameters: Any) -> dict[str, Any]:
        """UpdateItem by DynamoDB's own parameters: the new row. Raises `ConditionFailed`."""
        key = encode({"pk": pk, "sk": sk})
        answer = self._call("update_item", Key=key, ReturnValues="ALL_NEW", **parameters)
        return decode(answer["Attributes"])

    def index_keys(self, value: str, *, until: str | None, limit: int) -> list[tuple[str, str]]:
        """Keys of the rows in the sparse index under `value`, oldest first, up to an instant."""
        condition, values = "#pending = :value", {":value": value}
        if until is not None:
            condition += " AND pending_at <= :until"
            values[":until"] = until
        answer = self._call(
            "query",
            IndexName=PENDING_INDEX,
            KeyConditionExpression=condition,
            ExpressionAttributeNames={"#pending": "pending"},
            ExpressionAttributeValues=encode(values),
            Limit=limit,
        )
        rows = [decode(item) for item in answer["Items"]]
        return [(row["pk"], row["sk"]) for row in rows]

    def transact(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """All actions or none. A conflict with another transaction is waited out.

        Raises `TransactionRefused`, or `StoreBusy` when the outcome is not known or the table is
        busy: the caller's own conditions make it safe to repeat.
        """
        if len(actions) > MAX_ACTIONS:
            raise ValueError(f"{len(actions)} actions; a transaction takes {MAX_ACTIONS}")
        for attempt in range(_CONFLICT_ATTEMPTS):
            try:
                self._call_unnamed("transact_write_items", TransactItems=list(actions))
            except TransactionRefused as refused:
                if not _PASSING.intersection(refused.codes):
                    raise
                # Full jitter keeps two presses of one button from meeting again and again.
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311
            else:
                return
        raise StoreBusy

    def _call(self, operation: str, **parameters: Any) -> Any:
        return self._call_unnamed(operation, TableName=self.name, **parameters)

    def _call_unnamed(self, operation: str, **parameters: Any) -> Any:
        try:
            return getattr(self._client(), operation)(**parameters)
        except aws_errors() as error:
            raise _translated(error) from error


def _translated(error: Exception) -> Exception:
    code = error_code(error)
    if code == "ConditionalCheckFailedException":
        return ConditionFailed()
    if code == "TransactionCanceledException":
        reasons = getattr(error, "response", {}).get("CancellationReasons", [])
        return TransactionRefused([str(reason.get("Code", "None")) for reason in reasons])
    if code == "TransactionInProgressException" or is_temporary(error):
        return StoreBusy()
    return error
