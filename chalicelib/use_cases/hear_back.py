"""Hear what became of an email, from the mail service's events."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.referrals.delivery import TO_TEAM, Delivery
from chalicelib.referrals.feedback import Feedback
from chalicelib.use_cases.ports import Services


@dataclass(frozen=True)
class MailEvent:
    """One event: which delivery, what, and when it happened. Addresses are not kept.

    `whole` says that it is about all the addresses that the email went to; `message_id` is the mail
    service's own id of it, None when the event has none.
    """

    delivery: str
    feedback: Feedback
    at: datetime
    whole: bool = True
    message_id: str | None = None


class Heard(StrEnum):
    """What came of an event: safe to log."""

    RECORDED = "recorded"
    NOTHING_NEW = "nothing new"
    MAILBOX_LOST = "mailbox lost"
    MAILBOX_FOUND = "mailbox found"


def hear_back(
    deps: Services, event: MailEvent, tell_lost: Callable[[str], None] = lambda _: None
) -> Heard:
    """Record an event. Safe to repeat, in any order. Raises `StoreBusy`, and what `tell_lost` does.

    `MAILBOX_LOST` is said once: when the team's mailbox takes no email any more, and not again
    until one has arrived since. `tell_lost` is then called with the stream, before the event counts
    as recorded: told twice, when what follows fails, rather than never.
    """
    before = deps.outbox.find(event.delivery)
    if before is None or _is_of_an_earlier_message(event, before):
        return Heard.NOTHING_NEW
    # The mailbox first: an event that is tried again must still find its news.
    mailbox = _mailbox(deps, event, before)
    now = deps.clock.now()
    if event.feedback.lost and before.kind in TO_TEAM and _is_news(event, before):
        # Whoever mends the mailbox has it sent again; until then it needs a person.
        deps.outbox.mark_lost(event.delivery, now=now, code=event.feedback.value)
    if mailbox is Heard.MAILBOX_LOST:
        tell_lost(before.stream)
    after = deps.outbox.hear(event.delivery, event.feedback, now=now)
    return mailbox or (Heard.NOTHING_NEW if after is None else Heard.RECORDED)


def _is_of_an_earlier_message(event: MailEvent, delivery: Delivery) -> bool:
    """Whether it says again that a message was lost, which has since been sent once more."""
    return event.message_id is not None and event.message_id == delivery.lost_message


def _mailbox(deps: Services, event: MailEvent, delivery: Delivery) -> Heard | None:
    """What the event says of the team's mailbox, where that is news."""
    if delivery.kind not in TO_TEAM or not _is_news(event, delivery):
        return None
    if event.feedback.lost and deps.mailboxes.lost(delivery.stream, at=event.at, by=event.delivery):
        return Heard.MAILBOX_LOST
    # One of several mailboxes that works does not find the one that is lost.
    arrived = event.feedback is Feedback.DELIVERED and event.whole
    if arrived and deps.mailboxes.found(delivery.stream, at=event.at):
        return Heard.MAILBOX_FOUND
    return None


def _is_news(event: MailEvent, delivery: Delivery) -> bool:
    return delivery.feedback is None or event.feedback.rank > delivery.feedback.rank
