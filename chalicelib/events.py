"""What the event functions run: the stream's records, one reminder, the putting right."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import (
    DynamoDBRecord,
    DynamoDBRecordEventName,
)

from chalicelib.bootstrap import Services
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.recompute_deadlines import recompute_deadlines
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.remind import remind

OUTBOX = "OUTBOX#"
# Powertools' own words only: an event, an answer or an exception's message is never logged.
logger = Logger(service="case-review-notifications")


def deliver_records(event: dict[str, Any], context: Any, services: Services) -> dict[str, Any]:
    """Performs each new outbox row; answers with the records to try again.

    A record that fails holds back none of the others; what fails for good stays in the table,
    where `put_right` finds it."""

    def performed(record: DynamoDBRecord) -> None:
        key = (record.dynamodb.keys or {}).get("pk", "") if record.dynamodb else ""
        if record.event_name is not DynamoDBRecordEventName.INSERT or not key.startswith(OUTBOX):
            return
        delivery = key.removeprefix(OUTBOX)
        try:
            outcome = deliver(services, delivery)
        except Exception as error:
            logger.error("delivery.raised", delivery=delivery, error=type(error).__name__)
            raise
        log = logger.error if outcome is Outcome.FAILED else logger.info
        log("delivery", delivery=delivery, outcome=outcome.value)

    processor = BatchProcessor(
        event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False
    )
    answer = process_partial_response(
        event=event, record_handler=performed, processor=processor, context=context
    )
    failed = len(answer["batchItemFailures"])
    logger.info("deliver", records=len(event.get("Records", [])), failed=failed)
    return dict(answer)


def send_reminder(event: dict[str, Any], services: Services) -> None:
    """One reminder, if it is still to be sent. Raises on failure: Lambda tries again, then the
    dead-letter queue has the ids."""
    try:
        outcome = remind(services, str(event["reference"]), str(event["reminder"]))
    except Exception as error:
        logger.error("remind.raised", error=type(error).__name__)
        raise
    log = logger.error if outcome is Outcome.FAILED else logger.info
    log("remind", reference=str(event["reference"]), outcome=outcome.value)


def put_right(services: Services) -> dict[str, int]:
    """What is late, abandoned or missing, and what follows superseded rules; the counts are logged
    as the heartbeat."""
    counts = reconcile(services)
    try:
        counts["recomputed"] = recompute_deadlines(services)
    except Exception as error:
        # The next run goes on where this one stopped; what was put right is put right.
        logger.error("recompute.raised", error=type(error).__name__)
    logger.info("reconcile", counts=counts)
    return counts
