"""What the event functions run: the stream's records, one reminder, the putting right, feedback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
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
from chalicelib.mail_events import mail_event
from chalicelib.referrals.times import local_date
from chalicelib.referrals.working_days import known_until
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.hear_back import hear_back
from chalicelib.use_cases.recompute_deadlines import NotAllRecomputed, recompute_deadlines
from chalicelib.use_cases.reconcile import note_silence, reconcile
from chalicelib.use_cases.remind import remind
from chalicelib.use_cases.tidy_schedules import tidy_schedules

OUTBOX = "OUTBOX#"
# The runs that also compare the schedules, in UTC: four a night, so that one lost run loses none.
TIDY_FROM, TIDY_BEFORE = time(3, 0), time(4, 0)
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


def hear_mail(event: dict[str, Any], services: Services) -> None:
    """What became of one email. Raises when it could not be recorded: Lambda tries again.

    An event that tells nothing of our emails is passed over: it would never tell more."""
    heard = mail_event(event)
    if heard is None:
        logger.info("mail.passed_over")
        return
    try:
        outcome = hear_back(services, heard, lambda stream: _tell_lost(services, stream))
    except Exception as error:
        logger.error("mail.raised", delivery=heard.delivery, error=type(error).__name__)
        raise
    logger.info(
        "mail.heard",
        delivery=heard.delivery,
        feedback=heard.feedback.value,
        outcome=outcome.value,
    )


def _tell_lost(services: Services, stream: str) -> None:
    _measure(services, TeamMailboxLost=1)
    logger.error("team_mailbox.lost", stream=stream)


def put_right(services: Services) -> dict[str, int]:
    """What is late, abandoned or missing, and what follows superseded rules; the counts are logged,
    and measured with the heartbeat."""
    counts = reconcile(services, _log_raised)
    now = services.clock.now()
    if services.settings.suspended:
        logger.warning("reconcile.suspended")
    # Before the parts that may fail or take long: the heart of the run has beaten.
    _measure(
        services,
        Heartbeat=1,
        Suspended=int(services.settings.suspended),
        Waiting=counts["found"],
        Unconfirmed=counts["unconfirmed"],
        NeedsPerson=counts["needs_person"],
        CalendarDaysLeft=(known_until() - local_date(now)).days,
    )
    parts = [_tried("recompute.raised", lambda: {"recomputed": recompute_deadlines(services)})]
    if counts["unconfirmed"]:
        parts.append(_tried("silence.raised", lambda: _noted(services)))
    if _is_time_to_tidy(now):
        parts.append(_tried("tidy.raised", lambda: tidy_schedules(services)))
    for part in parts:
        counts |= part or {}
    _measure(services, Unfinished=parts.count(None) + int(counts["raised"] > 0))
    logger.info("reconcile", counts=counts)
    return counts


def _log_raised(delivery: str, error: Exception) -> None:
    logger.error("reconcile.raised", delivery=delivery, error=type(error).__name__)


def _noted(services: Services) -> dict[str, int]:
    note_silence(services)
    return {}


def _is_time_to_tidy(now: datetime) -> bool:
    return TIDY_FROM <= now.time() < TIDY_BEFORE


def _tried(failure: str, work: Callable[[], dict[str, int]]) -> dict[str, int] | None:
    """What a part of the run gives; None when it fails. The next run goes on where this one
    stopped, and what was put right is put right."""
    try:
        return work()
    except NotAllRecomputed as error:
        logger.error(failure, references=error.references)
    except Exception as error:
        logger.error(failure, error=type(error).__name__)
    return None


def _measure(services: Services, **figures: int) -> None:
    """Writes figures as CloudWatch reads them from the log: of this instance, of nobody in it."""
    metrics = Metrics(namespace=services.settings.metrics_namespace)
    for name, figure in figures.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=figure)
    metrics.flush_metrics()
