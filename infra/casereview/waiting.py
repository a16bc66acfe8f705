"""What has not been delivered: which of it needs a person, which waits, what is only planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.bootstrap import Services
from chalicelib.referrals.delivery import RETRY_MINUTES, Delivery, Kind, State

# More deliveries than a partnership ever has waiting.
MOST = 20_000
# Whatever is being tried is looked at again within this; what is later is a reminder for its time.
LONGEST_WAIT = timedelta(minutes=max(RETRY_MINUTES))
FAILED, ESCALATED, UNCONFIRMED = "failed", "escalated", "unconfirmed"
WAITING, PLANNED = "waiting", "planned"
_UNDONE = (State.PENDING, State.SENDING)


@dataclass(frozen=True)
class Waiting:
    """Each list is longest first; `planned` counts reminders whose time has not come."""

    failed: tuple[Delivery, ...]
    escalated: tuple[Delivery, ...]
    unconfirmed: tuple[Delivery, ...]
    waiting: tuple[Delivery, ...]
    planned: int

    def needing_a_person(self) -> tuple[tuple[str, Delivery], ...]:
        """Each with why."""
        return (
            *((FAILED, one) for one in self.failed),
            *((ESCALATED, one) for one in self.escalated),
            *((UNCONFIRMED, one) for one in self.unconfirmed),
        )

    def counts(self) -> Counter[str]:
        """How many there are of each."""
        counts = Counter(why for why, _ in self.needing_a_person())
        counts |= Counter({WAITING: len(self.waiting), PLANNED: self.planned})
        return counts


def survey(deps: Services) -> Waiting:
    """Everything undelivered, read one by one. Raises `StoreBusy`."""
    now = deps.clock.now()
    stuck = _rows(deps, deps.outbox.needs_person(limit=MOST))
    silent = _rows(deps, deps.outbox.unconfirmed(now=now, limit=MOST))
    waiting, planned = _waiting(deps, {row.id for row in stuck}, now)
    return Waiting(
        failed=_oldest_first(row for row in stuck if row.state is State.FAILED),
        escalated=_oldest_first(row for row in stuck if row.escalated and row.state in _UNDONE),
        unconfirmed=_oldest_first(row for row in silent if row.state is State.SENT),
        waiting=_oldest_first(waiting),
        planned=planned,
    )


def count_failed(deps: Services) -> int:
    """How many deliveries were given up. Raises `StoreBusy`."""
    stuck = _rows(deps, deps.outbox.needs_person(limit=MOST))
    return sum(row.state is State.FAILED for row in stuck)


def since(row: Delivery) -> datetime:
    """When it began to be as it is: its first failure, its end, or when it should have happened."""
    return row.waiting_since or row.done_at or row.at or row.check_at


def _waiting(deps: Services, known: Iterable[str], now: datetime) -> tuple[list[Delivery], int]:
    """What should have happened by now, and how many reminders are for later.

    The ids come by when they are looked at, so nothing of a long plan is read.
    """
    ids = [one for one in deps.outbox.waiting(limit=MOST) if one not in set(known)]
    found: list[Delivery] = []
    planned = 0
    for place, delivery_id in enumerate(ids):
        row = deps.outbox.find(delivery_id)
        if row is None or row.state not in _UNDONE:
            continue
        if row.check_at > now + LONGEST_WAIT:
            return found, planned + len(ids) - place
        if _is_planned(row, now):
            planned += 1
        else:
            found.append(row)
    return found, planned


def _is_planned(row: Delivery, now: datetime) -> bool:
    untouched = row.kind is Kind.REMINDER_EMAIL and not row.attempts
    return untouched and row.at is not None and row.at > now


def _rows(deps: Services, ids: Iterable[str]) -> list[Delivery]:
    found = (deps.outbox.find(delivery_id) for delivery_id in ids)
    return [row for row in found if row is not None]


def _oldest_first(rows: Iterable[Delivery]) -> tuple[Delivery, ...]:
    return tuple(sorted(rows, key=lambda row: (since(row), row.id)))
