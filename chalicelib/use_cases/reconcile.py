"""Put right whatever was left undone. A healthy run reads nothing."""

from collections import Counter

from chalicelib.referrals.feedback import Feedback
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.ports import Services

# A run must end well within its function's time; what is left is found by the next run.
BATCH = 50
RAISED = "raised"


def reconcile(deps: Services) -> dict[str, int]:
    """Perform every overdue delivery: never started, left by a dead worker, or to be retried.

    Reminders are among them: one that is unsent ten minutes after its time is sent here, so a lost
    schedule loses no reminder. Gives what was `found`, what of it is now `sent`, `waiting`,
    `failed`, `cancelled` or `suspended`, what `raised` an error of the store, how many emails to
    the team nothing was heard of in time (`unconfirmed`, each counted once), and how many
    deliveries a person must look at (`needs_person`); the last two at most `BATCH`.
    """
    due = deps.outbox.due(now=deps.clock.now(), limit=BATCH)
    outcomes = Counter(_tried(deps, delivery_id) for delivery_id in due)
    tried = (
        Outcome.SENT,
        Outcome.WAITING,
        Outcome.FAILED,
        Outcome.CANCELLED,
        Outcome.SUSPENDED,
        RAISED,
    )
    return {
        "found": len(due),
        **{str(outcome): outcomes[outcome] for outcome in tried},
        "unconfirmed": _unconfirmed(deps),
        "needs_person": len(deps.outbox.needs_person(limit=BATCH)),
    }


def _tried(deps: Services, delivery_id: str) -> str:
    try:
        return deliver(deps, delivery_id)
    except Exception:  # the job's boundary: one bad row must never hold back the others
        return RAISED


def _unconfirmed(deps: Services) -> int:
    now = deps.clock.now()
    silent = deps.outbox.unconfirmed(now=now, limit=BATCH)
    return sum(
        deps.outbox.hear(delivery_id, Feedback.UNCONFIRMED, now=now) is not None
        for delivery_id in silent
    )
