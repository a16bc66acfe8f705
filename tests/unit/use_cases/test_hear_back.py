"""What became of the emails, and whether the team's mailbox takes any."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.referrals.delivery import CONFIRM_WITHIN, LEASE, Kind, State
from chalicelib.referrals.feedback import Feedback
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.hear_back import Heard, MailEvent, hear_back
from chalicelib.use_cases.ports import MailFailed, StoreBusy
from chalicelib.use_cases.reconcile import note_silence, reconcile
from chalicelib.use_cases.redrive import redrive
from tests.unit.use_cases.instance import RECEIVED_AT, Instance, an_instance

AT = RECEIVED_AT + timedelta(minutes=1)


@pytest.fixture
def instance() -> Instance:
    return an_instance("suffolk", expects_feedback=True)


def sent(instance: Instance, kind: Kind = Kind.TEAM_EMAIL) -> str:
    """Submit a referral and send its email; the delivery's id."""
    before = {one.id for one in instance.deliveries(kind)}
    instance.submit()
    (delivery,) = [one.id for one in instance.deliveries(kind) if one.id not in before]
    deliver(instance.services, delivery)
    return delivery


def hear(instance: Instance, delivery: str, feedback: Feedback, at: datetime = AT) -> Heard:
    return hear_back(instance.services, MailEvent(delivery, feedback, at))


def test_a_delivered_email_is_recorded(instance: Instance) -> None:
    delivery = sent(instance)

    assert hear(instance, delivery, Feedback.DELIVERED) is Heard.RECORDED
    assert instance.table.deliveries[delivery].feedback is Feedback.DELIVERED


def test_the_same_event_again_is_nothing_new(instance: Instance) -> None:
    delivery = sent(instance)
    hear(instance, delivery, Feedback.DELIVERED)

    assert hear(instance, delivery, Feedback.DELIVERED) is Heard.NOTHING_NEW


def test_an_event_of_an_unknown_delivery_is_nothing_new(instance: Instance) -> None:
    assert hear(instance, "unknown", Feedback.BOUNCED) is Heard.NOTHING_NEW


def test_an_event_that_overtakes_our_own_record_is_kept(instance: Instance) -> None:
    instance.submit()
    delivery = instance.only(Kind.TEAM_EMAIL).id
    hear(instance, delivery, Feedback.DELIVERED)

    deliver(instance.services, delivery)

    assert instance.table.deliveries[delivery].feedback is Feedback.DELIVERED


@pytest.mark.parametrize("feedback", [Feedback.BOUNCED, Feedback.SUPPRESSED, Feedback.REJECTED])
def test_a_lost_mailbox_is_told_once(instance: Instance, feedback: Feedback) -> None:
    first, second = sent(instance), sent(instance)

    assert hear(instance, first, feedback) is Heard.MAILBOX_LOST
    assert hear(instance, second, feedback) is Heard.RECORDED


def test_a_mailbox_that_takes_email_again_is_told_and_may_be_lost_again(instance: Instance) -> None:
    first, second, third = sent(instance), sent(instance), sent(instance)
    hear(instance, first, Feedback.BOUNCED)

    later = AT + timedelta(hours=1)
    assert hear(instance, second, Feedback.DELIVERED, later) is Heard.MAILBOX_FOUND
    last = later + timedelta(hours=1)
    assert hear(instance, third, Feedback.BOUNCED, last) is Heard.MAILBOX_LOST


def test_a_delivery_from_before_the_mailbox_was_lost_does_not_find_it(instance: Instance) -> None:
    first, second = sent(instance), sent(instance)
    hear(instance, first, Feedback.BOUNCED)

    earlier = AT - timedelta(minutes=1)

    assert hear(instance, second, Feedback.DELIVERED, earlier) is Heard.RECORDED


@pytest.mark.parametrize("feedback", [Feedback.DELAYED, Feedback.COMPLAINED])
def test_what_is_no_loss_raises_no_alarm(instance: Instance, feedback: Feedback) -> None:
    assert hear(instance, sent(instance), feedback) is Heard.RECORDED


