"""Rules, clocks and cases for tests: small, and from no partnership's file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.referrals.case import RECEIVED, Case, Deadline, KnownDate
from chalicelib.referrals.case_change import Actor, recomputed
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.delivery import Delivery, State
from chalicelib.referrals.partnership import DateName, DeadlineRule
from chalicelib.referrals.reminders import ReminderChanges, plan
from chalicelib.referrals.times import local_date
from chalicelib.referrals.working_days import england_and_wales

CALENDAR = england_and_wales()
REFERENCE = "SUF-BCDF-3479"
# A Friday: what is received on it is due from Monday on.
RECEIVED_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RECEIVED_ON = date(2026, 11, 20)
NAMES = {
    "told_on": DateName("The authority was told"),
    "sent_on": DateName("The notification was sent"),
    "done_on": DateName("The review was sent"),
    "publish_on": DateName("The report is to be published", planned=True),
}


def a_rule(name: str = "acknowledge", **changes: Any) -> DeadlineRule:
    """Five working days from receipt, reminded a working day before, unless told otherwise."""
    rule = DeadlineRule(
        id=name,
        stream="adult",
        label=f"The {name} deadline",
        trigger=RECEIVED,
        length=5,
        unit="working_days",
        responsible="business unit",
        status="local",
        source="a test",
        remind_before=("1 working day",),
    )
    return replace(rule, **changes)


def clocks(*rules: DeadlineRule, holidays: Iterable[date] = (), version: str = "v1") -> Clocks:
    return Clocks(rules, england_and_wales(holidays), version)


def a_case(
    running: Clocks,
    *,
    received_at: datetime = RECEIVED_AT,
    facts: Mapping[str, tuple[str, ...]] | None = None,
    **answered: date,
) -> Case:
    """A case as received, with these dates answered."""
    known = {RECEIVED: KnownDate(local_date(received_at))}
    known |= {name: KnownDate(on) for name, on in answered.items()}
    case = Case(REFERENCE, "adult", received_at, answered=known, facts=facts or {})
    return recomputed(case, running)


def the_deadline(case: Case, rule: str = "acknowledge") -> Deadline:
    deadline = case.deadline(rule)
    assert deadline is not None
    return deadline


def a_deadline(rule: DeadlineRule, on: date = RECEIVED_ON) -> Deadline:
    """The deadline of a rule whose trigger is on a day."""
    running = clocks(replace(rule, trigger="told_on"))
    return the_deadline(a_case(running, told_on=on), rule.id)


def by(at: datetime = RECEIVED_AT, name: str = "a.manager") -> Actor:
    return Actor(name, at)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    """`2026-11-26 09:30`, in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


class Desk:
    """A case and its reminder rows, as the store holds them, at a present instant."""

    def __init__(self, *rules: DeadlineRule, now: datetime = RECEIVED_AT, **case: Any) -> None:
        self.now = now
        self.clocks = clocks(*rules)
        self.rows: dict[str, Delivery] = {}
        self.case = a_case(self.clocks, received_at=case.pop("received_at", now), **case)
        self._follow(None)

    def change(self, transition: Callable[[Case], Case]) -> ReminderChanges:
        """What staff do: the deadlines follow, and the reminders follow them."""
        before, self.case = self.case, recomputed(transition(self.case), self.clocks)
        return self._follow(before)

    def rule_by(self, running: Clocks) -> ReminderChanges:
        """The partnership's rules or calendar are others from now on."""
        self.clocks = running
        return self.change(lambda case: case)

    def _follow(self, before: Case | None) -> ReminderChanges:
        changes = self.plan(before)
        self.rows |= {row.id: row for row in changes.add}
        self.rows |= {row.id: replace(row, state=State.CANCELLED) for row in changes.cancel}
        return changes

    def plan(self, before: Case | None) -> ReminderChanges:
        running = self.clocks
        rows = tuple(self.rows.values())
        return plan(running.rules, before, self.case, rows, running.calendar, self.now)

    def mark(self, day: str, **changes: Any) -> Delivery:
        """Change the row of the reminder on a day such as `2026-11-26`."""
        (row,) = (row for row in self.rows.values() if str(row.reminder).endswith(squeeze(day)))
        self.rows[row.id] = replace(row, **changes)
        return self.rows[row.id]

    def live(self) -> list[Delivery]:
        """The reminders still to go, in the order of their times."""
        live = (State.PENDING, State.SENDING)
        return sorted(
            (row for row in self.rows.values() if row.state in live), key=lambda row: instant(row)
        )

    def days(self) -> list[str]:
        """The London days of the reminders still to go: `2026-11-26`."""
        return [local_date(instant(row)).isoformat() for row in self.live()]


def squeeze(day: str) -> str:
    return day.replace("-", "")


def instant(row: Delivery) -> datetime:
    assert row.at is not None
    return row.at
