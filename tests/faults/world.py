"""One instance of the service in a world that keeps AWS's rules, on a clock that is moved."""

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any, Protocol, cast
from unittest.mock import patch

from botocore.retries.standard import ExponentialBackoff

from chalicelib import events
from chalicelib.adapters.eventbridge_schedules import EventBridgeSchedules, ScheduleTarget
from chalicelib.adapters.ses_mailer import SesMailer
from chalicelib.bootstrap import LazyForms, Services
from chalicelib.referrals.partnership import Partnership, load_partnership
from chalicelib.settings import Settings
from tests.faults import limits
from tests.faults.async_rules import AsyncRules
from tests.faults.calls import Calls
from tests.faults.clock import Clock, Died
from tests.faults.local_store import LocalStore
from tests.faults.mail_rules import MailRules
from tests.faults.memory_store import MemoryStore
from tests.faults.model_client import ModelClient
from tests.faults.scheduler_rules import SchedulerRules
from tests.faults.store import Store
from tests.faults.stream_rules import StreamRules
from tests.faults.wire import Wire

TEAM = "team@suffolk.example"
SETTINGS = Settings(
    partnership="suffolk",
    schedule_group="casereview-reminders",
    schedule_role_arn="arn:aws:iam::123456789012:role/scheduler",
    remind_function_arn="arn:aws:lambda:eu-west-2:123456789012:function:remind",
    reminder_dlq_arn="arn:aws:sqs:eu-west-2:123456789012:reminders-dead",
    expects_feedback=False,
    team_mailbox_adult=TEAM,
    team_mailbox_child=TEAM,
)
FIRST_TIDY = events.TIDY_FROM


class _Runs(Protocol):
    def next_at(self) -> datetime | None: ...
    def run(self) -> object: ...


@cache
def shipped_forms() -> LazyForms:
    """Compiled once for all worlds: they never change."""
    return LazyForms(SETTINGS.forms_dir, shipped_partnership())


@cache
def shipped_partnership() -> Partnership:
    return load_partnership(SETTINGS.forms_dir, SETTINGS.partnership)


@contextlib.contextmanager
def silence() -> Iterator[io.StringIO]:
    """Nothing is logged, and botocore does not wait between its attempts.

    Gives what is printed: the figures that CloudWatch would read.
    """
    level = events.logger.log_level
    events.logger.setLevel("CRITICAL")
    waiting = patch.object(ExponentialBackoff, "delay_amount", lambda _self, _context: 0.0)
    try:
        with waiting, contextlib.redirect_stdout(io.StringIO()) as printed:
            yield printed
    finally:
        events.logger.setLevel(level)


