"""The event functions, as the stream, Scheduler, the clock and the mail service call them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.adapters.in_memory_delivery import InMemoryMailer, InMemorySchedules
from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.events import deliver_records, hear_mail, logger, put_right, send_reminder
from chalicelib.referrals.delivery import Kind
from chalicelib.settings import load_settings
from chalicelib.use_cases.ports import MailRejected, ScheduleFailed, StoreBusy
from chalicelib.use_cases.recompute_deadlines import NotAllRecomputed
from chalicelib.use_cases.submit_referral import submit_document
from tests.unit.mail_fixtures import about, recorded
from tests.unit.web.clock import Shifted, later

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


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the functions log."""
    written = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", written)
    return written


Figures = Callable[[], dict[str, list[float]]]


@pytest.fixture
def figures(capsys: pytest.CaptureFixture[str]) -> Figures:
    """Gives the figures that were measured since the last call, by name."""

    def measured() -> dict[str, list[float]]:
        documents = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        found: dict[str, list[float]] = {}
        for document in documents:
            (told,) = document["_aws"]["CloudWatchMetrics"]
            assert (told["Namespace"], told["Dimensions"]) == ("CaseReview", [[]])
            for metric in told["Metrics"]:
                found.setdefault(metric["Name"], []).extend(document[metric["Name"]])
        return found

    return measured


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def line(log: io.StringIO, message: str) -> dict[str, Any]:
    (found,) = (one for one in lines(log) if one["message"] == message)
    return found


def at(services: Services, hour: int, minute: int) -> Services:
    """The same service on one day, at a time of UTC."""
    return replace(services, clock=Shifted(datetime(2030, 3, 5, hour, minute, tzinfo=UTC)))


def sent_email(services: Services, kind: Kind) -> str:
    """The id of the email of a kind, once all are sent."""
    rows = waiting(services)
    delivered(services)
    found = [services.outbox.find(row) for row in rows]
    (delivery,) = (one.id for one in found if one is not None and one.kind is kind)
    return delivery


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


def test_a_run_measures_its_heartbeat_and_what_waits_for_a_person(
    services: Services, figures: Figures
) -> None:
    mailer(services).failures.append(MailRejected("MessageRejected"))
    put_right(later(services, days=1))

    measured = figures()

    assert measured["Heartbeat"] == [1]
    assert measured["NeedsPerson"] == [1]
    assert measured["Waiting"] >= [3]
    assert measured["Unconfirmed"] == [0]
    assert measured["Suspended"] == [0]
    assert measured["Unfinished"] == [0]


def test_the_days_that_the_calendar_knows_are_counted_to_its_end(
    services: Services, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.events.known_until", lambda: date(2030, 12, 31))

    put_right(at(services, 12, 0))

    assert figures()["CalendarDaysLeft"] == [301]


def test_an_email_of_which_nothing_was_heard_is_measured_once(
    services: Services, figures: Figures
) -> None:
    settings = replace(services.settings, expects_feedback=True)
    heard_of = replace(services, settings=settings)
    sent_email(heard_of, Kind.TEAM_EMAIL)
    silent = later(heard_of, days=1)
    figures()

    put_right(silent)
    put_right(silent)

    assert figures()["Unconfirmed"] == [1, 0]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StoreBusy(), {"error": "StoreBusy"}),
        (NotAllRecomputed(["SUF-B3KT-9WXM"]), {"references": ["SUF-B3KT-9WXM"]}),
    ],
)
def test_a_failure_to_recompute_is_told_and_costs_no_heartbeat(
    services: Services,
    figures: Figures,
    monkeypatch: pytest.MonkeyPatch,
    log: io.StringIO,
    error: Exception,
    told: dict[str, Any],
) -> None:
    def broken(_: Services) -> int:
        raise error

    monkeypatch.setattr("chalicelib.events.recompute_deadlines", broken)

    put_right(services)

    measured = figures()
    assert (measured["Heartbeat"], measured["Unfinished"]) == ([1], [1])
    assert line(log, "recompute.raised").items() >= told.items()


@pytest.mark.parametrize(
    ("hour", "minute", "expected"), [(2, 59, 0), (3, 0, 1), (3, 59, 1), (4, 0, 0), (15, 5, 0)]
)
def test_schedules_are_compared_in_the_hour_from_three(
    services: Services, monkeypatch: pytest.MonkeyPatch, hour: int, minute: int, expected: int
) -> None:
    runs: list[Services] = []

    def tidied(deps: Services) -> dict[str, int]:
        runs.append(deps)
        return {"made": 2, "removed": 1}

    monkeypatch.setattr("chalicelib.events.tidy_schedules", tidied)

    counts = put_right(at(services, hour, minute))

    assert len(runs) == expected
    assert ("made" in counts) is bool(expected)


