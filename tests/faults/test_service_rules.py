"""The models of asynchronous invocation, of Scheduler and of SES keep AWS's documented rules."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.eventbridge_schedules import EventBridgeSchedules, ScheduleTarget
from chalicelib.use_cases.ports import ScheduleFailed
from tests.faults.async_rules import AsyncRules
from tests.faults.calls import Calls
from tests.faults.clock import START, Clock
from tests.faults.limits import async_limits
from tests.faults.mail_rules import MailRules, Mood
from tests.faults.model_client import ModelClient
from tests.faults.scheduler_rules import HandOverRefused, SchedulerRules
from tests.faults.wire import Wire

LIMITS = async_limits("Remind")
TARGET = ScheduleTarget(
    "group",
    "arn:aws:lambda:eu-west-2:123456789012:function:remind",
    "arn:aws:iam::123456789012:role/scheduler",
    "arn:aws:sqs:eu-west-2:123456789012:dead",
)
AT = START + timedelta(days=1)


def run(rules: AsyncRules | SchedulerRules) -> list[timedelta]:
    """When it ran, after the start."""
    times = []
    while (at := rules.next_at()) is not None:
        rules.clock.instant = max(rules.clock.instant, at)
        times.append(rules.clock.now() - START)
        rules.run()
    return times


def test_a_failed_invocation_is_tried_after_one_and_two_minutes_then_given_up() -> None:
    def fail(_: dict[str, Any]) -> None:
        raise ValueError

    rules = AsyncRules(LIMITS, Clock(), fail)
    rules.accept({"reference": "SUF-BCDF-3479"})

    assert run(rules) == [timedelta(minutes=minutes) for minutes in (0, 1, 3)]
    assert rules.given_up[0]["requestPayload"] == {"reference": "SUF-BCDF-3479"}


def test_an_event_may_be_given_twice() -> None:
    seen: list[Mapping[str, Any]] = []
    rules = AsyncRules(LIMITS, Clock(), seen.append, repeats=lambda: True)
    rules.accept({})
    run(rules)

    assert len(seen) == 2


@pytest.fixture
def handed() -> list[Mapping[str, Any]]:
    return []


@pytest.fixture
def scheduler(handed: list[Mapping[str, Any]]) -> SchedulerRules:
    return SchedulerRules(Clock(), handed.append, Random(1))


@pytest.fixture(params=["over HTTP", "directly"])
def schedules(request: pytest.FixtureRequest, scheduler: SchedulerRules) -> EventBridgeSchedules:
    client = Wire("scheduler") if request.param == "over HTTP" else ModelClient()
    client.attach(Calls(), scheduler)
    return EventBridgeSchedules(client, TARGET)


def put(schedules: EventBridgeSchedules, name: str = "a-name", **changes: Any) -> None:
    given = {"at": AT, "reference": "SUF-BCDF-3479", "reminder": "a-reminder"}
    schedules.put(name, **{**given, **changes})


def test_a_schedule_fires_once_within_its_minute_and_is_deleted(
    scheduler: SchedulerRules, schedules: EventBridgeSchedules, handed: list[Mapping[str, Any]]
) -> None:
    put(schedules)
    (fired,) = run(scheduler)

    assert timedelta() <= fired - (AT - START) < timedelta(minutes=1)
    assert handed == [{"reference": "SUF-BCDF-3479", "reminder": "a-reminder"}]
    assert scheduler.kept == {}


def test_a_schedule_of_the_same_name_is_replaced(
    scheduler: SchedulerRules, schedules: EventBridgeSchedules
) -> None:
    put(schedules)
    put(schedules, at=AT + timedelta(days=1))

    assert [one.at for one in scheduler.kept.values()] == [AT + timedelta(days=1)]


def test_a_time_that_is_past_is_refused(schedules: EventBridgeSchedules) -> None:
    with pytest.raises(ScheduleFailed, match="ValidationException"):
        put(schedules, at=START)


def test_a_schedule_that_is_not_there_is_removed_without_complaint(
    schedules: EventBridgeSchedules,
) -> None:
    schedules.remove("never-made")


def test_schedules_are_listed_to_the_last_page(
    scheduler: SchedulerRules, schedules: EventBridgeSchedules
) -> None:
    for number in range(101):
        put(schedules, f"name-{number:03d}")

    assert schedules.names() == sorted(scheduler.kept)


def test_what_cannot_be_handed_over_ends_in_the_dead_letter_queue_within_its_hour(
    scheduler: SchedulerRules, schedules: EventBridgeSchedules
) -> None:
    def refuse(_: Mapping[str, Any]) -> None:
        raise HandOverRefused

    scheduler.hand_over = refuse
    put(schedules)
    times = run(scheduler)

    assert 1 < len(times) <= 11
    assert scheduler.dead_letters == [{"reference": "SUF-BCDF-3479", "reminder": "a-reminder"}]
    assert scheduler.kept == {}


@pytest.fixture
def mail() -> tuple[Any, MailRules]:
    """A client of SES on the model."""
    rules, wire = MailRules(Clock()), Wire("sesv2", attempts=1)
    wire.attach(Calls(), rules)
    return wire.client, rules


def send(client: Any, tag: str = "a-tag") -> Any:
    text = {"Data": "text", "Charset": "UTF-8"}
    return client.send_email(
        FromEmailAddress="from@suffolk.example",
        Destination={"ToAddresses": ["to@suffolk.example"]},
        Content={"Simple": {"Subject": text, "Body": {"Text": text}}},
        EmailTags=[{"Name": "delivery_id", "Value": tag}],
    )


def test_what_is_accepted_has_a_message_id_and_its_tag(mail: Any) -> None:
    client, rules = mail

    assert send(client)["MessageId"]
    assert rules.count() == {"a-tag": 1}


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        (Mood.UNAVAILABLE, "ServiceUnavailableException"),
        (Mood.THROTTLED, "TooManyRequestsException"),
        (Mood.REFUSING, "MessageRejected"),
    ],
)
def test_what_is_not_accepted_is_answered_with_the_services_code(
    mail: Any, mood: Mood, code: str
) -> None:
    client, rules = mail
    rules.mood = mood

    with pytest.raises(ClientError, match=code):
        send(client)
    assert rules.accepted == []
