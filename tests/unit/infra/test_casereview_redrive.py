"""`casereview redrive`: what was given up is tried again, in the table and on the queues."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.referrals.delivery import Kind, State
from chalicelib.referrals.feedback import Feedback
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.ports import MailFailed, MailRejected, StoreBusy
from infra.casereview.dead_letters import FailureQueue
from tests.unit.infra.command import done, reached, run, suffolk, suspended
from tests.unit.infra.dead_letter_queue import letter, message, news, queue_of
from tests.unit.use_cases.instance import Instance


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> Instance:
    """One referral of which everything was delivered, and no queue."""
    instance = suffolk(monkeypatch, expects_feedback=True)
    instance.submit("adult")
    for kind in (Kind.TEAM_EMAIL, Kind.RECEIPT_EMAIL, Kind.SCHEDULES):
        deliver(instance.services, instance.only(kind).id)
    queues(monkeypatch)
    return instance


def queues(monkeypatch: pytest.MonkeyPatch, *found: FailureQueue) -> None:
    monkeypatch.setattr("infra.casereview.redrive.failure_queues", lambda **_: list(found))


def queue(monkeypatch: pytest.MonkeyPatch, *messages: dict[str, Any]) -> FailureQueue:
    made = queue_of("TheFailures", *messages)
    queues(monkeypatch, made)
    return made


def refuse(instance: Instance, times: int = 1) -> None:
    """So many referrals whose email to the team was refused."""
    for _ in range(times):
        instance.submit("adult")
        team = [row.id for row in instance.deliveries(Kind.TEAM_EMAIL) if not row.attempts]
        instance.mailer.failures.append(MailRejected("MessageRejected"))
        deliver(instance.services, *team)


def reminder(instance: Instance) -> str:
    """The id of Monday's reminder, five minutes after its time: not yet reconcile's."""
    instance.clock.move(days=2, hours=18, minutes=35)
    return min(row.id for row in instance.deliveries(Kind.REMINDER_EMAIL))


def about(delivery_id: str, name: str = "remind") -> dict[str, Any]:
    """AWS's message about a reminder of this test's instance."""
    reference, _, which = delivery_id.partition("/")
    made = letter(name)
    body = made["Body"].replace("SUF-B3KT-9WXM", reference)
    return made | {"Body": body.replace("acknowledge#20261124#20261123", which)}


def sent(instance: Instance, delivery_id: str) -> int:
    return [one for one, _ in instance.mailer.sent].count(
        delivery_id.replace("/", ".").replace("#", "_")
    )


def test_nothing_given_up_asks_nothing(instance: Instance) -> None:
    assert done("redrive") == "Nothing was given up."


def test_a_failed_delivery_is_tried_again_and_sent(instance: Instance) -> None:
    refuse(instance)

    said = done("redrive", "--yes")

    assert "Failed deliveries: 1." in said
    assert "Failed deliveries to be tried again: 1." in said
    assert {row.state for row in instance.deliveries(Kind.TEAM_EMAIL)} == {State.SENT}


def test_all_failed_deliveries_are_tried_again_however_many(instance: Instance) -> None:
    refuse(instance, 101)

    assert "Failed deliveries to be tried again: 101." in done("redrive", "--yes")


def test_one_that_is_refused_again_still_needs_a_person(instance: Instance) -> None:
    refuse(instance)
    instance.mailer.failures.append(MailRejected("MessageRejected"))

    assert "refused for good" in done("redrive", "--yes", code=1)


def test_it_asks_first(instance: Instance) -> None:
    refuse(instance)

    assert "Try all of it again? [y/N]" in done("redrive", answer="y\n")


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch, instance: Instance, answer: str
) -> None:
    refuse(instance)
    waiting = queue(monkeypatch, message("{}"))

    assert run("redrive", answer=answer).exit_code == 1
    assert [row.state for row in instance.deliveries(Kind.TEAM_EMAIL)].count(State.FAILED) == 1
    assert not waiting.sqs.hidden


@pytest.mark.parametrize("name", ["schedule", "remind"])
def test_a_reminder_that_was_given_up_is_sent_and_its_message_deleted(
    monkeypatch: pytest.MonkeyPatch, instance: Instance, name: str
) -> None:
    due = reminder(instance)
    waiting = queue(monkeypatch, about(due, name))

    said = done("redrive", "--yes")

    assert "TheFailures: reminders sent: 1." in said
    assert sent(instance, due) == 1
    assert waiting.count() == 0


def test_two_messages_about_one_reminder_send_it_once(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    due = reminder(instance)
    waiting = queue(monkeypatch, about(due, "schedule"), about(due, "remind"))

    done("redrive", "--yes")

    assert sent(instance, due) == 1
    assert waiting.count() == 0


def test_a_reminder_that_fails_again_is_left_to_the_table(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    due = reminder(instance)
    waiting = queue(monkeypatch, about(due))
    instance.mailer.failures.append(MailFailed("Timeout"))

    said = done("redrive", "--yes")

    assert "reminders to be tried again later: 1." in said
    assert waiting.count() == 0


def test_a_reminder_that_is_refused_needs_a_person(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    queue(monkeypatch, about(reminder(instance)))
    instance.mailer.failures.append(MailRejected("MessageRejected"))

    assert "reminders refused for good: 1." in done("redrive", "--yes", code=1)


def test_a_reminder_that_is_not_there_needs_nothing(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    waiting = queue(monkeypatch, letter("remind"))

    assert "reminders that needed nothing: sent before, or gone: 1." in done("redrive", "--yes")
    assert waiting.count() == 0


@pytest.mark.parametrize("failure", [StoreBusy(), EndpointConnectionError(endpoint_url="x")])
def test_a_message_stays_when_its_work_was_not_recorded_and_others_go_on(
    monkeypatch: pytest.MonkeyPatch, instance: Instance, failure: Exception
) -> None:
    due = reminder(instance)
    waiting = queue(monkeypatch, letter("schedule"), about(due))
    lease = instance.outbox.lease

    def busy(delivery_id: str, **others: Any) -> Any:
        if delivery_id.startswith("SUF-B3KT"):
            raise failure
        return lease(delivery_id, **others)

    monkeypatch.setattr(instance.outbox, "lease", busy)

    said = done("redrive", "--yes", code=1)

    assert "not done: 1. What is left comes back within 5 minutes" in said
    assert [one["MessageId"] for one in waiting.sqs.messages] == [letter("schedule")["MessageId"]]
    assert sent(instance, due) == 1


def test_a_message_of_the_stream_is_deleted_once_reconcile_has_done_its_work(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    instance.submit("adult")
    instance.clock.move(minutes=2)
    waiting = queue(monkeypatch, letter("stream"))

    said = done("redrive", "--yes")

    assert "Overdue deliveries: 3 done." in said
    assert "entries that the table has, put right there: 1." in said
    assert waiting.count() == 0


def test_a_message_of_the_stream_stays_when_reconcile_could_not_record(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    instance.submit("adult")
    instance.clock.move(minutes=2)
    waiting = queue(monkeypatch, letter("stream"))

    def busy(*_: Any, **__: Any) -> None:
        raise StoreBusy

    monkeypatch.setattr(instance.outbox, "lease", busy)

    assert run("redrive", "--yes").exit_code == 3
    assert waiting.count() == 1


@pytest.mark.parametrize("in_a_record", [False, True], ids=["rule", "function"])
def test_a_lost_email_to_the_team_is_taken_down_and_needs_a_person(
    monkeypatch: pytest.MonkeyPatch, instance: Instance, in_a_record: bool
) -> None:
    event = news("bounce_permanent_general", instance.only(Kind.TEAM_EMAIL).id)["Body"]
    record = json.dumps({"version": "1.0", "requestPayload": json.loads(event)})
    waiting = queue(monkeypatch, message(record if in_a_record else event))

    said = done("redrive", "--yes", code=1)

    assert "emails to the team that never arrived: 1." in said
    assert instance.only(Kind.TEAM_EMAIL).feedback is Feedback.BOUNCED
    assert waiting.count() == 0


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("delivery", Kind.TEAM_EMAIL, "events of emails taken down: 1."),
        ("bounce_permanent_general", Kind.RECEIPT_EMAIL, "receipts that never arrived: 1."),
        ("open", Kind.TEAM_EMAIL, "events that tell nothing: 1."),
    ],
)
def test_other_news_of_emails_needs_nobody(
    monkeypatch: pytest.MonkeyPatch, instance: Instance, name: str, kind: Kind, said: str
) -> None:
    waiting = queue(monkeypatch, news(name, instance.only(kind).id))

    assert said in done("redrive", "--yes")
    assert waiting.count() == 0


def test_news_of_an_email_that_is_not_known_is_deleted(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    waiting = queue(monkeypatch, news("delivery", "another"))

    assert "events of emails that are not known: 1." in done("redrive", "--yes")
    assert waiting.count() == 0


def test_a_message_that_is_not_understood_stays_and_needs_a_person(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    waiting = queue(monkeypatch, message("canary"))

    said = done("redrive", "--yes", code=1)

    assert "TheFailures: not understood: 1. They stay" in said
    assert "canary" not in said
    assert waiting.count() == 1


def test_messages_that_somebody_has_taken_are_waited_for(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    waiting = queue(monkeypatch, message("canary"))
    run("redrive", "--yes")

    assert "gives no message now. What is left comes back within 5 minutes" in done(
        "redrive", "--yes"
    )
    assert waiting.count() == 1


def test_a_second_time_there_is_nothing_left(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    refuse(instance)
    queue(monkeypatch, about(reminder(instance)))
    done("redrive", "--yes")

    assert done("redrive") == "Nothing was given up."


def test_while_sending_is_suspended_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    refuse(instance)
    waiting = queue(monkeypatch, message("{}"))
    reached(monkeypatch, suspended(instance))

    assert run("redrive", "--yes").exit_code == 1
    assert waiting.count() == 1
    assert not waiting.sqs.hidden


def test_other_rules_than_the_instances_are_refused(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    waiting = queue(monkeypatch, message("{}"))
    instance.services.cases.use_rules("of another folder")

    assert run("redrive", "--yes").exit_code == 1
    assert not waiting.sqs.hidden
