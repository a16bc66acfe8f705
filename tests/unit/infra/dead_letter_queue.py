"""A queue of SQS as far as the command uses one, and the messages that AWS puts on it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.casereview.dead_letters import FailureQueue

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def letter(name: str) -> dict[str, Any]:
    """One of tests/fixtures/dead_letters."""
    text = (FIXTURES / "dead_letters" / f"{name}.json").read_text(encoding="utf-8")
    message: dict[str, Any] = json.loads(text)
    return message


def news(name: str, delivery: str) -> dict[str, Any]:
    """An event of tests/fixtures/mail_events about this delivery, as a rule could not hand over."""
    text = (FIXTURES / "mail_events" / f"{name}.json").read_text(encoding="utf-8")
    event = json.loads(text)
    event["detail"]["mail"]["tags"]["delivery_id"] = [delivery]
    return message(json.dumps(event))


def message(body: str) -> dict[str, Any]:
    """A message with this body."""
    return {"MessageId": body, "ReceiptHandle": f"receipt of {body}", "Body": body}


@dataclass
class FakeSqs:
    """One queue. What was received stays hidden until `show_again`; 10 at most come at a time."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        hidden = sum(one["MessageId"] in self.hidden for one in self.messages)
        counts = {
            "ApproximateNumberOfMessages": str(len(self.messages) - hidden),
            "ApproximateNumberOfMessagesNotVisible": str(hidden),
        }
        return {"Attributes": {name: counts[name] for name in AttributeNames}}

    def receive_message(
        self, *, QueueUrl: str, MaxNumberOfMessages: int, VisibilityTimeout: int, **_: int
    ) -> dict[str, Any]:
        assert VisibilityTimeout > 0
        shown = [one for one in self.messages if one["MessageId"] not in self.hidden]
        given = shown[: min(MaxNumberOfMessages, 10)]
        self.hidden |= {one["MessageId"] for one in given}
        return {"Messages": given} if given else {}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:
        self.messages = [one for one in self.messages if one["ReceiptHandle"] != ReceiptHandle]

    def show_again(self) -> None:
        self.hidden.clear()


def queue_of(name: str, *messages: dict[str, Any]) -> FailureQueue:
    return FailureQueue(FakeSqs(list(messages)), name, f"https://sqs.example/{name}")
