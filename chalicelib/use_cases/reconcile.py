"""Put right whatever was left undone. A healthy run reads nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from chalicelib.referrals.feedback import Feedback
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.ports import Services, StoreBusy

# A run must end well within its function's time; what is left is found by the next run.
BATCH = 50
# Of the function's five minutes; one call may take half a minute more.
BUDGET = timedelta(seconds=75)
RAISED = "raised"


def reconcile(
    deps: Services, tell_raised: Callable[[str, Exception], None] = lambda *_: None
) -> dict[str, int]:
    """Perform every overdue delivery: never started, left by a dead worker, or to be retried.

    Reminders are among them: one that is unsent ten minutes after its time is sent here, so a lost
    schedule loses no reminder. Gives what was `found`, what of it is now `sent`, `waiting`,
    `failed`, `cancelled` or `suspended`, what `raised` (an error of the store, or a row that cannot
    be read: `tell_raised` is given its delivery and the error), how many emails to the team nothing
    was heard of in time (`unconfirmed`, until `note_silence`), and how many deliveries a person
    must look at (`needs_person`); the last two at most `BATCH`.
    """
    started = deps.clock.now()
    due = deps.outbox.due(now=started, limit=BATCH)
    outcomes: Counter[str] = Counter()
    for delivery_id in due:
        # What a service that hangs leaves undone is the next run's: this one must still be counted.
        if deps.clock.now() - started > BUDGET:
            break
        outcomes[_tried(deps, delivery_id, tell_raised)] += 1
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
        "unconfirmed": len(deps.outbox.newly_silent(now=deps.clock.now(), limit=BATCH)),
        "needs_person": len(deps.outbox.needs_person(limit=BATCH)),
    }


def _tried(deps: Services, delivery_id: str, tell_raised: Callable[[str, Exception], None]) -> str:
    try:
        return deliver(deps, delivery_id)
    except Exception as error:  # the job's boundary: one bad row must never hold back the others
        tell_raised(delivery_id, error)
        return RAISED


def note_silence(deps: Services) -> None:
    """Record of which emails nothing was heard in time: they are told of once.

    After a person was told, so that nothing that fails in between keeps it from them. Raises
    `StoreBusy` once all others are recorded.
    """
    now = deps.clock.now()
    busy = 0
    for delivery_id in deps.outbox.newly_silent(now=now, limit=BATCH):
        try:
            deps.outbox.hear(delivery_id, Feedback.UNCONFIRMED, now=now)
        except StoreBusy:  # it is still silent, and told of by the next run
            busy += 1
    if busy:
        raise StoreBusy
