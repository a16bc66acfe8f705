"""The event functions, as the stream, Scheduler and the clock call them."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.in_memory_delivery import InMemoryMailer, InMemorySchedules
from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.events import deliver_records, logger, put_right, send_reminder
from chalicelib.settings import load_settings
from chalicelib.use_cases.ports import MailRejected, StoreBusy
from chalicelib.use_cases.submit_referral import submit_document
from tests.unit.web.clock import later

MARKER = "Marker-Ada-Byron"


@pytest.fixture
def services() -> Services:
    made = in_memory_services(load_settings({"PARTNERSHIP": "suffolk"}))
    answers = {
        "immediate_danger": "no",
        "live_concern": "no",
        "submitter_type": "professional",
        "referrer_agency": MARKER,
        "referrer_name": MARKER,
        "referrer_email": "marker@agency.example",
        "outcome_status": "died",
        "summary": MARKER,
        "adults": [{}],
        "declaration": True,
    }
    submit_document(made, made.forms["adult"], answers, "a-key-of-a-test")
    return made


def record(delivery: str, number: int = 1, name: str = "INSERT") -> dict[str, Any]:
    keys = {"pk": {"S": f"OUTBOX#{delivery}"}, "sk": {"S": "OUTBOX"}}
    return {
        "eventID": str(number),
        "eventName": name,
        "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": keys, "SequenceNumber": str(number), "StreamViewType": "KEYS_ONLY"},
    }


def waiting(services: Services) -> list[str]:
    """Ids of the outbox rows, found as reconcile finds them."""
    soon = later(services, days=1).clock.now()
    found = services.outbox.due(now=soon, limit=100)
    return [delivery for delivery in found if "/" not in delivery and "#" not in delivery]


def mailer(services: Services) -> InMemoryMailer:
    assert isinstance(services.mailer, InMemoryMailer)
    return services.mailer


def delivered(services: Services) -> dict[str, Any]:
    rows = waiting(services)
    return deliver_records(
        {"Records": [record(row, number) for number, row in enumerate(rows, 1)]}, None, services
    )


def test_the_stream_brings_the_teams_email_the_receipt_and_the_schedules(
    services: Services,
) -> None:
    answer = delivered(services)

    assert answer == {"batchItemFailures": []}
    assert len(mailer(services).sent) == 2
    assert isinstance(services.schedules, InMemorySchedules)
    assert services.schedules.kept


def test_a_replayed_record_sends_nothing_twice(services: Services) -> None:
    rows = waiting(services)
    events = {"Records": [record(row, number) for number, row in enumerate(rows, 1)]}

    deliver_records(events, None, services)
    deliver_records(events, None, services)

    assert len(mailer(services).sent) == 2


def test_a_removal_by_ttl_is_no_work(services: Services) -> None:
    events = {"Records": [record(waiting(services)[0], name="REMOVE")]}

    deliver_records(events, None, services)

    assert mailer(services).sent == []


def test_a_record_that_fails_is_named_and_holds_back_no_other(services: Services) -> None:
    rows = waiting(services)
    broken = rows[0]

    class Store:
        def __getattr__(self, name: str) -> Any:
            return getattr(services.outbox, name)

        def lease(self, delivery_id: str, **when: Any) -> Any:
            if delivery_id == broken:
                raise StoreBusy
            return services.outbox.lease(delivery_id, **when)

    shaky = replace(services, outbox=Store())
    events = {"Records": [record(row, number) for number, row in enumerate(rows, 1)]}
    answer = deliver_records(events, None, shaky)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert broken in waiting(services)
    assert len(waiting(services)) == 1


def test_what_the_stream_missed_is_put_right(services: Services) -> None:
    counts = put_right(later(services, days=0))
    late = put_right(later(services, days=1))

    assert counts["found"] == 0
    assert late["sent"] >= 2


def test_a_reminder_is_sent_once_however_often_it_is_fired(services: Services) -> None:
    delivered(services)
    assert isinstance(services.schedules, InMemorySchedules)
    kept = next(iter(services.schedules.kept.values()))
    event = {"reference": kept.reference, "reminder": kept.reminder}
    before = len(mailer(services).sent)

    send_reminder(event, services)
    send_reminder(event, services)

    assert len(mailer(services).sent) == before + 1


def test_no_log_line_holds_an_answer(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", written)
    mailer(services).failures.append(MailRejected("MessageRejected"))

    delivered(services)
    put_right(later(services, days=60))

    logged = written.getvalue()
    assert '"failed"' in logged
    assert MARKER not in logged
    assert "marker@" not in logged
