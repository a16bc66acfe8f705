"""AWS's rules for a DynamoDB stream that starts a Lambda function: one shard, oldest first.

The rules are of the Lambda developer guide, "Using AWS Lambda with Amazon DynamoDB". Where it is
silent the model is hard on us: what a retry has got through does not give a batch new retries, and
a batch that was handled well may be handed over again (at least once).
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.faults.clock import Clock, Died
from tests.faults.limits import StreamLimits
from tests.faults.stream_filter import lets_through

Record = Mapping[str, Any]
Handler = Callable[[dict[str, Any]], Any]
# How long Lambda waits between retries is not documented; this is what is seen.
_LONGEST_WAIT = 60
STREAM_ARN = "arn:aws:dynamodb:eu-west-2:123456789012:table/casereview/stream/2026"


class BadAnswer(Exception):
    """The function's answer names no record of its batch: all of it counts as failed."""


@dataclass(frozen=True)
class Arrived:
    """A record of the stream, and when it was written."""

    record: Record
    at: datetime

    @property
    def sequence(self) -> str:
        return str(self.record["dynamodb"]["SequenceNumber"])


@dataclass
class Batch:
    """Records that are handed over together. `wait_until` is when, after it has failed."""

    records: Sequence[Arrived]
    wait_until: datetime
    retries: int = 0


@dataclass
class StreamRules:
    """The event source mapping: what it reads, retries, splits and gives up."""

    limits: StreamLimits
    clock: Clock
    handler: Handler
    repeats: Callable[[], bool] = lambda: False
    given_up: list[dict[str, Any]] = field(default_factory=list)
    invocations: int = 0
    filtered_out: int = 0
    _unread: deque[Arrived] = field(default_factory=deque)
    _batches: list[Batch] = field(default_factory=list)

    def write(self, record: Record) -> None:
        """A row was written: the stream has a record of it."""
        self._unread.append(Arrived(record, self.clock.now()))

    def forget(self) -> None:
        """Nothing that was written so far is delivered: a mapping that was broken for a day."""
        self._unread.clear()
        self._batches.clear()

    def next_at(self) -> datetime | None:
        """When it has something to do; None when it has handed over everything."""
        if self._batches:
            return self._batches[0].wait_until
        return self._unread[0].at if self._unread else None

    def run(self) -> None:
        """Hand over one batch, or settle what became of one."""
        if not self._batches:
            self._batches = self._read()
        if not self._batches:
            return
        batch = self._batches.pop(0)
        young = [one for one in batch.records if not self._is_too_old(one)]
        old = [one for one in batch.records if self._is_too_old(one)]
        if old:
            self._give_up(old, batch, "RecordAgeExceeded")
        if young:
            batch.records = young
            self._batches[:0] = self._handed_over(batch)

    def _read(self) -> list[Batch]:
        taken: list[Arrived] = []
        while self._unread and len(taken) < self.limits.batch_size:
            arrived = self._unread.popleft()
            if lets_through(self.limits.patterns, arrived.record):
                taken.append(arrived)
            else:
                self.filtered_out += 1
        return [Batch(taken, self.clock.now())] if taken else []

    def _is_too_old(self, arrived: Arrived) -> bool:
        return self.clock.now() - arrived.at > self.limits.record_age

    def _handed_over(self, batch: Batch) -> list[Batch]:
        """What is left of a batch after the function has seen it."""
        self.invocations += 1
        event = {"Records": [dict(one.record) for one in batch.records]}
        try:
            failed_from = self._failed_from(batch, self.handler(event))
        except (Exception, Died):
            return self._after_error(batch)
        if failed_from is not None:
            batch.records = batch.records[failed_from:]
            return self._again(batch)
        if self.repeats():
            return [Batch(batch.records, self.clock.now(), batch.retries)]
        return []

    def _failed_from(self, batch: Batch, answer: Any) -> int | None:
        """The place of the lowest failed record, or None when all is done. Raises `BadAnswer`."""
        failures = (answer or {}).get("batchItemFailures") if self.limits.reports else None
        if not failures:
            return None
        places = {one.sequence: place for place, one in enumerate(batch.records)}
        try:
            return min(places[failure["itemIdentifier"]] for failure in failures)
        except (KeyError, TypeError) as error:
            raise BadAnswer from error

    def _after_error(self, batch: Batch) -> list[Batch]:
        """Split in two, which costs no retry; a single record is tried again."""
        if not self.limits.bisects or len(batch.records) == 1:
            return self._again(batch)
        middle = len(batch.records) // 2
        halves = (batch.records[:middle], batch.records[middle:])
        return [Batch(half, self.clock.now(), batch.retries) for half in halves]

    def _again(self, batch: Batch) -> list[Batch]:
        batch.retries += 1
        if batch.retries > self.limits.retries:
            self._give_up(batch.records, batch, "RetryAttemptsExhausted")
            return []
        wait = min(_LONGEST_WAIT, 2**batch.retries)
        batch.wait_until = self.clock.now() + timedelta(seconds=wait)
        return [batch]

    def _give_up(self, records: Sequence[Arrived], batch: Batch, condition: str) -> None:
        """The batch is skipped; a queue is told which records, and nothing that is in them."""
        if not self.limits.has_destination:
            return
        self.given_up.append(
            {
                "requestContext": {
                    "condition": condition,
                    "approximateInvokeCount": batch.retries,
                },
                "DDBStreamBatchInfo": {
                    "startSequenceNumber": records[0].sequence,
                    "endSequenceNumber": records[-1].sequence,
                    "batchSize": len(records),
                    "streamArn": STREAM_ARN,
                },
            }
        )


def stream_record(
    event: str, key: tuple[str, str], sequence: int, at: datetime, *, expired: bool = False
) -> Record:
    """A record as the table's stream gives it: keys only. `expired` ones were removed by TTL."""
    pk, sk = key
    record: dict[str, Any] = {
        "eventID": f"{sequence:032x}",
        "eventName": event,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-2",
        "eventSourceARN": STREAM_ARN,
        "dynamodb": {
            "ApproximateCreationDateTime": at.timestamp(),
            "Keys": {"pk": {"S": pk}, "sk": {"S": sk}},
            "SequenceNumber": f"{sequence:021d}",
            "SizeBytes": len(pk) + len(sk),
            "StreamViewType": "KEYS_ONLY",
        },
    }
    if expired:
        record["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    return record
