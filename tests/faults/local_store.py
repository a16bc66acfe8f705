"""A table of the stack's own description on AWS's DynamoDB Local, and its real stream."""

import json
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.dynamodb_deliveries import delivery_of
from chalicelib.adapters.dynamodb_table import decode
from chalicelib.bootstrap import Services
from chalicelib.bootstrap import services as deployed_services
from chalicelib.referrals.delivery import Delivery
from chalicelib.referrals.times import from_text
from chalicelib.settings import Settings
from tests.faults.calls import Calls
from tests.faults.limits import table_properties
from tests.faults.stream_rules import STREAM_ARN, Record
from tests.faults.wire import Wire, make_client

# The most records that the stream gives at once.
_PAGE = 1000
# Partitions of the sparse index in which reconcile looks.
_LOOKED_AT = ("1", "late", "unconfirmed")


@cache
def plain_client(service: str, url: str) -> Any:
    """A client for looking from outside: nothing is counted, nothing is struck."""
    return make_client(service, url)


def create_table(url: str, name: str) -> str:
    """A table as infra/stack/table.yaml has it; the ARN of its stream."""
    wanted = table_properties()
    names = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    made = plain_client("dynamodb", url).create_table(
        TableName=name,
        StreamSpecification={"StreamEnabled": True, **wanted["StreamSpecification"]},
        **{one: wanted[one] for one in names},
    )
    arn: str = made["TableDescription"]["LatestStreamArn"]
    return arn


class LocalStore:
    """The real adapters, on a table of their own."""

    def __init__(self, table: Wire, write: Callable[[Record], None]) -> None:
        self.url: str = table.client.meta.endpoint_url
        self.name = f"casereview-{uuid.uuid4().hex[:12]}"
        self._wire, self._write = table, write
        self._outside = plain_client("dynamodb", self.url)
        self._streams = plain_client("dynamodbstreams", self.url)
        self._stream_arn = create_table(self.url, self.name)
        self._iterators: dict[str, str | None] = {}
        self._published = self._checked = self._scanned = -1
        self._rows: list[dict[str, Any]] = []
        self._next_check: datetime | None = None

    def services(self, settings: Settings, calls: Calls) -> Services:
        """As `bootstrap.services` wires them; the world has the clients of mail and schedules."""
        self._wire.attach(calls)
        with patch("chalicelib.adapters.aws.LazyClient", lambda _, **__: self._wire):
            return deployed_services(settings)

    def publish(self) -> None:
        if self._published == self._wire.writes:
            return
        self._published = self._wire.writes
        if not self._iterators:
            described = self._streams.describe_stream(StreamArn=self._stream_arn)
            shards = described["StreamDescription"]["Shards"]
            self._iterators = {shard["ShardId"]: None for shard in shards}
        for shard in self._iterators:
            self._read(shard)

    def _read(self, shard: str) -> None:
        """Read one shard to its end; a test ends long before a shard does."""
        iterator = self._iterators[shard]
        if iterator is None:
            iterator = self._streams.get_shard_iterator(
                StreamArn=self._stream_arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
        while True:
            answer = self._streams.get_records(ShardIterator=iterator)
            for record in answer["Records"]:
                self._write(as_event(record))
            iterator = self._iterators[shard] = answer["NextShardIterator"]
            if len(answer["Records"]) < _PAGE:
                return

    def tokens(self) -> dict[str, str]:
        return {
            row["pk"].partition("#")[2]: row["reference"]
            for row in self.rows()
            if row["sk"] == "TOKEN"
        }

    def references(self) -> list[str]:
        return [row["pk"].partition("#")[2] for row in self.rows() if row["sk"] == "REFERRAL"]

    def disposed(self) -> list[str]:
        rows = [row for row in self.rows() if row["sk"] == "DISPOSED" and "done_at" in row]
        return [row["pk"].partition("#")[2] for row in rows]

    def deliveries(self) -> list[Delivery]:
        return self.deliveries_of(self.rows())

    def deliveries_of(self, rows: Iterable[dict[str, Any]]) -> list[Delivery]:
        """Those of some rows that are deliveries."""
        kinds = ("OUTBOX", "REMINDER#")
        return [delivery_of(row) for row in rows if row["sk"].startswith(kinds)]

    def rows(self) -> list[dict[str, Any]]:
        """Every row of the table, read again when this process wrote since."""
        if self._scanned != self._wire.writes:
            scan = self._outside.get_paginator("scan").paginate
            pages = scan(TableName=self.name, ConsistentRead=True)
            self._rows = [decode(item) for page in pages for item in page["Items"]]
            self._scanned = self._wire.writes
        return self._rows

    def next_check(self) -> datetime | None:
        if self._checked != self._wire.writes:
            self._checked = self._wire.writes
            index = self._outside.scan(TableName=self.name, IndexName="pending")
            places = [decode(item) for item in index["Items"]]
            looked_at = [row["pending_at"] for row in places if row["pending"] in _LOOKED_AT]
            self._next_check = from_text(min(looked_at)) if looked_at else None
        return self._next_check

    def drop(self) -> None:
        """Take the table away."""
        self._outside.delete_table(TableName=self.name)


def as_event(record: dict[str, Any]) -> Record:
    """A record as the streams API gives it, as Lambda hands it on: JSON."""
    created = record["dynamodb"].get("ApproximateCreationDateTime")
    body = {**record["dynamodb"], "ApproximateCreationDateTime": created.timestamp()}
    event: Record = json.loads(
        json.dumps({**record, "dynamodb": body, "eventSourceARN": STREAM_ARN})
    )
    return event
