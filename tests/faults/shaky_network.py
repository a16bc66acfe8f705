"""Persons go through the whole form while one in twenty AWS calls fails, one way or another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from chalicelib.use_cases.tidy_schedules import tidy_schedules
from tests.faults.audit import audit
from tests.faults.calls import AFTER, DEATHS, Call, Manner
from tests.faults.figures import Figures
from tests.faults.people import Agency, Browser, GaveUp, staff
from tests.faults.scenarios import put_right
from tests.faults.world import Wires, World, new_world, silence
from tests.unit.web.conftest import minimum

RATE = 0.05
_FAULTS: Sequence[Manner] = (
    Manner.THROTTLED,
    Manner.BROKEN,
    Manner.TIMED_OUT,
    Manner.CUT,
)
# Of all faults, those that go on through every attempt of a call, and those that end the worker.
_STUBBORN = 0.5
_DEADLY = 0.1


@dataclass
class Shaky:
    """Strikes attempts of calls at random, or a call with all its attempts."""

    random: Random
    rate: float = RATE
    _stubborn: dict[str, Manner] = field(default_factory=dict)

    def __call__(self, call: Call) -> Manner | None:
        if call.id in self._stubborn:
            return self._stubborn[call.id]
        if self.random.random() >= self.rate:
            return None
        if self.random.random() < _DEADLY:
            return self.random.choice(sorted(DEATHS))
        manner = self.random.choice(_FAULTS)
        if self.random.random() < _STUBBORN:
            self._stubborn[call.id] = manner
        return manner


def shaky_network(url: str, *, people: int, seed: int = 5) -> Figures:
    """Figures of so many persons, one in four of them an agency's system."""
    figures = Figures(
        "5% of all AWS calls fail, on DynamoDB Local, and every event comes at times twice"
    )
    with silence():
        world = new_world(Wires.as_deployed(url), seed)
        put_right(world)
        _repeat_events(world)
        browsers = [Browser(world) for _ in range(people)]
        with world.calls.counted(Shaky(world.random)):
            for number, browser in enumerate(browsers):
                figures.problems += _notify(world, browser, number)
                world.settle(minutes=world.random.randrange(30))
            # Over the first reminders, and those of what is late.
            world.settle(days=6)
        world.settle(hours=8)
        staff(world, lambda: tidy_schedules(world.services))
        found = audit(world, twice_allowed=_may_be_twice(world))
    _add(figures, world, browsers)
    figures.rows[0] = {**figures.rows[0], "emails": found.emails, "twice": found.twice}
    figures.problems += found.problems
    return figures


def _notify(world: World, browser: Browser, number: int) -> list[str]:
    form = "child" if number % 3 == 2 else "adult"
    try:
        if number % 4 == 3:
            Agency(world, browser.seen).notify(f"key-number-{number}", form)
        else:
            browser.fill_in(form, minimum(form))
            browser.notify(form)
    except GaveUp as error:
        return [f"person {number} gave up: {error}"]
    return []


def _repeat_events(world: World) -> None:
    def sometimes() -> bool:
        return world.random.random() < RATE

    world.stream.repeats = world.remind.repeats = world.scheduler.repeats = sometimes


def _may_be_twice(world: World) -> int:
    """How many faults lay between a message's acceptance and its record."""
    made = world.calls.made
    return sum(
        manner in AFTER
        if call.operation == "SendEmail"
        else call.number > 1 and made[call.number - 2] == "SendEmail"
        for call, manner in world.calls.struck
    )


def _add(figures: Figures, world: World, browsers: Sequence[Browser]) -> None:
    statuses = {status: sum(one.seen[status] for one in browsers) for status in (500, 502, 503)}
    textless = sum(one.textless for one in browsers)
    figures.add(
        people=len(browsers),
        calls=len(world.calls.made),
        faults=len(world.calls.struck),
        deaths=world.deaths,
        told_500=statuses[500],
        told_502=statuses[502],
        told_503=statuses[503],
        without_text=textless,
        shown=len(world.shown),
        stored=len(world.store.references()),
    )
    if not world.calls.struck:
        figures.problems.append("no call was struck: nothing was tried")
    if statuses[500]:
        figures.problems.append(f"{statuses[500]} times an error escaped to the last boundary")
    if textless:
        figures.problems.append(f"{textless} busy pages lost what was typed")
    if len(world.shown) != len(browsers):
        figures.problems.append(f"{len(browsers) - len(world.shown)} saw no reference")
