"""A delivery: one effect that must happen after a referral is stored, and its states.

pending -> sending -> sent
              |-> pending (to be tried again)
              |-> failed (refused for good, or given up; a person must look)
any but sent -> cancelled (a reminder whose deadline moved or was closed)
`sending` is recorded before the effect and `sent` after it, so a worker that dies in between leaves
a lease that runs out, and the effect is done again: at least once, never lost.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a delivery does."""

    TEAM_EMAIL = "team_email"
    RECEIPT_EMAIL = "receipt_email"
    SCHEDULES = "schedules"
    REMINDER_EMAIL = "reminder_email"


class State(StrEnum):
    """Where a delivery is."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


LEASE = timedelta(minutes=5)
# The stream performs an outbox row within seconds; reconcile leaves it that long.
STREAM_GRACE = timedelta(minutes=1)
# Scheduler fires within a minute of its time; a reminder still unsent after this is overdue.
SCHEDULE_GRACE = timedelta(minutes=10)
# Waits in minutes between attempts, over five hours in all; then a person must look.
RETRY_MINUTES = (1, 2, 5, 10, 20, 30, 60, 60, 60, 60)


@dataclass(frozen=True)
class Delivery:
    """One effect. A reminder's id is `<reference>/<reminder>`, any other's is random.

    `check_at` is when reconcile should look at it. `reminder` is a reminder's own id, which says
    whose deadline, due when, on which day. `attempts` counts leases; `code` is the last failure's
    code. `at` is when the referral was received (team email) or when the reminder is due; `due_on`
    the deadline it tells.
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


def reminder_delivery_id(reference: str, reminder: str) -> str:
    """The delivery id of a referral's reminder."""
    return f"{reference}/{reminder}"


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` tries; None when it is time to give up."""
    if attempts > len(RETRY_MINUTES):
        return None
    return now + timedelta(minutes=RETRY_MINUTES[max(attempts, 1) - 1])
