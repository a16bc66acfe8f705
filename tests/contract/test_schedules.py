"""What every scheduler does, and what AWS's is asked for."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from chalicelib.adapters.eventbridge_schedules import EventBridgeSchedules, at_expression
from chalicelib.adapters.in_memory_delivery import InMemorySchedules
from chalicelib.referrals.reference import schedule_name
from chalicelib.use_cases.ports import ReminderSchedules, ScheduleFailed
from tests.contract.botocore_model import AwsWouldRefuse
from tests.contract.conftest import TARGET, grouped_schedules, make_client
from tests.contract.samples import REMINDER

NAME = schedule_name("SUF-BCDF-3479", REMINDER)
AT = datetime(2027, 11, 23, 9, 0, tzinfo=UTC)


def put(schedules: ReminderSchedules, at: datetime = AT) -> None:
    schedules.put(NAME, at=at, reference="SUF-BCDF-3479", reminder=REMINDER)


def when(schedules: ReminderSchedules) -> str:
    """The `at()` expression of the schedule, wherever it is kept."""
    if isinstance(schedules, InMemorySchedules):
        return at_expression(schedules.kept[NAME].at)
    assert isinstance(schedules, EventBridgeSchedules)
    client = schedules._client()
    expression: str = client.get_schedule(Name=NAME, GroupName=TARGET.group)["ScheduleExpression"]
    return expression


def test_a_schedule_is_made_for_its_instant(schedules: ReminderSchedules) -> None:
    put(schedules)

    assert when(schedules) == "at(2027-11-23T09:00:00)"


def test_a_schedule_made_again_is_replaced(schedules: ReminderSchedules) -> None:
    put(schedules)

    put(schedules, AT + timedelta(days=1))

    assert when(schedules) == "at(2027-11-24T09:00:00)"


def is_kept(schedules: ReminderSchedules, name: str = NAME) -> bool:
    if isinstance(schedules, InMemorySchedules):
        return name in schedules.kept
    assert isinstance(schedules, EventBridgeSchedules)
    answer = schedules._client().list_schedules(GroupName=TARGET.group, NamePrefix=name)
    return name in {kept["Name"] for kept in answer["Schedules"]}


def test_a_removed_schedule_is_gone(schedules: ReminderSchedules) -> None:
    put(schedules)

    schedules.remove(NAME)

    assert not is_kept(schedules)


def test_removing_a_schedule_leaves_the_others(schedules: ReminderSchedules) -> None:
    other = schedule_name("SUF-BCDF-3479", "acknowledge#20261124#20261124")
    put(schedules)
    schedules.put(other, at=AT, reference="SUF-BCDF-3479", reminder=REMINDER)

    schedules.remove(NAME)

    assert is_kept(schedules, other)


def test_a_schedule_that_is_not_there_is_removed_already(schedules: ReminderSchedules) -> None:
    schedules.remove(NAME)
    put(schedules)
    schedules.remove(NAME)
    schedules.remove(NAME)

    assert not is_kept(schedules)


def test_a_removed_schedule_can_be_made_again(schedules: ReminderSchedules) -> None:
    put(schedules)
    schedules.remove(NAME)

    put(schedules, AT + timedelta(days=1))

    assert when(schedules) == "at(2027-11-24T09:00:00)"


def test_an_instance_without_reminders_has_no_schedules(schedules: ReminderSchedules) -> None:
    assert schedules.names() == []


# ministack gives the first hundred and no way to the others.
@pytest.mark.parametrize("schedules", ["in_memory", "moto"], indirect=True)
def test_every_schedule_is_named_whatever_their_number(schedules: ReminderSchedules) -> None:
    expected = [f"SUF-BCDF-3479-acknowledge-{number:04d}" for number in range(105)]
    for name in expected:
        schedules.put(name, at=AT, reference="SUF-BCDF-3479", reminder=REMINDER)

    assert sorted(schedules.names()) == expected


def test_a_removed_schedule_is_named_no_more(schedules: ReminderSchedules) -> None:
    put(schedules)
    schedules.remove(NAME)

    assert schedules.names() == []


def test_schedules_of_another_group_are_not_ours() -> None:
    with mock_aws():
        ours = grouped_schedules(make_client("scheduler"))
        theirs = replace(TARGET, group="another-instance")
        ours._client().create_schedule_group(Name=theirs.group)
        put(EventBridgeSchedules(ours._client, theirs))

        assert ours.names() == []


def test_names_are_read_to_the_last_page() -> None:
    client = make_client("scheduler", "http://127.0.0.1:9")
    stub = Stubber(client)
    group = {"GroupName": TARGET.group}
    pages = [{"Schedules": [{"Name": name}]} for name in ("first", "second")]
    stub.add_response("list_schedules", {**pages[0], "NextToken": "more"}, group)
    stub.add_response("list_schedules", pages[1], {**group, "NextToken": "more"})

    with stub:
        assert EventBridgeSchedules(lambda: client, TARGET).names() == ["first", "second"]


def test_names_that_cannot_be_read_are_told_by_the_code_only() -> None:
    client = make_client("scheduler", "http://127.0.0.1:9")
    stub = Stubber(client)
    stub.add_response("list_schedules", {"Schedules": [{"Name": "first"}], "NextToken": "more"})
    stub.add_client_error("list_schedules", "ThrottlingException", "Private text")

    with stub, pytest.raises(ScheduleFailed) as raised:
        EventBridgeSchedules(lambda: client, TARGET).names()

    assert str(raised.value) == "ThrottlingException"


def test_a_schedule_fires_in_utc_whatever_the_zone_of_its_instant() -> None:
    summer = datetime(2027, 6, 1, 9, 0, tzinfo=timezone(timedelta(hours=1)))

    assert at_expression(summer) == "at(2027-06-01T08:00:00)"


@pytest.fixture
def kept() -> Any:
    with mock_aws():
        schedules = grouped_schedules(make_client("scheduler"))
        put(schedules)
        yield schedules._client().get_schedule(Name=NAME, GroupName=TARGET.group)


def test_a_schedule_is_of_one_time_and_goes_away_after(kept: dict) -> None:
    assert (kept["ActionAfterCompletion"], kept["FlexibleTimeWindow"]["Mode"]) == ("DELETE", "OFF")
    assert (kept["ScheduleExpressionTimezone"], kept["State"]) == ("UTC", "ENABLED")


def test_a_schedule_starts_the_function_with_ids_only(kept: dict) -> None:
    target = kept["Target"]

    assert (target["Arn"], target["RoleArn"]) == (TARGET.function_arn, TARGET.role_arn)
    assert json.loads(target["Input"]) == {
        "reference": "SUF-BCDF-3479",
        "reminder": REMINDER,
    }


def test_a_schedule_that_cannot_be_handed_over_is_not_lost(kept: dict) -> None:
    target = kept["Target"]

    assert target["DeadLetterConfig"]["Arn"] == TARGET.dead_letter_arn
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 3600}


@pytest.mark.parametrize(
    ("code", "status"),
    [("ThrottlingException", 429), ("InternalServerException", 500), ("ValidationException", 400)],
)
def test_an_error_of_the_scheduler_is_told_by_its_code_only(code: str, status: int) -> None:
    client = make_client("scheduler", "http://127.0.0.1:9")
    stub = Stubber(client)
    stub.add_client_error("create_schedule", code, "Private text", http_status_code=status)

    with stub, pytest.raises(ScheduleFailed) as raised:
        put(EventBridgeSchedules(lambda: client, TARGET))

    assert str(raised.value) == code


@pytest.mark.parametrize(
    ("code", "status"),
    [("ThrottlingException", 429), ("InternalServerException", 500), ("ConflictException", 409)],
)
def test_a_schedule_that_could_not_be_removed_is_told_by_the_code_only(
    code: str, status: int
) -> None:
    client = make_client("scheduler", "http://127.0.0.1:9")
    stub = Stubber(client)
    stub.add_client_error("delete_schedule", code, "Private text", http_status_code=status)

    with stub, pytest.raises(ScheduleFailed) as raised:
        EventBridgeSchedules(lambda: client, TARGET).remove(NAME)

    assert str(raised.value) == code


def test_no_answer_when_removing_a_schedule_is_told_by_its_kind() -> None:
    client = make_client("scheduler", "http://127.0.0.1:9")

    with pytest.raises(ScheduleFailed, match="EndpointConnectionError"):
        EventBridgeSchedules(lambda: client, TARGET).remove(NAME)


@pytest.mark.parametrize("name", ["a" * 65, "a:b", "", "name with blank"])
def test_a_name_that_aws_would_refuse_is_refused_here(name: str) -> None:
    with mock_aws():
        schedules = grouped_schedules(make_client("scheduler"))

        with pytest.raises((AwsWouldRefuse, ScheduleFailed)):
            schedules.put(name, at=AT, reference="SUF-BCDF-3479", reminder=REMINDER)
