"""What the mail service's events tell, in any shape, order and number."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.mail_events import mail_event
from chalicelib.referrals.delivery import CONFIRM_WITHIN, Delivery, Kind
from chalicelib.referrals.feedback import Feedback
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.hear_back import Heard, MailEvent, hear_back
from chalicelib.use_cases.reconcile import reconcile
from tests.unit.mail_fixtures import NAMES, about, recorded
from tests.unit.use_cases.instance import RECEIVED_AT, Instance, an_instance

TOLD = {
    "delivery": Feedback.DELIVERED,
    "delivery_delay": Feedback.DELAYED,
    "bounce_auto_reply": Feedback.DELAYED,
    "bounce_mailbox_full": Feedback.DELAYED,
    "bounce_attachment_rejected": Feedback.DELAYED,
    "bounce_undetermined": Feedback.DELAYED,
    "bounce_permanent_general": Feedback.BOUNCED,
    "bounce_permanent_no_email": Feedback.BOUNCED,
    "bounce_suppressed_by_account": Feedback.SUPPRESSED,
    "bounce_suppressed_by_ses": Feedback.SUPPRESSED,
    "complaint": Feedback.COMPLAINED,
    "complaint_suppressed": Feedback.SUPPRESSED,
    "reject": Feedback.REJECTED,
    "rendering_failure": Feedback.REJECTED,
}
PASSED_OVER = ("send", "open", "click", "subscription")
PASSING = sorted(name for name, told in TOLD.items() if told is Feedback.DELAYED)
LOSSES = sorted(name for name, told in TOLD.items() if told.lost)
MINUTE = timedelta(minutes=1)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


# What one event tells.


def test_every_kind_of_event_has_a_file() -> None:
    assert sorted([*TOLD, *PASSED_OVER]) == NAMES


@pytest.mark.parametrize("name", sorted(TOLD))
def test_an_event_tells_what_became_of_its_email(name: str) -> None:
    heard = mail_event(recorded(name))

    assert heard is not None
    assert heard.feedback is TOLD[name]
    assert heard.delivery == "5f0c1d2e3a4b5968778695a4b3c2d1e0"


@pytest.mark.parametrize("name", PASSED_OVER)
def test_an_event_that_says_nothing_of_an_arrival_is_passed_over(name: str) -> None:
    assert mail_event(recorded(name)) is None


def test_an_event_names_a_reminder_by_its_id() -> None:
    reminder = "SUF-B3KT-9WXM/rapid-review#20261211#20261204"

    heard = mail_event(about(reminder, "delivery"))

    assert heard is not None
    assert heard.delivery == reminder


def test_an_event_has_the_time_that_it_tells_itself() -> None:
    heard = mail_event(recorded("delivery"))

    assert heard is not None
    assert heard.at == datetime(2026, 11, 20, 14, 30, 6, 402_000, tzinfo=UTC)


def test_a_rejection_has_no_time_but_the_one_that_it_came_at() -> None:
    heard = mail_event(recorded("reject"))

    assert heard is not None
    assert heard.at == datetime(2026, 11, 20, 14, 30, 5, tzinfo=UTC)


# Events that nobody should send.


@pytest.mark.parametrize(
    "tags",
    [
        None,
        {},
        {"delivery_id": []},
        {"delivery_id": "5f0c"},
        {"delivery_id": ["one", "two"]},
        {"delivery_id": [7]},
        {"delivery_id": [""]},
        {"delivery_id": ["ada.byron@agency.example"]},
        {"delivery_id": ["5f0c\nforged log line"]},
        {"delivery_id": ["x" * 300]},
    ],
)
def test_an_event_without_a_delivery_of_ours_is_passed_over(tags: object) -> None:
    event = recorded("delivery")
    event["detail"]["mail"]["tags"] = tags

    assert mail_event(event) is None


@pytest.mark.parametrize("source", ["casereview.made-up", "", None, ["aws.ses"]])
def test_an_event_of_another_source_is_passed_over(source: object) -> None:
    assert mail_event({**recorded("delivery"), "source": source}) is None


@pytest.mark.parametrize(
    "timestamp",
    [None, 1795185006, "yesterday", "2026-11-20T14:30:06", "0001-01-01T00:00:00+14:00", ["2026"]],
)
def test_an_event_at_no_time_at_all_is_passed_over(timestamp: object) -> None:
    event = recorded("delivery")
    event["detail"]["delivery"]["timestamp"] = event["time"] = timestamp

    assert mail_event(event) is None


@given(ANYTHING)
def test_no_event_is_too_odd_to_be_passed_over(event: object) -> None:
    assert mail_event(event) is None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.integers(min_value=0), ANYTHING)
def test_an_event_with_anything_in_any_place_raises_nothing(
    name: str, place: int, thing: object
) -> None:
    event = recorded(name)
    places = list(_places(event))
    node, key = places[place % len(places)]
    node[key] = thing

    heard = mail_event(event)

    assert heard is None or isinstance(heard, MailEvent)


def _places(node: Any) -> Any:
    """Every place of an event that holds something, as its container and key."""
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])


# What all of them together tell, in any order, each twice.


@pytest.fixture
def instance() -> Instance:
    return an_instance("suffolk", expects_feedback=True)


def sent(instance: Instance, kind: Kind, number: int = 1) -> list[str]:
    """Submit so many referrals and send all their emails; the ids of those of one kind."""
    for _ in range(number):
        instance.submit()
    for delivery in [*instance.table.deliveries.values()]:
        if delivery.kind in (Kind.TEAM_EMAIL, Kind.RECEIPT_EMAIL):
            deliver(instance.services, delivery.id)
    return [delivery.id for delivery in instance.deliveries(kind)]


def hear(instance: Instance, event: dict[str, Any]) -> Heard:
    heard = mail_event(event)
    assert heard is not None
    return hear_back(instance.services, heard)


def hear_all(instance: Instance, events: list[dict[str, Any]], seed: int) -> list[Heard]:
    """Each of the events twice, in an order of its own."""
    shuffled = events * 2
    Random(seed).shuffle(shuffled)
    return [hear(instance, event) for event in shuffled]


def told(instance: Instance) -> dict[str, Delivery]:
    return copy.deepcopy(instance.table.deliveries)


def mailbox_is_lost(instance: Instance) -> bool:
    """Asked by losing it once more: that is news unless it is lost."""
    long_after = RECEIVED_AT + timedelta(days=1000)
    return not instance.services.mailboxes.lost("adult", at=long_after)


def one_of_each(deliveries: list[str]) -> list[dict[str, Any]]:
    """An event of every kind about each delivery, a minute after another."""
    return [
        about(delivery, name, RECEIVED_AT + (number * len(TOLD) + minute) * MINUTE)
        for number, delivery in enumerate(deliveries)
        for minute, name in enumerate(sorted(TOLD))
    ]


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_and_doubled_events_leave_every_email_in_the_same_state(seed: int) -> None:
    states = []
    for order in (0, seed + 1):
        instance = an_instance("suffolk", expects_feedback=True)
        deliveries = sent(instance, Kind.TEAM_EMAIL, 3)
        # Ids are random: made-up ones take their places, so that two instances can be compared.
        hear_all(instance, one_of_each(deliveries), order)
        states.append([instance.table.deliveries[one].feedback for one in deliveries])

    assert states[0] == states[1] == [Feedback.REJECTED] * 3


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", LOSSES)
def test_a_lost_mailbox_is_told_exactly_once_in_any_order(
    instance: Instance, name: str, seed: int
) -> None:
    early, *others = sent(instance, Kind.TEAM_EMAIL, 4)
    events = [about(early, "delivery", RECEIVED_AT)]
    events += [
        about(one, name, RECEIVED_AT + (number + 1) * MINUTE) for number, one in enumerate(others)
    ]

    heard = hear_all(instance, events, seed)

    assert heard.count(Heard.MAILBOX_LOST) == 1
    assert mailbox_is_lost(instance)


@pytest.mark.parametrize("seed", range(6))
def test_a_mailbox_that_took_a_later_email_is_not_lost_in_any_order(
    instance: Instance, seed: int
) -> None:
    first, second = sent(instance, Kind.TEAM_EMAIL, 2)
    events = [
        about(first, "bounce_permanent_general", RECEIVED_AT + MINUTE),
        about(second, "delivery", RECEIVED_AT + 2 * MINUTE),
    ]

    hear_all(instance, events, seed)

    assert not mailbox_is_lost(instance)


def test_a_lost_mailbox_is_found_by_a_later_delivery_and_may_be_lost_again(
    instance: Instance,
) -> None:
    first, second, third = sent(instance, Kind.TEAM_EMAIL, 3)
    events = [
        about(first, "bounce_suppressed_by_account", RECEIVED_AT + MINUTE),
        about(second, "delivery", RECEIVED_AT + 2 * MINUTE),
        about(third, "bounce_permanent_general", RECEIVED_AT + 3 * MINUTE),
    ]

    assert [hear(instance, event) for event in events] == [
        Heard.MAILBOX_LOST,
        Heard.MAILBOX_FOUND,
        Heard.MAILBOX_LOST,
    ]


@pytest.mark.parametrize("seed", range(4))
def test_automatic_replies_and_passing_bounces_raise_no_alarm(
    instance: Instance, seed: int
) -> None:
    (delivery,) = sent(instance, Kind.TEAM_EMAIL)
    events = [about(delivery, name) for name in (*PASSING, "delivery")]

    heard = hear_all(instance, events, seed)

    assert set(heard) <= {Heard.RECORDED, Heard.NOTHING_NEW}
    assert instance.table.deliveries[delivery].feedback is Feedback.DELIVERED


@pytest.mark.parametrize("name", PASSING)
def test_a_passing_bounce_and_then_silence_is_told_after_four_hours(
    instance: Instance, name: str
) -> None:
    (delivery,) = sent(instance, Kind.TEAM_EMAIL)
    hear(instance, about(delivery, name))
    instance.clock.move(seconds=CONFIRM_WITHIN.total_seconds())

    assert reconcile(instance.services)["unconfirmed"] == 1


@pytest.mark.parametrize("name", LOSSES)
def test_a_receipt_that_never_arrives_raises_no_alarm(instance: Instance, name: str) -> None:
    (receipt,) = sent(instance, Kind.RECEIPT_EMAIL)

    heard = hear_all(instance, [about(receipt, name)], 0)

    assert heard == [Heard.RECORDED, Heard.NOTHING_NEW]
    assert not mailbox_is_lost(instance)


def test_an_event_of_a_delivery_that_is_not_here_changes_nothing(instance: Instance) -> None:
    sent(instance, Kind.TEAM_EMAIL)
    before = told(instance)

    heard = hear_all(instance, [about("0" * 32, name) for name in TOLD], 0)

    assert set(heard) == {Heard.NOTHING_NEW}
    assert told(instance) == before


def test_a_late_event_never_takes_a_sent_email_back(instance: Instance) -> None:
    (delivery,) = sent(instance, Kind.RECEIPT_EMAIL)
    before = instance.table.deliveries[delivery]

    hear_all(instance, one_of_each([delivery]), 7)

    after = instance.table.deliveries[delivery]
    assert replace(after, feedback=None, check_at=before.check_at) == before
