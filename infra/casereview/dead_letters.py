"""The stack's dead-letter queues, and what a message on one of them asks for.

Four shapes come, all made by AWS: a schedule's own input (EventBridge Scheduler, which hands over
no more), an event that a rule could not hand over, the record of a function that raised
(`requestPayload` is its event), and a stream's, which says where in the stream its records are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.mail_events import mail_event
from chalicelib.use_cases.hear_back import MailEvent
from infra.casereview.instance import client, stack_name

ENDING = "Failures"
QUEUE = "AWS::SQS::Queue"
# Seconds for which nobody else is given a message that was taken: its work must end before.
HIDDEN_SECONDS = 300
# A queue asks all of its servers only when it is given time.
WAIT_SECONDS = 2
BATCH = 10  # the most that SQS gives


@dataclass(frozen=True)
class Reminder:
    """A reminder that was not sent, as a schedule names it."""

    reference: str
    reminder: str


@dataclass(frozen=True)
class News:
    """What became of an email; None when the event tells nothing."""

    event: MailEvent | None


@dataclass(frozen=True)
class InTable:
    """Work that the table knows of: reconcile does it."""


Work = Reminder | News | InTable


def work_of(body: str) -> Work | None:
    """What a message asks for; None when it is not understood."""
    try:
        document = json.loads(body)
    except ValueError:
        return None
    event = document.get("requestPayload", document) if isinstance(document, dict) else None
    if not isinstance(event, dict):
        return None
    if "DDBStreamBatchInfo" in event or event.get("source") == "aws.events":
        return InTable()
    if event.get("source") == "aws.ses":
        return News(mail_event(event))
    reference, reminder = event.get("reference"), event.get("reminder")
    if not (isinstance(reference, str) and isinstance(reminder, str) and reference and reminder):
        return None
    return Reminder(reference, reminder)


@dataclass(frozen=True)
class Letter:
    """A message that was taken from a queue. It comes back unless it is deleted."""

    receipt: str
    work: Work | None


@dataclass(frozen=True)
class FailureQueue:
    """One dead-letter queue. `name` is its name in the template. Calls raise what botocore does."""

    sqs: Any
    name: str
    url: str

    def count(self) -> int:
        """About how many messages wait, those that somebody has taken among them."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)

    def batches(self) -> Iterator[list[Letter]]:
        """The messages, each once, until the queue gives no new one."""
        seen: set[str] = set()
        while True:
            answer = self.sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=BATCH,
                VisibilityTimeout=HIDDEN_SECONDS,
                WaitTimeSeconds=WAIT_SECONDS,
            )
            new = [one for one in answer.get("Messages", []) if one["MessageId"] not in seen]
            if not new:
                return
            seen |= {one["MessageId"] for one in new}
            yield [Letter(one["ReceiptHandle"], work_of(one["Body"])) for one in new]

    def delete(self, letter: Letter) -> None:
        """Its work is done."""
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=letter.receipt)


def failure_queues(
    *, stack: str | None, partnership: str | None, local: bool
) -> list[FailureQueue]:
    """The queues of an instance. Raises `Unreached`, or what botocore raises."""
    name = stack_name(stack=stack, partnership=partnership, local=local)
    return queues_of(client("cloudformation"), client("sqs"), name)


def queues_of(cloudformation: Any, sqs: Any, stack: str) -> list[FailureQueue]:
    """The queues of a stack, page by page: a description stops at 100 resources."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return [
        FailureQueue(sqs, one["LogicalResourceId"], one["PhysicalResourceId"])
        for page in pages
        for one in page["StackResourceSummaries"]
        if one["ResourceType"] == QUEUE and one["LogicalResourceId"].endswith(ENDING)
    ]