def test_a_scheduler_that_does_not_answer_breaks_no_run(
    services: Services, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def broken(_: Services) -> dict[str, int]:
        raise ScheduleFailed("InternalServerException")

    monkeypatch.setattr("chalicelib.events.tidy_schedules", broken)

    counts = put_right(at(services, 3, 5))

    assert counts["needs_person"] == 0
    assert line(log, "tidy.raised")["error"] == "ScheduleFailed"


def test_a_suspended_service_sends_nothing_and_says_so_in_each_run(
    services: Services, figures: Figures, log: io.StringIO
) -> None:
    suspended = replace(services, settings=replace(services.settings, suspended=True))

    put_right(later(suspended, days=1))

    assert mailer(services).sent == []
    assert figures()["Suspended"] == [1]
    assert line(log, "reconcile.suspended")["level"] == "WARNING"


def test_what_became_of_an_email_is_recorded_and_logged(
    services: Services, log: io.StringIO
) -> None:
    delivery = sent_email(services, Kind.TEAM_EMAIL)

    hear_mail(about(delivery, "delivery"), services)

    row = services.outbox.find(delivery)
    assert row is not None
    assert row.feedback == "delivered"
    told = line(log, "mail.heard")
    ours = {"delivery": delivery, "feedback": "delivered", "outcome": "recorded"}
    assert told.items() >= ours.items()
    always = {"level", "location", "message", "timestamp", "service"}
    assert told.keys() == always | ours.keys()


def test_a_lost_mailbox_of_the_team_is_told_once(
    services: Services, figures: Figures, log: io.StringIO
) -> None:
    delivery = sent_email(services, Kind.TEAM_EMAIL)
    event = about(delivery, "bounce_permanent_general")

    hear_mail(event, services)
    hear_mail(event, services)

    assert figures() == {"TeamMailboxLost": [1]}
    told = line(log, "team_mailbox.lost")
    assert (told["level"], told["stream"]) == ("ERROR", "adult")


def test_a_lost_receipt_is_no_matter_for_a_person(
    services: Services, figures: Figures, log: io.StringIO
) -> None:
    delivery = sent_email(services, Kind.RECEIPT_EMAIL)

    hear_mail(about(delivery, "bounce_permanent_general"), services)

    assert figures() == {}
    assert {one["level"] for one in lines(log)} == {"INFO"}


@pytest.mark.parametrize("event", [{}, {"source": "aws.ses", "detail": None}, recorded("open")])
def test_an_event_that_tells_nothing_is_passed_over(
    services: Services, log: io.StringIO, event: dict[str, Any]
) -> None:
    hear_mail(event, services)

    assert [one["message"] for one in lines(log)] == ["mail.passed_over"]


def test_an_event_that_could_not_be_recorded_is_tried_again(
    services: Services, log: io.StringIO
) -> None:
    class Store:
        def __getattr__(self, _: str) -> Any:
            raise StoreBusy

    event = about("5f" * 16, "delivery")

    with pytest.raises(StoreBusy):
        hear_mail(event, replace(services, outbox=Store()))

    told = line(log, "mail.raised")
    assert (told["delivery"], told["error"]) == ("5f" * 16, "StoreBusy")


def test_no_log_line_or_figure_holds_an_answer_or_an_address(
    services: Services, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    mailer(services).failures.append(MailRejected("MessageRejected"))
    delivery = sent_email(services, Kind.RECEIPT_EMAIL)
    for name in ("bounce_permanent_general", "complaint", "reject"):
        text = json.dumps(about(delivery, name))
        for canary in ("adult-reviews@suffolk.example", "New notification", "user unknown"):
            text = text.replace(canary, f"{MARKER} marker@agency.example")
        hear_mail(json.loads(text), services)
    put_right(later(services, days=60))

    logged = log.getvalue() + capsys.readouterr().out
    assert '"failed"' in logged
    assert "mail.heard" in logged
    assert "Heartbeat" in logged
    assert MARKER not in logged
    assert "@" not in logged


def test_a_row_that_raises_is_named_and_measured(
    services: Services, figures: Figures, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError("arn:aws:dynamodb of somebody")

    monkeypatch.setattr(services.outbox, "lease", refused)
    later = at(services, 12, 0)
    due = services.outbox.due(now=later.clock.now(), limit=50)

    put_right(later)

    measured = figures()
    assert (measured["Heartbeat"], measured["Unfinished"]) == ([1], [1])
    lines = [json.loads(text) for text in log.getvalue().splitlines()]
    told = [one for one in lines if one["message"] == "reconcile.raised"]
    assert [one["delivery"] for one in told] == list(due)
    assert {one["error"] for one in told} == {"PermissionError"}
    assert "somebody" not in log.getvalue()
