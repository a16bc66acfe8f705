"""What must be true of a world once it is quiet. Reads the table and the models, no product code
but the names of things."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.referrals.delivery import TO_TEAM, Delivery, Kind, State, mail_tag
from chalicelib.referrals.reference import schedule_name
from tests.faults.store import WAITING
from tests.faults.world import World

# Nearer than this a reminder is sent at once, not scheduled.
_NOTICE = timedelta(minutes=1)
_NO_EMAIL = (Kind.SCHEDULES, Kind.DISPOSAL)


@dataclass(frozen=True)
class Audit:
    """Figures of a world, and everything that is not as it must be."""

    referrals: int
    emails: int
    twice: int
    waiting: int
    schedules: int
    problems: tuple[str, ...]


def audit(world: World, *, twice_allowed: int = 0) -> Audit:
    """`twice_allowed`: how many messages may have been accepted once too often."""
    rows = world.store.deliveries()
    accepted = world.mail.count()
    twice = sum(count - 1 for count in accepted.values())
    problems = [
        *_stored(world),
        *_accepted(rows, accepted),
        *_unfinished(world, rows),
        *_scheduled(world, rows),
    ]
    if twice > twice_allowed:
        again = [tag for tag, count in accepted.items() if count > 1]
        problems.append(f"accepted too often: {again}")
    return Audit(
        referrals=len(world.store.references()),
        emails=len(accepted),
        twice=twice,
        waiting=len(_to_come(world, rows)),
        schedules=len(world.scheduler.kept),
        problems=tuple(problems),
    )


def orphans(world: World) -> int:
    """How many schedules belong to no reminder that waits."""
    return len(world.scheduler.kept.keys() - _to_come(world, world.store.deliveries()).keys())


def _stored(world: World) -> Iterator[str]:
    """Every reference shown is stored, once, and belongs to the press that it was shown for.

    Or else its deletion was approved, is proven, and nothing of it is left.
    """
    tokens, disposed = world.store.tokens(), world.store.disposed()
    references = [*world.store.references(), *disposed]
    for token, reference in world.shown.items():
        if tokens.get(token) != reference:
            yield f"shown {reference}, but its token has {tokens.get(token)}"
        if references.count(reference) != 1:
            yield f"shown {reference}, but it is stored {references.count(reference)} times"
    if sorted(tokens.values()) != sorted(references):
        yield f"{len(references)} referrals of {len(tokens)} tokens"
    for reference in disposed:
        if left := world.services.disposals.rows_left(reference):
            yield f"disposed of {reference}, but there is left: {dict(left)}"


def _accepted(rows: Sequence[Delivery], accepted: Counter[str]) -> Iterator[str]:
    """The team hears of every referral, and nobody of what is not stored."""
    tags = {mail_tag(row.id) for row in rows}
    yield from (f"an email of no delivery: {tag}" for tag in accepted.keys() - tags)
    for row in rows:
        if row.state is State.SENT and row.kind not in _NO_EMAIL:
            if not accepted[mail_tag(row.id)]:
                yield f"recorded as sent, never accepted: {row.kind.value}"
        elif row.kind is Kind.TEAM_EMAIL:
            yield f"the team did not hear: {row.state.value} {row.code}"


def _unfinished(world: World, rows: Sequence[Delivery]) -> Iterator[str]:
    """Nothing is overdue, given up, or in the hands of a dead worker."""
    now = world.clock.now()
    for row in rows:
        if row.state is State.FAILED or (row.state in WAITING and row.check_at <= now):
            yield f"not done: {row.kind.value} {row.state.value} since {row.check_at:%d %H:%M}"
    letters = world.stream.given_up + world.remind.given_up + world.scheduler.dead_letters
    if letters:
        yield f"{len(letters)} dead letters"


def _scheduled(world: World, rows: Sequence[Delivery]) -> Iterator[str]:
    """A schedule at the right time for each reminder to come, and no other."""
    to_come = _to_come(world, rows)
    kept = world.scheduler.kept
    for name, row in to_come.items():
        if name not in kept:
            yield f"no schedule for {row.reminder}"
        elif kept[name].at != row.at:
            yield f"schedule of {row.reminder} at {kept[name].at}"
    yield from (f"orphan schedule {name}" for name in kept.keys() - to_come.keys())


def _to_come(world: World, rows: Sequence[Delivery]) -> dict[str, Delivery]:
    soon = world.clock.now() + _NOTICE
    return {
        schedule_name(row.reference, row.reminder or ""): row
        for row in rows
        if row.kind is Kind.REMINDER_EMAIL and row.state in WAITING and row.at and row.at > soon
    }


def fingerprint(world: World) -> list[tuple[str, str, str]]:
    """What a history comes to, whatever its references and its random ids are."""
    return sorted(
        (row.kind.value, row.reminder or "", row.state.value)
        for row in world.store.deliveries()
        if row.kind in TO_TEAM
    )
