"""A year of an instance on a clock that jumps from event to event, and what should come of it.

The scheduler here is worse than AWS's: it fires everything twice, the second time up to three days
late, shuffles what is due at one time, and loses some firings; the stream loses some records.
"""

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, cast

from chalicelib.adapters.in_memory_delivery import InMemoryMailer, InMemorySchedules
from chalicelib.bootstrap import Services
from chalicelib.referrals.case_change import CaseChange
from chalicelib.referrals.delivery import Kind, State
from chalicelib.referrals.referral import Referral, Submission
from chalicelib.referrals.times import london
from chalicelib.use_cases.compose_submission import compose
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.remind import remind
from tests.unit.use_cases.instance import MovedClock

LOST_RECORDS = 0.1
LOST_FIRINGS = 0.05
LOOK_EVERY = 10
RUNS = 10
PUT_RIGHT_AFTER = timedelta(minutes=15)


@dataclass
class Stored:
    """Notes every outbox row that a transaction stores, as the table's stream does."""

    inner: Any
    rows: list[str]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def submit(self, submission: Submission) -> None:
        self.inner.submit(submission)
        self.rows += [
            one.id for one in submission.deliveries if one.kind is not Kind.REMINDER_EMAIL
        ]

    def change(self, change: CaseChange) -> None:
        self.inner.change(change)
        if change.outbox is not None:
            self.rows.append(change.outbox.id)


@dataclass(order=True)
class Event:
    at: datetime
    number: int
    act: Callable[[], object] = field(compare=False)


class Year:
    """Runs acts at their times, with the stream, the scheduler and reconcile working between."""

    def __init__(self, services: Services, clock: MovedClock, seed: int) -> None:
        self._records: list[str] = []
        self.services = replace(
            services,
            referrals=Stored(services.referrals, self._records),
            cases=Stored(services.cases, self._records),
        )
        self.sent: list[tuple[str, date]] = []
        self.orphans: set[str] = set()
        self._lost = 0
        self._clock = clock
        self._random = Random(seed)
        self._events: list[Event] = []
        self._numbers = itertools.count()

    @property
    def schedules(self) -> InMemorySchedules:
        return cast(InMemorySchedules, self.services.schedules)

    @property
    def mailer(self) -> InMemoryMailer:
        return cast(InMemoryMailer, self.services.mailer)

    def plan(self, at: datetime, act: Callable[[], object]) -> None:
        heapq.heappush(self._events, Event(at, next(self._numbers), act))

    def run(self, until: datetime) -> None:
        while True:
            following = min((kept.at for kept in self.schedules.kept.values()), default=until)
            if self._events and self._events[0].at <= min(following, until):
                event = heapq.heappop(self._events)
                self._clock.instant = max(self._clock.instant, event.at)
                self._watched(event.act)
            elif following < until:
                self._clock.instant = max(self._clock.instant, following)
                self._fire_due()
            else:
                self._clock.instant = until
                return

    def _fire_due(self) -> None:
        now = self._clock.instant
        due = [(name, kept) for name, kept in self.schedules.kept.items() if kept.at <= now]
        self._random.shuffle(due)
        for name, kept in due:
            # Scheduler deletes a schedule once it has handed over.
            del self.schedules.kept[name]
            fire = self._firing(kept.reference, kept.reminder)
            again = now + timedelta(minutes=self._random.randrange(3 * 24 * 60))
            self.plan(again, fire)
            if self._random.random() < LOST_FIRINGS:
                self.plan(now + PUT_RIGHT_AFTER, self._put_right)
            else:
                self._watched(fire)

    def _firing(self, reference: str, reminder: str) -> Callable[[], object]:
        return lambda: remind(self.services, reference, reminder)

    def _note_orphans(self) -> None:
        """Schedules of reminders that are not wanted, when every record has been performed."""
        if self._lost or next(self._numbers) % LOOK_EVERY:
            return
        for name, kept in self.schedules.kept.items():
            row = self.services.outbox.find(f"{kept.reference}/{kept.reminder}")
            if row is None or row.state is State.CANCELLED:
                self.orphans.add(name)

    def _put_right(self) -> None:
        # A run of fifty may leave some; in an instance the next run follows.
        for _ in range(RUNS):
            if not reconcile(self.services)["found"]:
                break
        self._lost = 0

    def _watched(self, act: Callable[[], object]) -> None:
        before = len(self.mailer.sent)
        act()
        self._stream()
        self._note_orphans()
        today = self._clock.instant.astimezone(london()).date()
        for delivery_id, message in self.mailer.sent[before:]:
            if "reminder" in message.subject or "overdue" in message.subject:
                self.sent.append((delivery_id, today))

    def _stream(self) -> None:
        while self._records:
            row = self._records.pop(0)
            if self._random.random() < LOST_RECORDS:
                self._lost += 1
                self.plan(self._clock.instant + PUT_RIGHT_AFTER, self._put_right)
            else:
                deliver(self.services, row)


def submit(services: Services, reference: str) -> None:
    """Store a referral that came just now, without going through a form."""
    referral = Referral(
        reference=reference,
        stream="adult",
        form="adult",
        form_version="v",
        received_at=services.clock.now(),
        channel="web",
        answers={},
        questions={},
        roles={},
    )
    submission = compose(services.partnership, referral, token_id=reference, body="", draft=None)
    services.referrals.submit(submission)


def office_time(day: date, random: Random) -> datetime:
    """A time of a day in London when somebody works, never at 09:00 when reminders are sent.

    Nor before one whose firing was lost has been put right: whether that is still sent is chance.
    """
    after = 9 * 60 + PUT_RIGHT_AFTER // timedelta(minutes=1) + 1
    minutes = random.choice([random.randrange(7 * 60, 9 * 60), random.randrange(after, 1320)])
    local = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=london())
    return local.astimezone(UTC)


def days_from(start: date) -> Iterator[date]:
    return (start + timedelta(days=number) for number in itertools.count())
