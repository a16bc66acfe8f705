"""After a restore: say what had been sent before, so that it is not sent again."""

from datetime import datetime

from chalicelib.referrals.delivery import Delivery, Kind
from chalicelib.use_cases.chase_deadline import plan_next_chase
from chalicelib.use_cases.ports import Services

MOST = 20_000


def assume_sent_before(deps: Services, failed_at: datetime) -> int:
    """Take every email that was due before the failure as sent; how many there were.

    The restored table still says that they wait. What makes schedules is left to be done again:
    that does no harm, and a restored case needs its schedules. A reminder of a late deadline leaves
    its successor behind as if it had been sent. Done while sending is suspended. Raises
    `StoreBusy`.
    """
    count = 0
    for delivery_id in deps.outbox.waiting(limit=MOST):
        row = deps.outbox.find(delivery_id)
        if row is None or row.kind is Kind.SCHEDULES or _due_at(row) > failed_at:
            continue
        plan_next_chase(deps, row)
        count += deps.outbox.assume_sent(delivery_id, now=deps.clock.now())
    return count


def _due_at(row: Delivery) -> datetime:
    return row.at or row.check_at
