"""The one table: typed attribute values, and calls whose errors are the ports' errors.

The key schema, stream, TTL attribute `expires` and sparse index `pending` are the stack template's.
"""

import json
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.adapters.aws import aws_errors, error_code, is_temporary
from chalicelib.use_cases.ports import StoreBusy

Row = Mapping[str, str | int | bytes | bool | None]
Action = Mapping[str, Any]
PENDING_INDEX = "pending"
# DynamoDB refuses a transaction with more actions than this.
MAX_ACTIONS = 100
# BatchGetItem takes no more keys than this.
MOST_READ = 100
# The code of an action, among those of a refused transaction, whose condition did not hold.
CONDITION_FAILED = "ConditionalCheckFailed"
_CONFLICT_ATTEMPTS = 4
_PASSING = frozenset(
    {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"},
)


class ConditionFailed(Exception):
    """The row was not as the write required. `row` is as it was, if the write asked for that."""

    def __init__(self, row: Mapping[str, Any] | None = None) -> None:
        super().__init__("condition failed")
        self.row = row


class TransactionRefused(Exception):
    """`codes` holds one code an action, `None` for those that would have succeeded."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__("transaction refused")
        self.codes = codes


class Pending(NamedTuple):
    """A row's place in the sparse index; sorts by time."""

    at: str
    pk: str
    sk: str


def writing(expression: str, condition: str, values: Row) -> dict[str, Any]:
    """A conditional update by DynamoDB's own parameters.

    In both texts `#name` is the attribute `name`: some of ours are DynamoDB's reserved words.
    """
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", f"{expression} {condition}")}
    return {
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": encode(values),
        # DynamoDB refuses an empty map of names.
        **({"ExpressionAttributeNames": names} if names else {}),
    }


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
        """UpdateItem by DynamoDB's own parameters: the new row. Raises `ConditionFailed`.

        With `ReturnValues="ALL_OLD"` the row before, which is empty when there was none.
        """
        key = encode({"pk": pk, "sk": sk})
        wanted = {"ReturnValues": "ALL_NEW", **parameters}
        answer = self._call("update_item", Key=key, **wanted)
        return decode(answer.get("Attributes", {}))

    def delete(self, pk: str, sk: str, **parameters: Any) -> None:
        """DeleteItem by DynamoDB's own parameters. Raises `ConditionFailed`."""
        self._call("delete_item", Key=encode({"pk": pk, "sk": sk}), **parameters)

    def rows(self, pk: str, prefix: str) -> list[dict[str, Any]]:
        """Every row of one partition whose sort key begins so, in its order (consistent read)."""
        found: list[dict[str, Any]] = []
        start: dict[str, Any] = {}
        while True:
            answer = self._call(
                "query",
                KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
                ExpressionAttributeValues=encode({":pk": pk, ":prefix": prefix}),
                ConsistentRead=True,
                **start,
            )
            found += [decode(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def keys(self, pk: str) -> list[str]:
        """The sort keys of all rows of one partition, in their order (consistent read)."""
        found: list[str] = []
        start: dict[str, Any] = {}
        while True:
            answer = self._call(
                "query",
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=encode({":pk": pk}),
                ProjectionExpression="sk",
                ConsistentRead=True,
                **start,
            )
            found += [decode(item)["sk"] for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def latest(self, pk: str, *, before: str | None, limit: int) -> list[dict[str, Any]]:
        """Rows of one partition, last sort key first, from `before` it (eventually consistent)."""
        values = {":pk": pk} if before is None else {":pk": pk, ":before": before}
        answer = self._call(
            "query",
            KeyConditionExpression="pk = :pk" if before is None else "pk = :pk AND sk < :before",
            ExpressionAttributeValues=encode(values),
            ScanIndexForward=False,
            Limit=limit,
        )
        return [decode(item) for item in answer["Items"]]

    def rows_of(self, keys: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        """The rows with these keys that there are, in no order (eventually consistent)."""
        found: list[dict[str, Any]] = []
        wanted = [encode({"pk": pk, "sk": sk}) for pk, sk in keys]
        for _ in range(_CONFLICT_ATTEMPTS):
            if not wanted:
                return found
            asked = {self.name: {"Keys": wanted[:MOST_READ]}}
            answer = self._call_unnamed("batch_get_item", RequestItems=asked)
            found += [decode(item) for item in answer["Responses"].get(self.name, ())]
            left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
            wanted = [*left, *wanted[MOST_READ:]]
        raise StoreBusy

    def index_page(
        self, value: str, *, after: str | None, limit: int
    ) -> tuple[list[tuple[str, str]], str | None]:
        """A page of the keys in the sparse index under `value`, oldest first.

        With it comes the cursor of the next page, which `after` takes; None when there is no more.
        """
        start = {} if after is None else {"ExclusiveStartKey": encode(json.loads(after))}
        answer = self._call(
            "query",
            IndexName=PENDING_INDEX,
            KeyConditionExpression="#pending = :value",
            ExpressionAttributeNames={"#pending": "pending"},
            ExpressionAttributeValues=encode({":value": value}),
            Limit=limit,
            **start,
        )
        last = answer.get("LastEvaluatedKey")
        cursor = None if last is None else json.dumps(decode(last))
        return [(row["pk"], row["sk"]) for row in map(decode, answer["Items"])], cursor

    def index_after(self, value: str, *, after: str | None, limit: int) -> list[Pending]:
        """The first rows in the sparse index under `value`, oldest first, later than `after`."""
        return self._beyond(value, ">", after, limit)

    def index_before(self, value: str, *, before: str | None, limit: int) -> list[Pending]:
        """The first rows in the sparse index under `value`, newest first, earlier than `before`."""
        return self._beyond(value, "<", before, limit)

    def _beyond(self, value: str, side: str, place: str | None, limit: int) -> list[Pending]:
        """Rows of the sparse index on one side of a place, the nearest first; else of all."""
        condition, values = "#pending = :value", {":value": value}
        if place is not None:
            condition += f" AND pending_at {side} :place"
            values[":place"] = place
        answer = self._call(
            "query",
            IndexName=PENDING_INDEX,
            KeyConditionExpression=condition,
            ExpressionAttributeNames={"#pending": "pending"},
            ExpressionAttributeValues=encode(values),
            ScanIndexForward=side == ">",
            Limit=limit,
        )
        rows = map(decode, answer["Items"])
        return [Pending(row["pending_at"], row["pk"], row["sk"]) for row in rows]

    def index_between(
        self, value: str, since: str, until: str, *, after: str | None, limit: int
    ) -> list[Pending]:
        """The first rows in the sparse index under `value`, oldest first, in [since, until).

        `after` is a row's own time, of which only later ones are wanted. No row's time is `until`
        itself, nor any text between `after` and the same with a blank behind it.
        """
        first = since if after is None else max(since, f"{after} ")
        if first >= until:
            return []
        answer = self._call(
            "query",
            IndexName=PENDING_INDEX,
            KeyConditionExpression="#pending = :value AND pending_at BETWEEN :first AND :until",
            ExpressionAttributeNames={"#pending": "pending"},
            ExpressionAttributeValues=encode({":value": value, ":first": first, ":until": until}),
            Limit=limit,
        )
        rows = map(decode, answer["Items"])
        return [Pending(row["pending_at"], row["pk"], row["sk"]) for row in rows]

    def index_keys(self, value: str, *, until: str | None, limit: int) -> list[Pending]:
        """Rows in the sparse index under `value`, oldest first, up to an instant if one is given.

        Reads on until there are `limit` or no more.
        """
        condition, values = "#pending = :value", {":value": value}
        if until is not None:
            condition += " AND pending_at <= :until"
            values[":until"] = until
        found: list[Pending] = []
        start: dict[str, Any] = {}
        while True:
            answer = self._call(
                "query",
                IndexName=PENDING_INDEX,
                KeyConditionExpression=condition,
                ExpressionAttributeNames={"#pending": "pending"},
                ExpressionAttributeValues=encode(values),
                Limit=limit - len(found),
                **start,
            )
            rows = map(decode, answer["Items"])
            found += [Pending(row["pending_at"], row["pk"], row["sk"]) for row in rows]
            if "LastEvaluatedKey" not in answer or len(found) >= limit:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def put_action(self, row: Row, condition: str = "", **parameters: Any) -> Action:
        """A transaction's action that writes a row, on a condition if one is given.

        `parameters` are the condition's names and values, by DynamoDB's own parameters.
        """
        conditional = {"ConditionExpression": condition} if condition else {}
        return {"Put": {"TableName": self.name, "Item": encode(row), **conditional, **parameters}}

    def delete_action(self, pk: str, sk: str, **parameters: Any) -> Action:
        """A transaction's action that deletes a row by DynamoDB's own parameters."""
        key = encode({"pk": pk, "sk": sk})
        return {"Delete": {"TableName": self.name, "Key": key, **parameters}}

    def update_action(self, pk: str, sk: str, **parameters: Any) -> Action:
        """A transaction's action that updates a row by DynamoDB's own parameters."""
        key = encode({"pk": pk, "sk": sk})
        return {"Update": {"TableName": self.name, "Key": key, **parameters}}

    def transact(self, actions: Sequence[Action]) -> None:
        """All actions or none.

        Raises `TransactionRefused`, or `StoreBusy` when the outcome is not known or the table is
        busy: the caller's own conditions make it safe to repeat.
        """
        if len(actions) > MAX_ACTIONS:
            raise ValueError(f"{len(actions)} actions; a transaction takes {MAX_ACTIONS}")
        self._call_unnamed("transact_write_items", TransactItems=list(actions))

    def _call(self, operation: str, **parameters: Any) -> Any:
        return self._call_unnamed(operation, TableName=self.name, **parameters)

    def _call_unnamed(self, operation: str, **parameters: Any) -> Any:
        for attempt in range(_CONFLICT_ATTEMPTS):
            try:
                return getattr(self._client(), operation)(**parameters)
            except aws_errors() as error:
                translated = _translated(error)
                if not isinstance(translated, _Conflict):
                    raise translated from error
            # Full jitter keeps two presses of one button from meeting again and again.
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311
        raise StoreBusy


class _Conflict(Exception):
    """A transaction is at one of the rows just now; it is waited out."""


def _translated(error: Exception) -> Exception:
    code = error_code(error)
    if code == "ConditionalCheckFailedException":
        item = getattr(error, "response", {}).get("Item")
        return ConditionFailed(decode(item) if item else None)
    if code == "TransactionConflictException":
        return _Conflict()
    if code == "TransactionCanceledException":
        reasons = getattr(error, "response", {}).get("CancellationReasons", [])
        codes = [str(reason.get("Code", "None")) for reason in reasons]
        return _Conflict() if _PASSING.intersection(codes) else TransactionRefused(codes)
    if code == "TransactionInProgressException" or is_temporary(error):
        return StoreBusy()
    return error
