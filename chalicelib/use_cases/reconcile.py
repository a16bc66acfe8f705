"""Put right whatever was left undone. A healthy run reads nothing."""

from collections import Counter

from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.ports import Services

# A run must end well within its function's time; what is left is found by the next run.
BATCH = 50
RAISED = "raised"


def reconcile(deps: Services) -> dict[str, int]:
    """Perform every overdue delivery: never started, left by a dead worker, or to be retried.

    Reminders are among them: one that is unsent ten minutes after its time is sent here, so a lost
    schedule loses no reminder. Gives what was `found`, what of it is now `sent`, `waiting`,
    `failed` or `cancelled`, what `raised` an error of the store or of ours, and how many deliveries
    a person must look at (`needs_person`, at most `BATCH`).
    """
    due = deps.outbox.due(now=deps.clock.now(), limit=BATCH)
    outcomes = Counter(_tried(deps, delivery_id) for delivery_id in due)
    return {
        "found": len(due),
        "sent": outcomes[Outcome.SENT],
        "waiting": outcomes[Outcome.WAITING],
        "failed": outcomes[Outcome.FAILED],
        "cancelled": outcomes[Outcome.CANCELLED],
        "raised": outcomes[RAISED],
        "needs_person": len(deps.outbox.failed(limit=BATCH)),
    }


def _tried(deps: Services, delivery_id: str) -> str:
    try:
        return deliver(deps, delivery_id)
    except Exception:  # the job's boundary: one bad row must never hold back the others
        return RAISED
