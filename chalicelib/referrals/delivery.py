"""A delivery: one effect that must happen after a referral is stored, and its states.

pending -> sending -> sent
              |-> pending (to be tried again; a person is told when that has gone on for long)
              |-> failed (refused for good; a person must look)
any but sent -> cancelled (a reminder whose deadline moved or was closed)
sent -> failed (an email to the team that will never arrive; a person must look)
failed -> pending (a person had it tried again)
A person may also dismiss what failed, or what nothing was heard of: it stays as it is, and is no
longer told of.
`sending` is recorded before the effect and `sent` after it, so a worker that dies in between leaves
a lease that runs out, and the effect is done again: at least once, never lost.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.referrals.feedback import Feedback


class Kind(StrEnum):
    """What a delivery does."""

    TEAM_EMAIL = "team_email"
    RECEIPT_EMAIL = "receipt_email"
    SCHEDULES = "schedules"
    REMINDER_EMAIL = "reminder_email"
    DISPOSAL = "disposal"
    ADDED_EMAIL = "added_email"


class State(StrEnum):
    """Where a delivery is."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


# Still to be performed.
LIVE = frozenset({State.PENDING, State.SENDING})
TO_TEAM = frozenset({Kind.TEAM_EMAIL, Kind.REMINDER_EMAIL, Kind.ADDED_EMAIL})
LEASE = timedelta(minutes=5)
# The stream performs an outbox row within seconds; reconcile leaves it that long.
STREAM_GRACE = timedelta(minutes=1)
# Scheduler fires within a minute of its time; a reminder still unsent after this is overdue.
SCHEDULE_GRACE = timedelta(minutes=10)
# Waits in minutes between attempts, over five hours in all; then hourly, and a person is told.
RETRY_MINUTES = (1, 2, 5, 10, 20, 30, 60, 60, 60, 60)
PATIENCE = timedelta(minutes=sum(RETRY_MINUTES))
THROTTLED = timedelta(minutes=2)
# Failures that are recorded escalate by time. One whose attempts all end without a record (the row
# cannot be read, or kills its worker) has only this count: reconcile gets here within four hours.
MOST_UNRECORDED = 12
# A mail server that cannot be reached is tried by SES for hours; silence after this is odd.
CONFIRM_WITHIN = timedelta(hours=4)
# What stands for the message's id where that was never learned.
ASSUMED_SENT = "assumed sent"
HEARD_OF = "heard of"


@dataclass(frozen=True)
class Delivery:
    """One effect. A reminder's id is `<reference>/<reminder>`, any other's is random.

    `check_at` is when reconcile should look at it. `reminder` is a reminder's own id, which says
    whose deadline, due when, on which day. `attempts` counts leases; `code` is the last failure's
    code. `message_id` is of the message that was handed over, `lost_message` of one that was lost
    before it. `at` is when the referral was received (team email), when information was
    added, or when the reminder is due;
    `due_on` the deadline it tells. `waiting_since` is the first of the failures that it waits
    after, `escalated` that a person has been told; `feedback` what became of the email.
    """

    id: str
    kind: Kind
    reference: str
    stream: str
    check_at: datetime
    state: State = State.PENDING
    attempts: int = 0
    reminder: str | None = None
    label: str | None = None
    at: datetime | None = None
    due_on: date | None = None
    lease_until: datetime | None = None
    message_id: str | None = None
    done_at: datetime | None = None
    code: str | None = None
    waiting_since: datetime | None = None
    escalated: bool = False
    feedback: Feedback | None = None
    dismissed: bool = False
    lost_message: str | None = None


def reminder_delivery_id(reference: str, reminder: str) -> str:
    """The delivery id of a referral's reminder."""
    return f"{reference}/{reminder}"


def mail_tag(delivery_id: str) -> str:
    """A delivery's id as SES takes it in a tag: letters, digits and `-_.@` only."""
    return delivery_id.replace("/", ".").replace("#", "_")


def delivery_id_of(tag: str) -> str:
    """The delivery that a tag names: no reference, rule or random id has a dot or an underscore."""
    return tag.replace(".", "/").replace("_", "#")


def next_attempt(attempts: int, now: datetime) -> datetime:
    """When to try again after so many attempts failed: up the ladder, then hourly."""
    step = min(max(attempts, 1), len(RETRY_MINUTES))
    return now + timedelta(minutes=RETRY_MINUTES[step - 1])


def is_escalated(waiting_since: datetime, now: datetime) -> bool:
    """Whether it has failed for so long that a person must be told."""
    return now - waiting_since >= PATIENCE
