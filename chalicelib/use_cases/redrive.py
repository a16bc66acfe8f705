"""Have everything tried again that was given up."""

from chalicelib.use_cases.ports import Services

BATCH = 100


def redrive(deps: Services, *, silent: bool = False) -> int:
    """Put every failed delivery back to be tried, by reconcile's next run; how many there were.

    With `silent`, emails to the team of which nothing was heard too. Escalated ones are being tried
    anyway. Raises `StoreBusy`.
    """
    now = deps.clock.now()
    again = [*deps.outbox.needs_person(limit=BATCH), *deps.outbox.failed_receipts(limit=BATCH)]
    if silent:
        again += deps.outbox.unconfirmed(now=now, limit=BATCH)
    return sum(deps.outbox.rearm(delivery_id, now=now) for delivery_id in again)
