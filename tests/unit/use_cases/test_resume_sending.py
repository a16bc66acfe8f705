"""After a restore nothing that had been sent is sent again, and what was not is."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.referrals.delivery import Kind
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.redrive import redrive
from chalicelib.use_cases.remind import remind
from chalicelib.use_cases.resume_sending import assume_sent_before
from tests.unit.use_cases.clock_rules import ACKNOWLEDGE, ruled_instance
from tests.unit.use_cases.instance import RECEIVED_AT, Instance

FIRST = "acknowledge#20261124#20261123"
FAILED_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def restored(instance: Instance) -> Instance:
    """The instance on a copy of its table as it was at receipt, suspended."""
    services = instance.services
    settings = replace(services.settings, suspended=True)
    return replace(instance, services=replace(services, settings=settings))


def resumed(instance: Instance) -> Instance:
    settings = replace(instance.services.settings, suspended=False)
    return replace(instance, services=replace(instance.services, settings=settings))


def after_a_restore() -> Instance:
    """Received on Friday; the email, the receipt and Monday's reminder sent; then all forgotten."""
    instance = ruled_instance(ACKNOWLEDGE)
    reference = instance.submit("adult").reference
    snapshot = deepcopy(instance.table.deliveries)
    for kind in (Kind.TEAM_EMAIL, Kind.RECEIPT_EMAIL, Kind.SCHEDULES):
        deliver(instance.services, instance.only(kind).id)
    instance.clock.instant = datetime(2026, 11, 23, 9, tzinfo=UTC)
    remind(instance.services, reference, FIRST)
    instance.clock.instant = FAILED_AT + timedelta(hours=3)
    instance.table.deliveries.clear()
    instance.table.deliveries.update(snapshot)
    return restored(instance)


def test_while_suspended_nothing_is_sent_again() -> None:
    instance = after_a_restore()
    sent = len(instance.mailer.sent)

    counts = reconcile(instance.services)

    assert counts["suspended"] == counts["found"] > 0
    assert len(instance.mailer.sent) == sent == 3


def test_what_had_been_sent_is_not_sent_again_after_it_resumes() -> None:
    instance = after_a_restore()
    sent = len(instance.mailer.sent)

    assert assume_sent_before(instance.services, FAILED_AT) == 3
    reconcile(resumed(instance).services)

    assert len(instance.mailer.sent) == sent


def test_what_was_due_after_the_failure_is_sent() -> None:
    instance = after_a_restore()
    assume_sent_before(instance.services, FAILED_AT)
    sent = len(instance.mailer.sent)
    instance.clock.instant = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)

    reconcile(resumed(instance).services)

    assert len(instance.mailer.sent) == sent + 1


def test_a_late_deadline_goes_on_being_chased() -> None:
    instance = after_a_restore()
    instance.clock.instant = datetime(2026, 11, 25, 12, tzinfo=UTC)

    assume_sent_before(instance.services, instance.clock.now())

    days = [row.at for row in instance.deliveries(Kind.REMINDER_EMAIL) if row.state == "pending"]
    assert days == [datetime(2026, 11, 26, 9, tzinfo=UTC)]


def test_what_a_person_had_tried_again_is_sent() -> None:
    from chalicelib.use_cases.ports import MailRejected

    instance = ruled_instance(ACKNOWLEDGE)
    instance.submit("adult")
    delivery = instance.only(Kind.TEAM_EMAIL).id
    instance.mailer.failures.append(MailRejected("MessageRejected"))
    deliver(instance.services, delivery)

    assert redrive(instance.services) == 1
    instance.clock.instant = RECEIVED_AT + timedelta(minutes=1)
    reconcile(instance.services)

    assert any(sent == delivery for sent, _ in instance.mailer.sent)
