"""AWS's rules for SES: it accepts a message, or does not, and the answer may be lost either way."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from botocore.exceptions import ReadTimeoutError

from tests.faults.clock import Clock
from tests.faults.wire import Answered, Asked

_TAG = re.compile(r"[A-Za-z0-9_\-.@]{1,256}")
MOST_RECIPIENTS = 50


class Mood(StrEnum):
    """How the service takes messages just now."""

    WELL = "well"
    UNAVAILABLE = "unavailable"
    THROTTLED = "throttled"
    HANGING = "hanging"
    REFUSING = "refusing"


_REFUSALS = {
    Mood.UNAVAILABLE: Answered(503, error="ServiceUnavailableException"),
    Mood.THROTTLED: Answered(429, error="TooManyRequestsException"),
    Mood.REFUSING: Answered(400, error="MessageRejected"),
}


@dataclass(frozen=True)
class Accepted:
    """A message that SES will send."""

    tag: str
    to: tuple[str, ...]
    subject: str
    at: datetime


@dataclass
class MailRules:
    """One account.

    `hangs_for` is how many seconds an attempt takes while it is hanging; `report` is told the tag
    of each message that was accepted.
    """

    clock: Clock
    mood: Mood = Mood.WELL
    hangs_for: float = 5.0
    accepted: list[Accepted] = field(default_factory=list)
    refused: int = 0
    report: Callable[[str], None] = lambda _: None

    def __call__(self, asked: Asked) -> Answered:
        """What the service answers."""
        assert asked.operation == "SendEmail", asked.operation
        body = asked.body
        tags = {tag["Name"]: tag["Value"] for tag in body.get("EmailTags", [])}
        to = tuple(body["Destination"]["ToAddresses"])
        if not all(_TAG.fullmatch(value) for value in tags.values()) or len(to) > MOST_RECIPIENTS:
            return Answered(400, error="BadRequestException")
        if self.mood is not Mood.WELL:
            self.refused += 1
            if self.mood is Mood.HANGING:
                self.clock.spend(self.hangs_for)
                raise ReadTimeoutError(endpoint_url="http://sesv2.invalid")
            return _REFUSALS[self.mood]
        subject = body["Content"]["Simple"]["Subject"]["Data"]
        self.accepted.append(Accepted(tags["delivery_id"], to, subject, self.clock.now()))
        self.report(tags["delivery_id"])
        return Answered(body={"MessageId": f"message-{len(self.accepted)}"})

    def count(self) -> Counter[str]:
        """How many messages were accepted for each tag."""
        return Counter(one.tag for one in self.accepted)
