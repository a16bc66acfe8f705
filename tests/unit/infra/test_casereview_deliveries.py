"""`casereview deliveries`: what has not been delivered, and what of it needs a person."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.referrals.delivery import Delivery, Kind, State
from chalicelib.referrals.feedback import Feedback
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.ports import MailFailed, MailRejected, Unreadable
from tests.unit.infra.command import done, reached, run, suffolk, suspended
from tests.unit.use_cases.instance import REFERRER, TEAM, Instance


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> Instance:
    return suffolk(monkeypatch, expects_feedback=True)


def settled(instance: Instance) -> str:
    """A referral of which everything was delivered, and the team's email confirmed."""
    reference = instance.submit("adult").reference
    for kind in (Kind.TEAM_EMAIL, Kind.RECEIPT_EMAIL, Kind.SCHEDULES):
        deliver(instance.services, instance.only(kind).id)
    team = instance.only(Kind.TEAM_EMAIL).id
    instance.outbox.hear(team, Feedback.DELIVERED, now=instance.clock.now())
    return reference


def change(instance: Instance, kind: Kind, **changes: Any) -> Delivery:
    row = replace(instance.deliveries(kind)[0], **changes)
    instance.table.deliveries[row.id] = row
    return row


def test_when_all_is_well_only_the_plan_is_counted(instance: Instance) -> None:
    settled(instance)
    planned = len(instance.deliveries(Kind.REMINDER_EMAIL))

    assert done("deliveries") == f"{planned} planned: reminders whose time has not come."


def test_an_empty_instance_says_that_everything_is_delivered(instance: Instance) -> None:
    assert done("deliveries") == "Everything is delivered."


