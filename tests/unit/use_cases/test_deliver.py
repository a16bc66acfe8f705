"""From the outbox to the inbox, the schedule and the reminder."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.referrals.delivery import LEASE, RETRY_MINUTES, THROTTLED, Delivery, Kind, State
from chalicelib.referrals.emails import Message
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.ports import (
    MailFailed,
    MailRejected,
    MailThrottled,
    ScheduleFailed,
)
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.remind import remind
from tests.unit.use_cases.instance import (
    RECEIVED_AT,
    REFERRER,
    TEAM,
    Instance,
    an_instance,
)

# The reminder, one working day before, of the acknowledgement due on Tuesday 24 November 2026.
FIRST = "acknowledge#20261124#20261123"


def run_stream(instance: Instance) -> None:
    """What the table's stream does: every outbox row once."""
    for delivery in list(instance.table.deliveries.values()):
        if delivery.kind is not Kind.REMINDER_EMAIL:
            deliver(instance.services, delivery.id)


def now_of(instance: Instance, delivery: Delivery) -> Delivery:
    return instance.table.deliveries[delivery.id]


def sent_to(instance: Instance, address: str) -> list[Message]:
    return [message for _, message in instance.mailer.sent if address in message.to]


@pytest.mark.parametrize("form", ["adult", "child"])
def test_the_team_hears_of_a_referral(suffolk: Instance, form: str) -> None:
    receipt = suffolk.submit(form)

    assert deliver(suffolk.services, suffolk.only(Kind.TEAM_EMAIL).id) is Outcome.SENT

    (message,) = sent_to(suffolk, TEAM)
    assert message.subject == f"New case review notification {receipt.reference}"
    assert f"About: {'an adult' if form == 'adult' else 'a child'}" in message.text
    due = "Tuesday 24 November 2026" if form == "adult" else "Monday 23 November 2026"
    assert f"Next due date: {due}" in message.text
    assert suffolk.services.settings.staff_url in message.text


def test_the_referrer_gets_a_receipt(suffolk: Instance) -> None:
    receipt = suffolk.submit()

    deliver(suffolk.services, suffolk.only(Kind.RECEIPT_EMAIL).id)

    (message,) = sent_to(suffolk, REFERRER)
    assert receipt.reference in message.text


@pytest.mark.parametrize("form", ["adult", "child"])
def test_no_email_holds_anything_of_the_case(suffolk: Instance, form: str) -> None:
    suffolk.submit(form)
    run_stream(suffolk)
    for reminder in suffolk.deliveries(Kind.REMINDER_EMAIL):
        remind(suffolk.services, reminder.reference, str(reminder.reminder))

    assert len(suffolk.mailer.sent) > 3
    for _, message in suffolk.mailer.sent:
        said = f"{message.subject} {message.text} {message.html}".lower()
        for secret in ("canary", "neglect", "physical", "abuse", "died", "death", "17 november"):
            assert secret not in said


def test_without_a_setting_the_files_example_mailbox_is_used() -> None:
    instance = an_instance("suffolk", team_mailbox_adult="")
    instance.submit("adult")

    deliver(instance.services, instance.only(Kind.TEAM_EMAIL).id)

    assert sent_to(instance, "adult-reviews@suffolk.example")


def test_a_team_may_have_several_mailboxes() -> None:
    instance = an_instance("suffolk", team_mailbox_adult="one@a.example, two@b.example")
    instance.submit("adult")

    deliver(instance.services, instance.only(Kind.TEAM_EMAIL).id)

    ((_, message),) = instance.mailer.sent
    assert message.to == ("one@a.example", "two@b.example")


def test_a_delivery_performed_twice_is_one_email(suffolk: Instance) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)
    deliver(suffolk.services, delivery.id)

    assert deliver(suffolk.services, delivery.id) is Outcome.NOTHING
    assert len(suffolk.mailer.sent) == 1


