"""Every AWS call of every scenario fails once before it was carried out and once after it, as an
error and as the death of its worker; then things go on until all is quiet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.use_cases.tidy_schedules import tidy_schedules
from tests.faults.audit import Audit, audit, fingerprint, orphans
from tests.faults.calls import AFTER, Manner, Policy, Strike, nothing
from tests.faults.figures import Figures
from tests.faults.local_store import LocalStore
from tests.faults.people import GaveUp, staff
from tests.faults.scenarios import SCENARIOS, Scenario, put_right
from tests.faults.world import Wires, World, new_world, silence

MANNERS = (Manner.TIMED_OUT, Manner.CUT, Manner.DIES_BEFORE, Manner.DIES_AFTER)
# What a team whose mailbox is gone must be told of, as CloudWatch reads it.
_LOST = '"TeamMailboxLost":['


@dataclass(frozen=True)
class Run:
    """One run of a scenario: how it ended, and how to repeat it."""

    audit: Audit
    calls: tuple[str, ...]
    shown: int
    orphans: int
    twice_allowed: bool
    history: tuple[object, ...]
    alarms: int
    story: str


def strikes(calls: int, *, every: int = 1) -> Iterator[Strike]:
    """All, or one of each `every`, taking turns through the manners and the calls."""
    numbered = [(number, manner) for number in range(1, calls + 1) for manner in MANNERS]
    # A step that is no divisor of four meets every manner.
    return (Strike(*one) for one in numbered[::every])


def run(scenario: Scenario, wires: Wires, policy: Policy = nothing) -> Run:
    """One scenario with one policy of faults, and the time after it."""
    with silence() as printed:
        world = new_world(wires, **(scenario.settings or {}))
        if not scenario.new_instance:
            put_right(world)
        prepared = scenario.prepare(world)
        gave_up = ""
        try:
            with world.calls.counted(policy):
                scenario.act(world, prepared)
        except GaveUp as error:
            gave_up = f"gave up: {error}"
        world.settle(hours=2)
        untidy = orphans(world)
        staff(world, lambda: tidy_schedules(world.services))
        allowed = _between_acceptance_and_record(world)
        found = audit(world, twice_allowed=int(allowed) + scenario.twice)
        done = Run(
            audit=found,
            calls=tuple(world.calls.made),
            shown=len(world.shown),
            orphans=untidy,
            twice_allowed=allowed,
            history=tuple(fingerprint(world)),
            alarms=printed.getvalue().count(_LOST),
            story=f"{scenario.name}: {_story(world)}{gave_up}",
        )
        if isinstance(world.store, LocalStore):
            world.store.drop()
    return done


def every_call(
    wires: Wires, table: str, *, every: int = 1, scenarios: Sequence[Scenario] = SCENARIOS
) -> Figures:
    """Figures for each scenario. `every` of 3 makes a third of the runs."""
    figures = Figures(f"Every AWS call fails, before and after, as error and as death ({table})")
    for scenario in scenarios:
        clean = run(scenario, wires)
        figures.problems += _problems(clean, clean)
        if clean.audit.twice != scenario.twice:
            figures.problems.append(f"{scenario.name}: sent again {clean.audit.twice} times")
        runs = [run(scenario, wires, one) for one in strikes(len(clean.calls), every=every)]
        if not runs:
            figures.problems.append(f"{scenario.name}: no call was struck")
        for one in runs:
            figures.problems += _problems(one, clean)
        figures.add(
            scenario=scenario.name,
            calls=len(clean.calls),
            runs=len(runs),
            shown=sum(one.shown for one in runs),
            stored=sum(one.audit.referrals for one in runs),
            emails=sum(one.audit.emails for one in runs),
            twice=sum(one.audit.twice for one in runs),
            twice_allowed=sum(one.twice_allowed for one in runs),
            reminders_waiting=sum(one.audit.waiting for one in runs),
            schedules=sum(one.audit.schedules for one in runs),
            orphans_before_tidy=sum(one.orphans for one in runs),
        )
    return figures


def _problems(one: Run, clean: Run) -> list[str]:
    found = list(one.audit.problems)
    if "gave up" in one.story:
        found.append("it never worked")
    if one.history != clean.history:
        gone, new = set(clean.history) - set(one.history), set(one.history) - set(clean.history)
        found.append(
            f"another history: without {sorted(map(str, gone))}, with {sorted(map(str, new))}"
        )
    if one.alarms < clean.alarms:
        found.append(f"an alarm was lost: {one.alarms} of {clean.alarms}")
    return [f"{one.story}: {problem}" for problem in found]


def _between_acceptance_and_record(world: World) -> bool:
    """Whether the one fault lay where an accepted message could not be recorded."""
    for call, manner in world.calls.struck:
        if call.operation == "SendEmail":
            return manner in AFTER
        before = world.calls.made[call.number - 2] if call.number > 1 else ""
        return before == "SendEmail" and manner not in AFTER
    return False


def _story(world: World) -> str:
    return "; ".join(
        f"call {call.number} {call.operation} {manner.value}" for call, manner in world.calls.struck
    )