def test_a_refused_email_needs_a_person_and_is_told_with_its_code(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    instance.mailer.failures.append(MailRejected("MessageRejected"))
    deliver(instance.services, instance.only(Kind.TEAM_EMAIL).id)

    said = done("deliveries", code=1)

    start, _, waits = said.partition("Waits")
    assert f"{reference} email to the team failed 20 Nov 2026 MessageRejected" in start
    assert "1 attempt 14:30" in start
    assert "1 failed: refused for good" in waits


def test_what_has_failed_for_hours_needs_a_person_and_says_since_when(instance: Instance) -> None:
    settled(instance)
    since = instance.clock.now()
    instance.clock.move(hours=6)
    change(
        instance,
        Kind.TEAM_EMAIL,
        state=State.PENDING,
        attempts=11,
        code="AccountSendingPaused",
        waiting_since=since,
        escalated=True,
        done_at=None,
    )

    said = done("deliveries", code=1)

    assert "escalated 20 Nov 2026 AccountSendingPaused" in said
    assert "11 attempts 14:30" in said
    assert "Waits" not in said


def test_an_email_of_which_nothing_is_heard_needs_a_person(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    for kind in (Kind.TEAM_EMAIL, Kind.RECEIPT_EMAIL, Kind.SCHEDULES):
        deliver(instance.services, instance.only(kind).id)
    instance.outbox.hear(
        instance.only(Kind.TEAM_EMAIL).id, Feedback.DELAYED, now=instance.clock.now()
    )
    instance.clock.move(hours=4)

    said = done("deliveries", code=1)

    assert f"{reference} email to the team unconfirmed 20 Nov 2026 heard: delayed" in said


def test_silence_that_reconcile_has_counted_is_still_listed(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    done("reconcile")
    instance.clock.move(minutes=2)
    done("reconcile")
    instance.clock.move(hours=5)
    done("reconcile")

    said = done("deliveries", code=1)

    assert f"{reference} email to the team unconfirmed" in said
    assert "heard: " not in said


def test_what_is_being_tried_waits_and_needs_nobody_yet(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    for kind in (Kind.RECEIPT_EMAIL, Kind.SCHEDULES):
        deliver(instance.services, instance.only(kind).id)
    instance.mailer.failures.append(MailFailed("Timeout"))
    deliver(instance.services, instance.only(Kind.TEAM_EMAIL).id)

    said = done("deliveries")

    assert said.startswith("Waits What State Since")
    assert f"{reference} email to the team waiting 20 Nov 2026 Timeout" in said
    assert "1 waiting: being tried." in said


def test_a_reminder_whose_time_has_come_waits_and_names_its_rule(instance: Instance) -> None:
    reference = settled(instance)
    instance.clock.move(days=2, hours=20)

    assert f"{reference} reminder waiting 23 Nov 2026 acknowledge" in done("deliveries")


def test_a_reminder_of_the_next_hour_is_planned(instance: Instance) -> None:
    settled(instance)
    planned = len(instance.deliveries(Kind.REMINDER_EMAIL))
    instance.clock.move(days=2, hours=18)  # half past eight on Monday

    assert done("deliveries").startswith(f"{planned} planned")


def test_a_long_plan_is_counted_and_not_read(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    settled(instance)
    reads: list[str] = []
    find = instance.outbox.find

    def read(delivery_id: str) -> Delivery | None:
        reads.append(delivery_id)
        return find(delivery_id)

    monkeypatch.setattr(instance.outbox, "find", read)

    done("deliveries")

    assert len(reads) == 1


def test_the_one_that_has_waited_longest_comes_first(instance: Instance) -> None:
    first = instance.submit("adult").reference
    instance.clock.move(hours=1)
    second = instance.submit("adult").reference
    instance.mailer.failures += [MailRejected("MessageRejected"), MailRejected("MessageRejected")]
    for reference in (second, first):
        rows = instance.deliveries(Kind.TEAM_EMAIL)
        deliver(instance.services, next(row.id for row in rows if row.reference == reference))
        instance.clock.move(minutes=-30)

    said = done("deliveries", code=1)

    assert said.index(first) < said.index(second)


def test_a_suspended_instance_says_so(monkeypatch: pytest.MonkeyPatch, instance: Instance) -> None:
    reached(monkeypatch, suspended(instance))

    assert done("deliveries").startswith("Sending is suspended.")


def test_no_address_and_no_answer_is_ever_shown(instance: Instance) -> None:
    instance.submit("adult")
    instance.mailer.failures += [MailRejected("MessageRejected")] * 2
    for kind in (Kind.TEAM_EMAIL, Kind.RECEIPT_EMAIL):
        deliver(instance.services, instance.only(kind).id)

    for said in (run("deliveries").output, run("deliveries", "--json").output):
        assert "anary" not in said
        assert TEAM not in said
        assert REFERRER not in said


def test_another_program_is_given_the_same(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    instance.mailer.failures.append(MailRejected("MessageRejected"))
    deliver(instance.services, instance.only(Kind.TEAM_EMAIL).id)

    result = run("deliveries", "--json")

    assert result.exit_code == 1
    document = json.loads(result.stdout)
    planned = len(instance.deliveries(Kind.REMINDER_EMAIL))
    assert document["counts"] == {
        "receipts": 0,
        "unreadable": 0,
        "failed": 1,
        "escalated": 0,
        "unconfirmed": 0,
        "waiting": 2,
        "planned": planned,
    }
    assert document["needs_person"] == [
        {
            "id": instance.only(Kind.TEAM_EMAIL).id,
            "reference": reference,
            "stream": "adult",
            "kind": "team_email",
            "reminder": None,
            "why": "failed",
            "state": "failed",
            "attempts": 1,
            "since": "2026-11-20T14:30:00.000000Z",
            "code": "MessageRejected",
            "heard": None,
        }
    ]
    assert {one["kind"] for one in document["waiting"]} == {"receipt_email", "schedules"}


def test_a_row_that_cannot_be_read_needs_a_person_and_hides_no_other(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = instance.submit("adult").reference
    instance.mailer.failures.append(MailRejected("MessageRejected"))
    deliver(instance.services, instance.only(Kind.TEAM_EMAIL).id)
    unknown = instance.only(Kind.SCHEDULES).id
    find = instance.services.outbox.find

    def found(delivery_id: str) -> Delivery | None:
        if delivery_id == unknown:
            raise Unreadable
        return find(delivery_id)

    monkeypatch.setattr(instance.services.outbox, "find", found)

    said = done("deliveries", code=1)

    assert f"Cannot be read: {unknown}" in said
    assert reference in said


def test_a_refused_receipt_is_listed_and_needs_nobody(instance: Instance) -> None:
    settled_reference = instance.submit("adult").reference
    instance.mailer.failures.append(MailRejected("MessageRejected"))
    deliver(instance.services, instance.only(Kind.RECEIPT_EMAIL).id)

    said = done("deliveries")

    assert f"{settled_reference} receipt failed" in said
    assert "1 receipts: the sender has no copy by email" in said
