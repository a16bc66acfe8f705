"""The failure domains of reminders and rows: each has its queue, and reconcile does the rest."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.referrals.delivery import State
from tests.faults.audit import audit
from tests.faults.calls import Call, Manner
from tests.faults.figures import Figures
from tests.faults.scenarios import delivered, put_right, stored
from tests.faults.scheduler_rules import HandOverRefused
from tests.faults.world import Wires, World, new_world, silence

# The first reminder of a referral of that Friday.
FIRST = datetime(2026, 11, 23, 9, tzinfo=UTC)


def dead_letters(wires: Wires) -> Figures:
    """Figures of each domain: what its queue got, and what became of the effect all the same."""
    figures = Figures("Dead letters: who is told, and that it is done all the same")
    domains: list[tuple[str, Callable[[World], list[dict[str, Any]]]]] = [
        ("Scheduler cannot hand over", _not_handed_over),
        ("Remind cannot read the table", _remind_fails),
        ("Deliver cannot read the table", _deliver_fails),
    ]
    for name, break_it in domains:
        with silence():
            world = new_world(wires)
            put_right(world)
            letters = break_it(world)
            world.settle(hours=3)
            # The letters are what was expected; nothing else may be left.
            found = [one for one in audit(world).problems if "dead letters" not in one]
        figures.add(
            domain=name,
            letters=len(letters),
            emails=len(world.mail.count()),
            problems=len(found),
        )
        figures.problems += [f"{name}: {one}" for one in (*found, *_wrong(letters))]
    return figures


def _not_handed_over(world: World) -> list[dict[str, Any]]:
    """Lambda takes no event for two hours: longer than a schedule tries."""
    reference = delivered(world)
    accept, ends = world.remind.accept, FIRST + timedelta(hours=2)

    def refuse(payload: Mapping[str, Any]) -> None:
        if world.clock.now() < ends:
            raise HandOverRefused
        accept(payload)

    world.scheduler.hand_over = refuse
    world.run(ends)
    assert _is_sent(world, reference)
    return world.scheduler.dead_letters


def _remind_fails(world: World) -> list[dict[str, Any]]:
    """The table is throttled for ten minutes from the reminder's time on."""
    reference = delivered(world)
    world.run(FIRST - timedelta(minutes=1))
    with world.calls.counted(_throttled):
        world.settle(minutes=11)
    world.settle(minutes=30)
    assert _is_sent(world, reference)
    return world.remind.given_up


def _deliver_fails(world: World) -> list[dict[str, Any]]:
    """The table is throttled for half an hour after a referral was stored."""
    stored(world)
    with world.calls.counted(_throttled):
        world.settle(minutes=30)
    return world.stream.given_up


def _throttled(call: Call) -> Manner:
    return Manner.THROTTLED


def _is_sent(world: World, reference: str) -> bool:
    rows = [row for row in world.store.deliveries() if row.at == FIRST]
    return bool(rows) and all(row.state is State.SENT for row in rows if row.reference == reference)


def _wrong(letters: list[dict[str, Any]]) -> list[str]:
    found = [] if letters else ["no dead letter"]
    if "Canary" in str(letters):
        found.append("a dead letter holds an answer")
    return found
