"""The stack's dead-letter queues, and what AWS's messages on them ask for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.session import get_session
from botocore.stub import Stubber

from chalicelib.referrals.feedback import Feedback
from infra.casereview.dead_letters import (
    FailureQueue,
    InTable,
    News,
    Reminder,
    queues_of,
    work_of,
)
from tests.unit.infra.dead_letter_queue import letter, message, news, queue_of

REMINDER = Reminder("SUF-B3KT-9WXM", "acknowledge#20261124#20261123")


@pytest.mark.parametrize("name", ["schedule", "remind"])
def test_a_reminder_is_named_whichever_service_gave_it_up(name: str) -> None:
    assert work_of(letter(name)["Body"]) == REMINDER


def test_records_of_the_stream_are_in_the_table() -> None:
    assert work_of(letter("stream")["Body"]) == InTable()


def test_an_event_of_the_mail_service_is_heard_whether_a_rule_or_a_function_gave_it_up() -> None:
    event = news("bounce_permanent_general", "abc")["Body"]
    record = json.dumps({"version": "1.0", "requestPayload": json.loads(event)})

    for body in (event, record):
        work = work_of(body)
        assert isinstance(work, News)
        assert work.event is not None
        assert (work.event.delivery, work.event.feedback) == ("abc", Feedback.BOUNCED)


def test_an_event_of_the_mail_service_that_tells_nothing_is_known_as_such() -> None:
    assert work_of(news("open", "abc")["Body"]) == News(None)


def test_a_run_of_reconcile_that_failed_is_in_the_table() -> None:
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}

    assert work_of(json.dumps({"version": "1.0", "requestPayload": event})) == InTable()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not JSON",
        "[]",
        '"text"',
        "{}",
        '{"requestPayload": null}',
        '{"requestPayload": "text"}',
        '{"reference": "SUF-B3KT-9WXM"}',
        '{"reference": "SUF-B3KT-9WXM", "reminder": ""}',
        '{"reference": 1, "reminder": 2}',
    ],
)
def test_what_is_none_of_them_is_not_understood(body: str) -> None:
    assert work_of(body) is None


def test_a_queue_gives_each_message_once_ten_at_a_time() -> None:
    queue = queue_of("Failures", *(message(str(number)) for number in range(25)))

    sizes = [len(batch) for batch in queue.batches()]

    assert sizes == [10, 10, 5]


def test_a_message_that_comes_again_ends_the_reading() -> None:
    queue = queue_of("Failures", message("{}"))
    batches = queue.batches()
    next(batches)
    queue.sqs.show_again()

    assert list(batches) == []


def test_messages_that_somebody_has_taken_are_counted() -> None:
    queue = queue_of("Failures", message("1"), message("2"))
    next(queue.batches())

    assert queue.count() == 2


def stubbed(service: str) -> tuple[Any, Stubber]:
    client = get_session().create_client(
        service, region_name="eu-west-2", aws_access_key_id="x", aws_secret_access_key="x"
    )
    stubber = Stubber(client)
    stubber.activate()
    return client, stubber


def test_a_message_is_deleted_by_its_receipt_as_sqs_takes_it() -> None:
    sqs, answers = stubbed("sqs")
    url = "https://sqs.eu-west-2.amazonaws.com/123456789012/queue"
    taken = {
        "QueueUrl": url,
        "MaxNumberOfMessages": 10,
        "VisibilityTimeout": 300,
        "WaitTimeSeconds": 2,
    }
    answers.add_response("receive_message", {"Messages": [letter("stream")]}, taken)
    answers.add_response("delete_message", {}, {"QueueUrl": url, "ReceiptHandle": "AQEBstream"})
    queue = FailureQueue(sqs, "DeliveryFailures", url)

    ((received,),) = [next(queue.batches())]
    queue.delete(received)

    answers.assert_no_pending_responses()


def resource(name: str, kind: str = "AWS::SQS::Queue") -> dict[str, Any]:
    return {
        "LogicalResourceId": name,
        "PhysicalResourceId": f"https://sqs.example/{name}",
        "ResourceType": kind,
        "LastUpdatedTimestamp": "2026-11-20T00:00:00Z",
        "ResourceStatus": "CREATE_COMPLETE",
    }


def test_the_queues_of_a_stack_are_found_on_every_page_of_its_resources() -> None:
    cloudformation, stacks = stubbed("cloudformation")
    pages: list[dict[str, Any]] = [
        {"StackResourceSummaries": [resource("ScheduleFailures")], "NextToken": "more"},
        {
            "StackResourceSummaries": [
                resource("Table", "AWS::DynamoDB::Table"),
                resource("HearFailuresPolicy", "AWS::SQS::QueuePolicy"),
                resource("AnotherQueue"),
                resource("HearFailures"),
            ]
        },
    ]
    stacks.add_response("list_stack_resources", pages[0], {"StackName": "suffolk-live"})
    more = {"StackName": "suffolk-live", "NextToken": "more"}
    stacks.add_response("list_stack_resources", pages[1], more)

    found = queues_of(cloudformation, None, "suffolk-live")

    assert [(queue.name, queue.url) for queue in found] == [
        ("ScheduleFailures", "https://sqs.example/ScheduleFailures"),
        ("HearFailures", "https://sqs.example/HearFailures"),
    ]