@dataclass
class Ticker:
    """EventBridge's rule that starts Reconcile. A run that would read nothing is left out."""

    world: "World"
    every: timedelta
    all_until: datetime | None = None
    last: datetime | None = None

    def next_at(self) -> datetime | None:
        now = self.world.clock.now()
        after = now if self.last is None else max(now, self.last + self.every)
        tidy = self._tick_from(_next_time(after, FIRST_TIDY))
        wanted = self.world.store.next_check()
        if self.all_until is not None and after <= self.all_until:
            wanted = after
        return tidy if wanted is None else min(tidy, self._tick_from(max(wanted, after)))

    def run(self) -> None:
        self.last = self.world.clock.now()
        self.world.reconcile.accept({})

    def _tick_from(self, instant: datetime) -> datetime:
        midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
        passed = instant - midnight
        return midnight - (-passed // self.every) * self.every


def _next_time(after: datetime, wanted: time) -> datetime:
    today = datetime.combine(after.date(), wanted, tzinfo=after.tzinfo)
    return today if today >= after else today + timedelta(days=1)


@dataclass
class World:
    """The stream, the functions, Scheduler, SES, the table, and their one clock.

    `shown` is what persons saw: submission token -> reference. `heartbeats` are the runs of
    Reconcile that came to their end, with their counts.
    """

    clock: Clock
    calls: Calls
    mail: MailRules
    random: Random
    settings: Settings
    shown: dict[str, str] = field(default_factory=dict)
    partnership: Partnership = field(default_factory=shipped_partnership)
    deaths: int = 0
    heartbeats: list[tuple[datetime, dict[str, int]]] = field(default_factory=list)
    services: Services = field(init=False)
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        handlers: dict[str, Callable[[Any], Any]] = {
            "Deliver": lambda event: events.deliver_records(event, None, self.services),
            "Remind": lambda event: events.send_reminder(event, self.services),
            "Reconcile": lambda _: self._put_right(),
            "Hear": lambda event: events.hear_mail(event, self.services),
        }
        run = {name: self._function(name, handler) for name, handler in handlers.items()}
        self.stream = StreamRules(limits.stream_limits(), self.clock, run["Deliver"])
        self.remind, self.reconcile, self.hear = (
            AsyncRules(limits.async_limits(name), self.clock, run[name])
            for name in ("Remind", "Reconcile", "Hear")
        )
        self.scheduler = SchedulerRules(self.clock, self.remind.accept, self.random)
        self.ticker = Ticker(self, limits.reconcile_every())

    def use(self, store: Store, wires: "Wires") -> None:
        """Take a table and clients into use; the clients serve no other world from now on."""
        self.store, self._wires = store, wires
        wires.mail.attach(self.calls, self.mail)
        wires.scheduler.attach(self.calls, self.scheduler)
        self.restart()

    def restart(self) -> None:
        """New processes: nothing that was only in memory is left."""
        settings = self.settings
        target = ScheduleTarget(
            group=settings.schedule_group,
            function_arn=settings.remind_function_arn,
            role_arn=settings.schedule_role_arn,
            dead_letter_arn=settings.reminder_dlq_arn,
        )
        sender = self.partnership.mail.from_address
        with patch("chalicelib.bootstrap.load_partnership", lambda *_: self.partnership):
            wired = self.store.services(settings, self.calls)
        self.services = replace(
            wired,
            partnership=self.partnership,
            forms=shipped_forms(),
            mailer=SesMailer(self._wires.mail, from_address=sender, configuration_set="set"),
            schedules=EventBridgeSchedules(self._wires.scheduler, target),
            clock=self.clock,
        )

    def run(self, until: datetime) -> None:
        """Let everything happen that happens before an instant, in the order of time."""
        while True:
            self.store.publish()
            at, part = self._next()
            if part is None or at > until:
                self.clock.instant = max(self.clock.instant, until)
                return
            self.clock.instant = max(self.clock.instant, at)
            part.run()

    def settle(self, **duration: float) -> None:
        """Let some time pass."""
        self.run(self.clock.now() + timedelta(**duration))

    def _next(self) -> tuple[datetime, _Runs | None]:
        parts: list[_Runs] = [self.stream, self.remind, self.hear, self.reconcile]
        parts += [self.scheduler, self.ticker]
        times = [(at, place) for place, part in enumerate(parts) if (at := part.next_at())]
        if not times:
            return self.clock.now(), None
        at, place = min(times)
        return at, parts[place]

    def _put_right(self) -> dict[str, int]:
        counts = events.put_right(self.services)
        self.heartbeats.append((self.clock.now(), counts))
        return counts

    def _function(self, name: str, handler: Callable[[Any], Any]) -> Callable[[Any], Any]:
        timeout = limits.function_timeout(name)

        def run(event: Any) -> Any:
            try:
                with self.clock.ending_after(timeout):
                    return handler(event)
            except Died:
                self.deaths += 1
                self.restart()
                raise

        return run


@dataclass(frozen=True)
class Wires:
    """The clients of one world after another: making one is slow."""

    mail: Wire | ModelClient
    scheduler: Wire | ModelClient
    table: Wire | None = None

    @classmethod
    def to_memory(cls) -> "Wires":
        """Clients that ask the models directly; the table is in memory."""
        return cls(ModelClient(), ModelClient())

    @classmethod
    def to_server(cls, url: str) -> "Wires":
        """The table is DynamoDB Local's. Every call is tried once: one that is struck fails."""
        return cls(ModelClient(), ModelClient(), Wire("dynamodb", endpoint=url, attempts=1))

    @classmethod
    def as_deployed(cls, url: str) -> "Wires":
        """Real clients of all services, which try as often as those of `bootstrap`."""
        return cls(Wire("sesv2", attempts=1), Wire("scheduler"), Wire("dynamodb", endpoint=url))


def new_world(wires: Wires, seed: int = 1, **settings: Any) -> World:
    """A world on a new table."""
    clock = Clock()
    known = replace(SETTINGS, **settings)
    world = World(clock, Calls(), MailRules(clock), Random(seed), known)
    if wires.table is None:
        world.use(MemoryStore(clock, world.stream.write), wires)
    else:
        local = LocalStore(wires.table, world.stream.write)
        world.settings = replace(world.settings, table_name=local.name)
        world.use(local, wires)
    return world


def memory_of(world: World) -> MemoryStore:
    """The table of a world that has it in memory."""
    return cast(MemoryStore, world.store)