def test_a_sent_delivery_keeps_the_message_id(suffolk: Instance) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)

    deliver(suffolk.services, delivery.id)

    sent = now_of(suffolk, delivery)
    assert (sent.state, sent.message_id, sent.attempts) == (State.SENT, "message-1", 1)


def test_an_unknown_delivery_is_nothing_to_do(suffolk: Instance) -> None:
    assert deliver(suffolk.services, "unknown") is Outcome.NOTHING


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (MailFailed("InternalFailure"), timedelta(minutes=RETRY_MINUTES[0])),
        (MailThrottled("Throttling"), THROTTLED),
    ],
)
def test_a_failure_that_passes_is_tried_again_later(
    suffolk: Instance, error: Exception, wait: timedelta
) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)
    suffolk.mailer.failures.append(error)

    assert deliver(suffolk.services, delivery.id) is Outcome.WAITING

    waiting = now_of(suffolk, delivery)
    assert (waiting.state, waiting.check_at) == (State.PENDING, RECEIVED_AT + wait)
    assert waiting.code == str(error)


def test_a_message_refused_for_good_waits_for_a_person(suffolk: Instance) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)
    suffolk.mailer.failures.append(MailRejected("MessageRejected"))

    assert deliver(suffolk.services, delivery.id) is Outcome.FAILED

    assert now_of(suffolk, delivery).code == "MessageRejected"
    assert suffolk.services.outbox.needs_person(limit=10) == [delivery.id]


def test_a_mail_service_down_for_a_day_is_outlasted(suffolk: Instance) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)

    while suffolk.clock.now() < RECEIVED_AT + timedelta(days=1):
        suffolk.mailer.failures.append(MailFailed("InternalFailure"))
        assert deliver(suffolk.services, delivery.id) is Outcome.WAITING
        suffolk.clock.instant = now_of(suffolk, delivery).check_at

    assert deliver(suffolk.services, delivery.id) is Outcome.SENT


def test_a_person_is_told_of_what_has_failed_for_more_than_four_and_a_half_hours(
    suffolk: Instance,
) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)
    told_at = None

    while told_at is None:
        suffolk.mailer.failures.append(MailFailed("InternalFailure"))
        deliver(suffolk.services, delivery.id)
        if suffolk.services.outbox.needs_person(limit=10):
            told_at = suffolk.clock.now()
        suffolk.clock.instant = now_of(suffolk, delivery).check_at

    waited = told_at - RECEIVED_AT
    assert timedelta(hours=4, minutes=30) <= waited <= timedelta(hours=6)
    assert now_of(suffolk, delivery).state is State.PENDING


def test_what_a_person_was_told_of_is_their_concern_no_more_once_it_is_sent(
    suffolk: Instance,
) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)
    suffolk.mailer.failures += [MailFailed("InternalFailure")] * 2
    deliver(suffolk.services, delivery.id)
    suffolk.clock.move(hours=6)
    deliver(suffolk.services, delivery.id)
    assert suffolk.services.outbox.needs_person(limit=10) == [delivery.id]

    deliver(suffolk.services, delivery.id)

    assert suffolk.services.outbox.needs_person(limit=10) == []


def test_throttling_does_not_move_an_email_up_the_ladder(suffolk: Instance) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)

    for _ in range(20):
        suffolk.mailer.failures.append(MailThrottled("TooManyRequestsException"))
        deliver(suffolk.services, delivery.id)
        wait = now_of(suffolk, delivery).check_at - suffolk.clock.now()
        assert wait <= timedelta(minutes=2)


def test_a_fault_of_ours_is_recorded_by_its_kind_and_tried_again(suffolk: Instance) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)
    suffolk.mailer.failures.append(ZeroDivisionError("Canary"))

    assert deliver(suffolk.services, delivery.id) is Outcome.WAITING
    assert now_of(suffolk, delivery).code == "ZeroDivisionError"
    assert deliver(suffolk.services, delivery.id) is Outcome.SENT


