"""Where the template puts what failed, and how it hears of emails."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.infra.test_template import properties

QUEUES = ("ScheduleFailures", "ReminderFailures", "DeliveryFailures", "HearFailures")
SENDERS = ("Deliver", "Remind", "Reconcile")
SIX_HOURS = 6 * 3600


def variables(template: dict[str, Any], function: str) -> dict[str, Any]:
    found: dict[str, Any] = properties(template, function)["Environment"]["Variables"]
    return found


def on_failure(template: dict[str, Any], function: str) -> Any:
    config = properties(template, function)["EventInvokeConfig"]
    return config["DestinationConfig"]["OnFailure"]["Destination"]


def rule(template: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = properties(template, "Hear")["Events"]["HearEvent"]["Properties"]
    return found


def arn(queue: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [queue, "Arn"]}


def test_a_reminder_that_was_not_handed_over_is_told_from_one_that_failed(
    template: dict[str, Any],
) -> None:
    assert variables(template, "Deliver")["REMINDER_DLQ_ARN"] == arn("ScheduleFailures")
    assert on_failure(template, "Remind") == arn("ReminderFailures")


def test_scheduler_may_put_what_it_could_not_hand_over_into_its_own_queue_only(
    template: dict[str, Any],
) -> None:
    statements = properties(template, "ScheduleRole")["Policies"][0]["PolicyDocument"]["Statement"]

    queues = [one["Resource"] for one in statements if one["Action"] == "sqs:SendMessage"]

    assert queues == [arn("ScheduleFailures")]


@pytest.mark.parametrize("queue", QUEUES)
def test_what_failed_is_kept_encrypted(template: dict[str, Any], queue: str) -> None:
    assert properties(template, queue)["SqsManagedSseEnabled"] is True


@pytest.mark.parametrize("queue", QUEUES[:3])
def test_what_holds_ids_only_is_kept_as_long_as_it_can_be(
    template: dict[str, Any], queue: str
) -> None:
    assert properties(template, queue)["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_what_names_a_recipient_is_kept_over_a_weekend_and_no_longer(
    template: dict[str, Any],
) -> None:
    assert properties(template, "HearFailures")["MessageRetentionPeriod"] == 4 * 24 * 3600


@pytest.mark.parametrize("function", ["Remind", "Hear"])
def test_a_function_that_fails_is_tried_again_before_its_event_is_kept(
    template: dict[str, Any], function: str
) -> None:
    config = properties(template, function)["EventInvokeConfig"]

    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (2, SIX_HOURS)


def test_an_event_that_cannot_be_handed_over_is_tried_for_six_hours(
    template: dict[str, Any],
) -> None:
    policy = rule(template)["RetryPolicy"]

    assert policy == {"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": SIX_HOURS}


def test_an_event_that_could_not_be_recorded_is_kept_whoever_failed(
    template: dict[str, Any],
) -> None:
    handed_over = rule(template)["DeadLetterConfig"]["Arn"]

    assert (handed_over, on_failure(template, "Hear")) == (arn("HearFailures"),) * 2


def test_only_the_rule_may_put_events_into_the_queue_from_outside(
    template: dict[str, Any],
) -> None:
    (statement,) = properties(template, "HearFailuresPolicy")["PolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": arn("HearHearEvent")}}


def test_an_instance_hears_of_its_own_emails_only(template: dict[str, Any]) -> None:
    assert rule(template)["Pattern"] == {
        "source": ["aws.ses"],
        "detail": {"mail": {"tags": {"ses:configuration-set": [{"Ref": "ConfigurationSet"}]}}},
    }


def test_all_that_tells_of_an_arrival_is_told_and_nothing_that_tracks_a_reader(
    template: dict[str, Any],
) -> None:
    destination = properties(template, "MailFeedback")["EventDestination"]

    assert destination["Enabled"] is True
    assert sorted(destination["MatchingEventTypes"]) == [
        "bounce",
        "complaint",
        "delivery",
        "deliveryDelay",
        "reject",
        "renderingFailure",
    ]
    bus = destination["EventBridgeDestination"]["EventBusArn"]["Fn::Sub"]
    assert bus.endswith(":event-bus/default")


def test_a_click_on_junk_does_not_silence_a_mailbox(template: dict[str, Any]) -> None:
    options = properties(template, "ConfigurationSet")["SuppressionOptions"]

    assert options == {"SuppressedReasons": ["BOUNCE"]}


@pytest.mark.parametrize("function", SENDERS)
def test_one_parameter_stops_all_that_sends(template: dict[str, Any], function: str) -> None:
    assert variables(template, function)["SENDING"] == {"Ref": "Sending"}


def test_an_instance_sends_unless_it_is_told_not_to(template: dict[str, Any]) -> None:
    sending = template["Parameters"]["Sending"]

    assert (sending["Default"], sending["AllowedValues"]) == ("on", ["on", "suspended"])


@pytest.mark.parametrize("function", SENDERS)
def test_word_of_an_email_is_waited_for_wherever_it_comes(
    template: dict[str, Any], function: str
) -> None:
    waits = variables(template, function)["MAIL_FEEDBACK"]

    assert waits == {"Fn::If": ["IsLocal", "false", "true"]}
