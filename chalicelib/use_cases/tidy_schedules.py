"""Compare Scheduler's schedules with the reminders that wait, and put right what differs."""

from chalicelib.referrals.delivery import LIVE, Delivery
from chalicelib.referrals.reference import reminder_of_schedule, schedule_name
from chalicelib.use_cases.deliver import SCHEDULE_NOTICE
from chalicelib.use_cases.ports import Services, Unreadable

# More deliveries than a partnership ever has waiting.
MOST = 20_000


def tidy_schedules(deps: Services) -> dict[str, int]:
    """Make what is missing, remove what belongs to no waiting reminder: `made`, `removed`.

    Reminders are sent in time without it, by reconcile: this keeps the two lists from drifting
    apart. Whatever differs is read again before anything is done. Raises `ScheduleFailed`,
    `StoreBusy`.
    """
    if deps.settings.suspended:
        return {"made": 0, "removed": 0}
    listed = set(deps.schedules.names())
    reminders = [one for one in deps.outbox.waiting(limit=MOST) if "/" in one]
    waiting = {_name_of(delivery_id): delivery_id for delivery_id in reminders}
    missing = [waiting[name] for name in sorted(waiting.keys() - listed)]
    return {
        "made": sum(_make(deps, delivery_id) for delivery_id in missing),
        "removed": sum(_remove(deps, name) for name in sorted(listed - waiting.keys())),
    }


def _name_of(delivery_id: str) -> str:
    reference, _, reminder = delivery_id.partition("/")
    return schedule_name(reference, reminder)


def _make(deps: Services, delivery_id: str) -> bool:
    row = _waiting_row(deps, delivery_id)
    if row is None or row.at is None or row.at <= deps.clock.now() + SCHEDULE_NOTICE:
        return False
    reference, _, reminder = delivery_id.partition("/")
    name = _name_of(delivery_id)
    deps.schedules.put(name, at=row.at, reference=reference, reminder=reminder)
    return True


def _remove(deps: Services, name: str) -> bool:
    delivery_id = reminder_of_schedule(name)
    if delivery_id is not None and _waiting_row(deps, delivery_id) is not None:
        return False
    deps.schedules.remove(name)
    return True


def _waiting_row(deps: Services, delivery_id: str) -> Delivery | None:
    try:
        row = deps.outbox.find(delivery_id)
    except Unreadable:  # it is told of elsewhere, and what it needs is not known
        return None
    return row if row is not None and row.state in LIVE else None