def test_nothing_is_sent_while_sending_is_suspended() -> None:
    instance = an_instance("suffolk", suspended=True)
    instance.submit()
    delivery = instance.only(Kind.TEAM_EMAIL)

    assert deliver(instance.services, delivery.id) is Outcome.SUSPENDED
    assert now_of(instance, delivery) == delivery
    assert instance.mailer.sent == []


def test_a_worker_that_dies_leaves_the_delivery_to_the_next(suffolk: Instance) -> None:
    suffolk.submit()
    delivery = suffolk.only(Kind.TEAM_EMAIL)
    suffolk.mailer.failures.append(KeyboardInterrupt())  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        deliver(suffolk.services, delivery.id)

    assert deliver(suffolk.services, delivery.id) is Outcome.NOTHING
    suffolk.clock.move(seconds=LEASE.total_seconds())

    assert deliver(suffolk.services, delivery.id) is Outcome.SENT


def test_each_reminder_gets_its_schedule(suffolk: Instance) -> None:
    receipt = suffolk.submit("adult")

    run_stream(suffolk)

    reference = receipt.reference
    assert {name: kept.at for name, kept in suffolk.schedules.kept.items()} == {
        f"{reference}-acknowledge-20261124-20261123": datetime(2026, 11, 23, 9, tzinfo=UTC),
        f"{reference}-acknowledge-20261124-20261124": datetime(2026, 11, 24, 9, tzinfo=UTC),
        f"{reference}-acknowledge-20261124-20261125": datetime(2026, 11, 25, 9, tzinfo=UTC),
        f"{reference}-panel-considers-20261218-20261204": datetime(2026, 12, 4, 9, tzinfo=UTC),
        f"{reference}-panel-considers-20261218-20261211": datetime(2026, 12, 11, 9, tzinfo=UTC),
        f"{reference}-panel-considers-20261218-20261221": datetime(2026, 12, 21, 9, tzinfo=UTC),
    }


def test_a_schedule_that_could_not_be_made_is_tried_again(suffolk: Instance) -> None:
    suffolk.submit("adult")
    schedules = suffolk.only(Kind.SCHEDULES)
    suffolk.schedules.failures.append(ScheduleFailed("ThrottlingException"))

    assert deliver(suffolk.services, schedules.id) is Outcome.WAITING
    assert deliver(suffolk.services, schedules.id) is Outcome.SENT
    assert len(suffolk.schedules.kept) == 6


def test_a_reminder_whose_time_is_past_is_sent_at_once(suffolk: Instance) -> None:
    suffolk.submit(
        "child",
        outcome_status="serious_harm",
        la_told_at={"year": 2026, "month": 10, "day": 1},
    )

    run_stream(suffolk)

    (message,) = [one for one in sent_to(suffolk, TEAM) if "overdue" in one.text]
    assert "Serious Incident Notification to the national Panel" in message.text
    assert "43 days overdue" in message.text
    (chase,) = [name for name in suffolk.schedules.kept if "panel-notification" in name]
    assert suffolk.schedules.kept[chase].at == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_reminder_is_sent_when_its_schedule_fires(suffolk: Instance) -> None:
    receipt = suffolk.submit("adult")
    suffolk.clock.instant = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    assert remind(suffolk.services, receipt.reference, FIRST) is Outcome.SENT

    ((delivery_id, message),) = suffolk.mailer.sent
    assert message.to == (TEAM,)
    assert message.subject == f"Deadline reminder {receipt.reference}"
    assert "Deadline: Acknowledge the referral" in message.text
    assert "Time left: 1 day" in message.text
    assert delivery_id == f"{receipt.reference}.acknowledge_20261124_20261123"


def test_a_schedule_that_fires_twice_is_one_reminder(suffolk: Instance) -> None:
    receipt = suffolk.submit("adult")
    remind(suffolk.services, receipt.reference, FIRST)

    assert remind(suffolk.services, receipt.reference, FIRST) is Outcome.NOTHING
    assert len(suffolk.mailer.sent) == 1


