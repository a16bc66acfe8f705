"""Have everything tried again that was given up."""

from chalicelib.use_cases.ports import Services

BATCH = 100


def redrive(deps: Services) -> int:
    """Put every failed delivery back to be tried, by reconcile's next run; how many there were.

    Escalated ones are being tried anyway. Raises `StoreBusy`.
    """
    now = deps.clock.now()
    return sum(
        deps.outbox.rearm(delivery_id, now=now)
        for delivery_id in (
            *deps.outbox.needs_person(limit=BATCH),
            *deps.outbox.failed_receipts(limit=BATCH),
        )
    )