def test_a_receipt_that_bounces_says_nothing_of_the_teams_mailbox(instance: Instance) -> None:
    delivery = sent(instance, Kind.RECEIPT_EMAIL)

    assert hear(instance, delivery, Feedback.BOUNCED) is Heard.RECORDED


def test_silence_about_an_email_to_the_team_is_counted_once(instance: Instance) -> None:
    sent(instance)
    instance.clock.move(seconds=CONFIRM_WITHIN.total_seconds())

    first = reconcile(instance.services)["unconfirmed"]
    note_silence(instance.services)

    assert (first, reconcile(instance.services)["unconfirmed"]) == (1, 0)


def test_silence_that_could_not_be_told_is_counted_again(instance: Instance) -> None:
    """The run died before a person was told."""
    sent(instance)
    instance.clock.move(seconds=CONFIRM_WITHIN.total_seconds())

    counts = [reconcile(instance.services)["unconfirmed"] for _ in range(2)]

    assert counts == [1, 1]


def test_a_silent_email_is_sent_again_when_a_person_asks_for_it(instance: Instance) -> None:
    delivery = sent(instance)
    instance.clock.move(seconds=CONFIRM_WITHIN.total_seconds())
    note_silence(instance.services)

    assert redrive(instance.services) == 0
    assert redrive(instance.services, silent=True) == 1
    assert deliver(instance.services, delivery) is Outcome.SENT


def test_an_email_that_was_heard_of_is_not_waited_for(instance: Instance) -> None:
    hear(instance, sent(instance), Feedback.DELIVERED)
    instance.clock.move(seconds=CONFIRM_WITHIN.total_seconds())

    assert reconcile(instance.services)["unconfirmed"] == 0


def test_an_email_that_is_delayed_is_still_waited_for(instance: Instance) -> None:
    hear(instance, sent(instance), Feedback.DELAYED)
    instance.clock.move(seconds=CONFIRM_WITHIN.total_seconds())

    assert instance.services.outbox.unconfirmed(now=instance.clock.now(), limit=10)


def test_where_no_feedback_comes_none_is_waited_for() -> None:
    instance = an_instance("suffolk")
    sent(instance)
    instance.clock.move(days=1)

    assert reconcile(instance.services)["unconfirmed"] == 0


def test_an_email_that_never_reached_the_team_is_sent_again_once_a_person_has_mended_it(
    instance: Instance,
) -> None:
    delivery = sent(instance)
    hear(instance, delivery, Feedback.BOUNCED)
    assert instance.services.outbox.needs_person(limit=10) == [delivery]

    redrive(instance.services)
    reconcile(instance.services)

    assert [one for one, _ in instance.mailer.sent].count(delivery) == 2
    assert instance.services.outbox.needs_person(limit=10) == []


def test_what_is_heard_of_the_second_sending_counts(instance: Instance) -> None:
    delivery = sent(instance)
    hear(instance, delivery, Feedback.BOUNCED)
    redrive(instance.services)
    reconcile(instance.services)

    hear(instance, delivery, Feedback.DELIVERED, AT + timedelta(hours=1))

    assert instance.table.deliveries[delivery].feedback is Feedback.DELIVERED


def test_a_receipt_that_bounces_needs_no_person(instance: Instance) -> None:
    hear(instance, sent(instance, Kind.RECEIPT_EMAIL), Feedback.BOUNCED)

    assert instance.services.outbox.needs_person(limit=10) == []


def test_one_of_several_mailboxes_that_works_does_not_find_the_one_that_is_lost(
    instance: Instance,
) -> None:
    first, second = sent(instance), sent(instance)
    hear(instance, first, Feedback.BOUNCED)

    event = MailEvent(second, Feedback.DELIVERED, AT + timedelta(hours=1), whole=False)

    assert hear_back(instance.services, event) is Heard.RECORDED


