"""The table is lost and comes back as it was a day before; sending is suspended, then resumed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.referrals.delivery import Kind
from chalicelib.referrals.reminders import rule_of
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.resume_sending import assume_sent_before
from chalicelib.use_cases.submit_referral import submit_document
from chalicelib.use_cases.tidy_schedules import tidy_schedules
from tests.faults.audit import audit
from tests.faults.figures import Figures
from tests.faults.people import key_id, staff
from tests.faults.scenarios import put_right
from tests.faults.store import WAITING
from tests.faults.world import Wires, World, memory_of, new_world, silence
from tests.unit.use_cases.instance import ANSWERS


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Wednesday noon is what comes back; Thursday noon the table is lost; Friday sending is resumed.
RESTORED_TO = _at("2026-11-25T12:00")
FAILED_AT = _at("2026-11-26T12:00")
RESTORED_AT = _at("2026-11-26T14:00")
RESUMED_AT = _at("2026-11-27T11:00")
ENDS = _at("2026-12-02T12:00")
# The key of the one referral that no restore can bring back.
AFTER_THE_POINT = "after-the-point"
CHASED = "acknowledge"
CHASE_DAYS = (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2))


def restored(wires: Wires, *, referrals: int) -> Figures:
    """Figures of one restore of a table with so many referrals."""
    figures = Figures("The table is restored to a day before it was lost")
    with silence():
        world = new_world(wires)
        put_right(world)
        _live(world, referrals)
        in_old_life = world.mail.count()
        _suspend(world, suspended=True)
        _submit(world, "while-suspended")
        world.run(RESUMED_AT)
        while_suspended = world.mail.count() - in_old_life
        assumed = assume_sent_before(world.services, FAILED_AT)
        _suspend(world, suspended=False)
        world.run(ENDS)
        staff(world, lambda: tidy_schedules(world.services))
        lost = _lost(world)
        found = audit(_without_the_lost(world))
    figures.add(
        referrals=found.referrals,
        lost_with_the_table=len(lost),
        sent_before=sum(in_old_life.values()),
        sent_while_suspended=sum(while_suspended.values()),
        assumed_sent=assumed,
        sent_after=sum(world.mail.count().values()) - sum(in_old_life.values()),
        twice=found.twice,
        chases_after=sum(_chases(world).values()),
    )
    if lost != {key_id(AFTER_THE_POINT)}:
        figures.problems.append(f"{len(lost)} were lost, not the one that came after the point")
    figures.problems += found.problems
    figures.problems += _wrong(world, while_suspended)
    return figures


def _live(world: World, referrals: int) -> None:
    """Life goes on until the table is lost; then it is as it was at noon the day before."""
    start = world.clock.now()
    for number in range(referrals):
        world.run(start + (RESTORED_TO - start) * number / referrals)
        _submit(world, f"key-{number:05d}")
    world.run(RESTORED_TO)
    # The restore finds this one stored, and nothing of it done.
    _submit(world, "just-before")
    snapshot = memory_of(world).snapshot()
    world.run(RESTORED_TO + (FAILED_AT - RESTORED_TO) / 2)
    _submit(world, AFTER_THE_POINT)
    world.run(FAILED_AT)
    memory_of(world).restore(snapshot)
    world.stream.forget()
    world.clock.instant = RESTORED_AT


def _suspend(world: World, *, suspended: bool) -> None:
    world.settings = replace(world.settings, suspended=suspended)
    world.restart()


def _submit(world: World, key: str) -> None:
    form = "child" if key.endswith("2") else "adult"
    services = world.services
    receipt, _ = submit_document(services, services.forms[form], ANSWERS[form], key)
    world.shown[key_id(key)] = receipt.reference


def _lost(world: World) -> set[str]:
    """The tokens that were shown a reference which is not stored any more."""
    kept = set(world.store.references())
    return {token for token, reference in world.shown.items() if reference not in kept}


def _without_the_lost(world: World) -> World:
    """What came after the point that was restored to is lost, and with it what was sent of it."""
    kept = set(world.store.references())
    world.shown = {token: one for token, one in world.shown.items() if one in kept}
    mail = world.mail
    mail.accepted = [one for one in mail.accepted if any(name in one.subject for name in kept)]
    return world


def _wrong(world: World, while_suspended: Counter[str]) -> Iterator[str]:
    if while_suspended:
        yield f"{while_suspended.total()} were sent while sending was suspended"
    chases = _chases(world)
    for row in world.store.deliveries():
        if row.kind is Kind.TEAM_EMAIL:
            for day in CHASE_DAYS:
                if chases[(row.reference, day)] != 1:
                    yield f"{chases[(row.reference, day)]} chases of one case on {day}"
            if not _goes_on(world, row.reference):
                yield "a chain of late reminders has ended"


def _chases(world: World) -> Counter[tuple[str, date]]:
    """How many reminders of the late acknowledgement were accepted, by case and day."""
    days = {row.id: row for row in world.store.deliveries() if row.reminder}
    found: Counter[tuple[str, date]] = Counter()
    for one in world.mail.accepted:
        row = days.get(one.tag.replace(".", "/").replace("_", "#"))
        if row and row.reminder and rule_of(row.reminder) == CHASED and one.at > RESUMED_AT:
            found[(row.reference, local_date(one.at))] += 1
    return found


def _goes_on(world: World, reference: str) -> bool:
    return any(
        row.state in WAITING and rule_of(row.reminder or "") == CHASED
        for row in world.services.cases.reminders(reference)
    )
