"""After a restore: say what had been sent before, so that it is not sent again."""

from datetime import datetime

from chalicelib.referrals.delivery import Delivery, Kind
from chalicelib.use_cases.chase_deadline import plan_next_chase
from chalicelib.use_cases.ports import Services, Unreadable

MOST = 20_000
_LEFT_TO_DO = (Kind.SCHEDULES, Kind.DISPOSAL)


def assume_sent_before(deps: Services, failed_at: datetime) -> int:
    """Take every email that was due before the failure as sent; how many there were.

    The restored table still says that they wait. What makes schedules, or deletes a case, is left
    to be done again: that does no harm, and a restored case needs its schedules. A reminder of a
    late deadline leaves its successor behind as if it had been sent. Done while sending is
    suspended. Raises `StoreBusy`.
    """
    count = 0
    for row in due_before(deps, failed_at):
        plan_next_chase(deps, row)
        count += deps.outbox.assume_sent(row.id, now=deps.clock.now())
    return count


def due_before(deps: Services, failed_at: datetime) -> list[Delivery]:
    """The emails that wait and were due before the failure, but for rows that cannot be read:
    nothing sends those either. Raises `StoreBusy`."""
    rows = (_readable(deps, delivery_id) for delivery_id in deps.outbox.waiting(limit=MOST))
    return [
        row
        for row in rows
        if row is not None and row.kind not in _LEFT_TO_DO and _due_at(row) <= failed_at
    ]


def _readable(deps: Services, delivery_id: str) -> Delivery | None:
    try:
        return deps.outbox.find(delivery_id)
    except Unreadable:
        return None


def _due_at(row: Delivery) -> datetime:
    return row.at or row.check_at