def test_the_news_of_a_lost_mailbox_survives_a_failure_after_it(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = sent(instance)

    def busy(*_: object, **__: object) -> None:
        raise StoreBusy

    with monkeypatch.context() as failing:
        failing.setattr(instance.services.outbox, "hear", busy)
        with pytest.raises(StoreBusy):
            hear(instance, delivery, Feedback.BOUNCED)

    assert hear(instance, delivery, Feedback.BOUNCED) is Heard.MAILBOX_LOST


def test_an_email_that_was_heard_to_have_arrived_is_not_sent_again(instance: Instance) -> None:
    """The worker died after SES had taken it, and before that was recorded."""
    instance.submit()
    delivery = instance.only(Kind.TEAM_EMAIL).id
    now = instance.clock.now()
    instance.services.outbox.lease(delivery, now=now, until=now + LEASE)
    hear(instance, delivery, Feedback.DELIVERED)
    instance.clock.move(seconds=LEASE.total_seconds())

    assert deliver(instance.services, delivery) is Outcome.SENT
    assert instance.mailer.sent == []


def test_one_silent_email_that_cannot_be_recorded_does_not_hide_the_others(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, _ = sent(instance), sent(instance)
    instance.clock.move(seconds=CONFIRM_WITHIN.total_seconds())
    found = instance.services.outbox.hear

    def busy_once(delivery: str, feedback: Feedback, *, now: datetime) -> object:
        if delivery == bad:
            raise StoreBusy
        return found(delivery, feedback, now=now)

    monkeypatch.setattr(instance.services.outbox, "hear", busy_once)

    with pytest.raises(StoreBusy):
        note_silence(instance.services)

    assert instance.services.outbox.newly_silent(now=instance.clock.now(), limit=10) == [bad]


def test_a_bounce_of_an_email_whose_acceptance_was_never_learned_needs_a_person(
    instance: Instance,
) -> None:
    """SES took it, its answer was lost, and it bounced before the next attempt."""
    instance.submit()
    delivery = instance.only(Kind.TEAM_EMAIL).id
    instance.mailer.failures.append(MailFailed("ReadTimeoutError"))
    deliver(instance.services, delivery)

    hear(instance, delivery, Feedback.BOUNCED)

    assert instance.services.outbox.needs_person(limit=10) == [delivery]
    assert deliver(instance.services, delivery) is Outcome.NOTHING


def test_whoever_must_be_told_is_told_before_the_event_counts_as_recorded(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record whose answer is lost on the way raises, and the event comes again: too late."""
    delivery = sent(instance)
    outbox, told = instance.services.outbox, list[str]()
    hear_it = outbox.hear

    def cut(*arguments: Any, **named: Any) -> None:
        hear_it(*arguments, **named)
        raise StoreBusy

    monkeypatch.setattr(outbox, "hear", cut)
    with pytest.raises(StoreBusy):
        hear_back(instance.services, MailEvent(delivery, Feedback.BOUNCED, AT), told.append)

    assert told == ["adult"]


def test_an_old_bounce_that_comes_again_does_not_fail_the_email_sent_since(
    instance: Instance,
) -> None:
    delivery = sent(instance)
    first = instance.table.deliveries[delivery].message_id
    bounce = MailEvent(delivery, Feedback.BOUNCED, AT, message_id=first)
    hear_back(instance.services, bounce)
    redrive(instance.services)
    deliver(instance.services, delivery)

    assert hear_back(instance.services, bounce) is Heard.NOTHING_NEW
    assert instance.table.deliveries[delivery].state is State.SENT


def test_a_bounce_of_the_email_sent_since_fails_it_again(instance: Instance) -> None:
    delivery = sent(instance)
    first = instance.table.deliveries[delivery].message_id
    hear_back(instance.services, MailEvent(delivery, Feedback.BOUNCED, AT, message_id=first))
    redrive(instance.services)
    deliver(instance.services, delivery)
    second = instance.table.deliveries[delivery].message_id

    hear_back(instance.services, MailEvent(delivery, Feedback.BOUNCED, AT, message_id=second))

    assert instance.table.deliveries[delivery].state is State.FAILED