@pytest.mark.parametrize(
    ("reference", "reminder"),
    [("SUF-XXXX-XXXX", FIRST), ("", ""), ("SUF", "../../x"), ("#", "/")],
)
def test_a_reminder_that_does_not_exist_is_nothing_to_do(
    suffolk: Instance, reference: str, reminder: str
) -> None:
    suffolk.submit()

    assert remind(suffolk.services, reference, reminder) is Outcome.NOTHING


def test_a_schedule_is_not_made_for_a_reminder_already_sent(suffolk: Instance) -> None:
    receipt = suffolk.submit("adult")
    remind(suffolk.services, receipt.reference, FIRST)

    run_stream(suffolk)

    assert f"{receipt.reference}-acknowledge-20261124-20261123" not in suffolk.schedules.kept


def test_a_healthy_instance_leaves_nothing_to_reconcile(suffolk: Instance) -> None:
    suffolk.submit("adult")
    run_stream(suffolk)
    suffolk.clock.move(hours=12)

    assert set(reconcile(suffolk.services).values()) == {0}


def test_reconcile_does_what_the_stream_did_not(suffolk: Instance) -> None:
    suffolk.submit("adult")
    suffolk.clock.move(minutes=1)

    counts = reconcile(suffolk.services)

    assert (counts["found"], counts["sent"]) == (3, 3)
    assert len(suffolk.mailer.sent) == 2
    assert len(suffolk.schedules.kept) == 6


def test_reconcile_leaves_the_stream_its_minute(suffolk: Instance) -> None:
    suffolk.submit("adult")
    suffolk.clock.move(seconds=59)

    assert reconcile(suffolk.services)["found"] == 0


def test_reconcile_sends_the_reminder_of_a_lost_schedule(suffolk: Instance) -> None:
    suffolk.submit("adult")
    run_stream(suffolk)
    suffolk.schedules.kept.clear()
    suffolk.clock.instant = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)

    assert reconcile(suffolk.services)["sent"] == 1

    assert suffolk.mailer.sent[-1][1].subject.startswith("Deadline reminder")


def test_reconcile_takes_over_from_a_dead_worker(suffolk: Instance) -> None:
    suffolk.submit("adult")
    run_stream(suffolk)
    delivery = suffolk.only(Kind.TEAM_EMAIL)
    suffolk.table.deliveries[delivery.id] = replace(
        delivery,
        state=State.SENDING,
        attempts=1,
        lease_until=suffolk.clock.now() + LEASE,
        check_at=suffolk.clock.now() + LEASE,
        done_at=None,
    )
    suffolk.clock.move(seconds=LEASE.total_seconds())

    assert reconcile(suffolk.services)["sent"] == 1


def test_one_bad_row_does_not_hold_back_the_others(suffolk: Instance) -> None:
    suffolk.submit("adult")
    suffolk.clock.move(minutes=1)
    suffolk.mailer.failures.append(ZeroDivisionError())

    counts = reconcile(suffolk.services)

    assert (counts["waiting"], counts["sent"]) == (1, 2)


def test_reconcile_counts_what_a_person_must_look_at(suffolk: Instance) -> None:
    suffolk.submit("adult")
    suffolk.mailer.failures.append(MailRejected("MessageRejected"))
    run_stream(suffolk)

    assert reconcile(suffolk.services)["needs_person"] == 1


def test_a_service_that_hangs_does_not_keep_a_run_from_being_counted(suffolk: Instance) -> None:
    suffolk.submit("adult")
    suffolk.clock.move(minutes=1)
    send = suffolk.mailer.send

    def slow(message: Message, *, delivery_id: str) -> str:
        suffolk.clock.move(seconds=80)
        return send(message, delivery_id=delivery_id)

    suffolk.mailer.send = slow  # type: ignore[method-assign]

    counts = reconcile(suffolk.services)

    assert counts["found"] == 3
    assert counts["sent"] < 3
    assert reconcile(suffolk.services)["sent"] > 0
