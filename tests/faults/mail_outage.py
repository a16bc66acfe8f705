"""SES takes nothing for a day, in each of the ways in which it may; then it is well again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from chalicelib.adapters.aws import MAIL_TIMEOUT
from chalicelib.use_cases.submit_referral import submit_document
from tests.faults.audit import audit
from tests.faults.clock import START
from tests.faults.figures import Figures
from tests.faults.mail_rules import Mood
from tests.faults.people import key_id
from tests.faults.scenarios import put_right
from tests.faults.world import Wires, World, new_world, silence
from tests.unit.use_cases.instance import ANSWERS

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
BEGINS, ENDS = START + HOUR, START + HOUR + DAY
AFTERWARDS = timedelta(hours=8)
# Seconds that a call takes when the service does not answer.
_HANGS_FOR = float(MAIL_TIMEOUT)


def mail_outage(wires: Wires, *, referrals: int) -> Figures:
    """Figures of each kind of outage; a referral comes every so often, before, during and after."""
    figures = Figures("SES is down for 24 hours, on a clock that is moved")
    for mood in (Mood.UNAVAILABLE, Mood.THROTTLED, Mood.HANGING):
        with silence():
            _run(figures, new_world(wires), mood, referrals)
    return figures


def _run(figures: Figures, world: World, mood: Mood, referrals: int) -> None:
    put_right(world)
    world.ticker.all_until = ENDS + AFTERWARDS
    world.mail.hangs_for = _HANGS_FOR
    for number in range(referrals):
        # The first comes an hour before it begins, the last an hour after it has ended.
        _run_to(world, START + (DAY + 2 * HOUR) * number / max(1, referrals - 1), mood)
        _submit(world, number)
    _run_to(world, ENDS + AFTERWARDS, mood)
    found = audit(world)
    told = [(at, counts["needs_person"]) for at, counts in world.heartbeats]
    first = min((at for at, count in told if count), default=None)
    figures.add(
        outage=mood.value,
        referrals=found.referrals,
        refused=world.mail.refused,
        timed_out=world.deaths,
        most_found=max(counts["found"] for _, counts in world.heartbeats),
        longest_silence=_minutes(_longest_gap([at for at, _ in told])),
        person_told_after="never" if first is None else _minutes(first - BEGINS),
        told_at_most=max(count for _, count in told),
        told_at_the_end=told[-1][1],
        emails=found.emails,
        twice=found.twice,
        all_delivered_after=_minutes(_last_late(world)),
    )
    figures.problems += [f"{mood.value}: {one}" for one in (*found.problems, *_wrong(world, told))]


def _run_to(world: World, until: datetime, mood: Mood) -> None:
    """Let time pass, with the outage beginning and ending on its way."""
    for at, following in ((BEGINS, mood), (ENDS, Mood.WELL)):
        if world.clock.now() < at <= until:
            world.run(at)
            world.mail.mood = following
    world.run(until)


def _wrong(world: World, told: list[tuple[datetime, int]]) -> Iterator[str]:
    if not any(count for _, count in told):
        yield "nobody was told"
    if told[-1][1]:
        yield "a person is still told when all is delivered"
    if any(BEGINS < one.at < ENDS for one in world.mail.accepted):
        yield "something was accepted during the outage"


def _longest_gap(times: list[datetime]) -> timedelta:
    return max(after - before for before, after in pairwise(times))


def _last_late(world: World) -> timedelta:
    """When the last email of before the end was accepted, after the end."""
    late = [one.at - ENDS for one in world.mail.accepted if one.at >= ENDS]
    return max(late, default=timedelta())


def _minutes(time: timedelta) -> str:
    return f"{time.total_seconds() / 60:.0f} min"


def _submit(world: World, number: int) -> None:
    key, form = f"key-{number:06d}", "child" if number % 3 == 2 else "adult"
    services = world.services
    receipt, _ = submit_document(services, services.forms[form], ANSWERS[form], key)
    world.shown[key_id(key)] = receipt.reference
