"""What has not been delivered: which of it needs a person, which waits, what is only planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.bootstrap import Services
from chalicelib.referrals.delivery import RETRY_MINUTES, Delivery, Kind, State
from chalicelib.referrals.disposal_steps import standing_approval
from chalicelib.use_cases.ports import Unreadable

# More deliveries than a partnership ever has waiting.
MOST = 20_000
# Whatever is being tried is looked at again within this; what is later is a reminder for its time.
LONGEST_WAIT = timedelta(minutes=max(RETRY_MINUTES))
FAILED, ESCALATED, UNCONFIRMED = "failed", "escalated", "unconfirmed"
UNREADABLE, RECEIPTS = "unreadable", "receipts"
WAITING, PLANNED = "waiting", "planned"
_UNDONE = (State.PENDING, State.SENDING)


@dataclass(frozen=True)
class Waiting:
    """Each list is longest first; `planned` counts reminders whose time has not come.

    `unreadable` has the ids of rows that this version of the code cannot read.
    """

    failed: tuple[Delivery, ...]
    escalated: tuple[Delivery, ...]
    unconfirmed: tuple[Delivery, ...]
    waiting: tuple[Delivery, ...]
    planned: int
    receipts: tuple[Delivery, ...] = ()
    unreadable: tuple[str, ...] = ()

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
        return counts | Counter(
            {
                WAITING: len(self.waiting),
                PLANNED: self.planned,
                RECEIPTS: len(self.receipts),
                UNREADABLE: len(self.unreadable),
            }
        )

    def that_can_be_given_up(self, reference: str) -> tuple[tuple[str, Delivery], ...]:
        """Those of a referral, each with why."""
        why = {FAILED: self.failed, UNCONFIRMED: self.unconfirmed, RECEIPTS: self.receipts}
        return tuple(
            (name, row) for name, rows in why.items() for row in rows if row.reference == reference
        )


def survey(deps: Services) -> Waiting:
    """Everything undelivered, read one by one. Raises `StoreBusy`."""
    now = deps.clock.now()
    unreadable: set[str] = set()
    stuck_ids = deps.outbox.needs_person(limit=MOST)
    stuck = _rows(deps, stuck_ids, unreadable)
    silent = _rows(deps, deps.outbox.unconfirmed(now=now, limit=MOST), unreadable)
    receipts = _rows(deps, deps.outbox.failed_receipts(limit=MOST), unreadable)
    waiting, planned = _waiting(deps, stuck_ids, now, unreadable)
    return Waiting(
        failed=_oldest_first(row for row in stuck if row.state is State.FAILED),
        escalated=_oldest_first(row for row in stuck if row.escalated and row.state in _UNDONE),
        unconfirmed=_oldest_first(row for row in silent if row.state is State.SENT),
        waiting=_oldest_first(waiting),
        planned=planned,
        receipts=_oldest_first(receipts),
        unreadable=tuple(sorted(unreadable)),
    )


def disposals(deps: Services) -> tuple[Delivery, ...]:
    """The deletions of cases that an approval stands for, also while it can be taken back: oldest
    first. Raises `StoreBusy`."""
    # An id with a stroke is that of a reminder: nothing of a long plan is read.
    ids = (one for one in deps.outbox.waiting(limit=MOST) if "/" not in one)
    rows = _rows(deps, ids, set())
    return _oldest_first(row for row in rows if row.kind is Kind.DISPOSAL and _stands(deps, row))


def _stands(deps: Services, row: Delivery) -> bool:
    case = deps.cases.find(row.reference)
    approval = None if case is None else standing_approval(case)
    return approval is not None and approval.id == row.id


def count_failed(deps: Services) -> int:
    """How many deliveries failed for good, receipts among them. Raises `StoreBusy`."""
    stuck = _rows(deps, deps.outbox.needs_person(limit=MOST), set())
    failed = sum(row.state is State.FAILED for row in stuck)
    return failed + len(deps.outbox.failed_receipts(limit=MOST))


def since(row: Delivery) -> datetime:
    """When it began to be as it is: its first failure, its end, or when it should have happened."""
    return row.waiting_since or row.done_at or row.at or row.check_at


def _waiting(
    deps: Services, known: Iterable[str], now: datetime, unreadable: set[str]
) -> tuple[list[Delivery], int]:
    """What should have happened by now, and how many reminders are for later.

    The ids come by when they are looked at, so nothing of a long plan is read.
    """
    ids = [one for one in deps.outbox.waiting(limit=MOST) if one not in set(known)]
    found: list[Delivery] = []
    planned = 0
    for place, delivery_id in enumerate(ids):
        row = _row(deps, delivery_id, unreadable)
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


def _rows(deps: Services, ids: Iterable[str], unreadable: set[str]) -> list[Delivery]:
    found = (_row(deps, delivery_id, unreadable) for delivery_id in ids)
    return [row for row in found if row is not None]


def _row(deps: Services, delivery_id: str, unreadable: set[str]) -> Delivery | None:
    """None when there is none, or when it is of a shape that this code does not know."""
    try:
        return deps.outbox.find(delivery_id)
    except Unreadable:
        unreadable.add(delivery_id)
        return None


def _oldest_first(rows: Iterable[Delivery]) -> tuple[Delivery, ...]:
    return tuple(sorted(rows, key=lambda row: (since(row), row.id)))
