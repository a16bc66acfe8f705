"""Anything that may happen to a case: staff act, time passes, rules and the calendar change."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from chalicelib.referrals.case import RECEIVED, Deadline, Settled
from chalicelib.referrals.case_change import Actor, NotPossible, meet, record_date, settle
from chalicelib.referrals.delivery import Delivery, State
from chalicelib.referrals.partnership import DeadlineRule
from chalicelib.referrals.reminders import chase, has_later, is_chase, rule_of
from chalicelib.referrals.times import local_date
from chalicelib.referrals.working_days import england_and_wales
from tests.unit.referrals.a_case import NAMES, RECEIVED_AT, Desk, a_rule, by, instant

LEADS = ("0 working days", "1 working day", "5 working days", "1 week", "1 month")
HOW_OFTEN = st.sampled_from(["daily", "weekly", "never"])
STARTS = st.integers(0, 700_000).map(lambda minutes: RECEIVED_AT + timedelta(minutes=minutes))
KINDS = st.sampled_from([Settled.WITHDRAWN, Settled.NOT_APPLICABLE, Settled.IN_FORCE])
# What becomes of a reminder whose time has come; a lost one is found again later.
ENDS = st.sampled_from(["sent", "tried again", "failed", "lost"])


@st.composite
def a_random_rule(draw: st.DrawFn, name: str) -> DeadlineRule:
    counted = draw(st.sampled_from(["after", "before"]))
    return a_rule(
        name,
        trigger=draw(st.sampled_from([RECEIVED, *sorted(NAMES)])),
        length=draw(st.integers(0, 25)),
        unit=draw(st.sampled_from(["working_days", "calendar_days", "months"])),
        counted=counted,
        kind=draw(st.sampled_from(["deadline", "deadline", "prompt"])),
        met_by=draw(st.sampled_from(["", "done_on"])),
        when=draw(st.sampled_from([{}, {}, {"outcome": ("died",)}])),
        repeats_months=draw(st.sampled_from([None, 1])) if counted == "after" else None,
        remind_before=tuple(draw(st.lists(st.sampled_from(LEADS), max_size=3, unique=True))),
        remind_overdue=draw(HOW_OFTEN),
    )


RULES = st.tuples(a_random_rule("one"), a_random_rule("two"), a_random_rule("three"))


class History(RuleBasedStateMachine):
    """What is done to a desk; `sent` are the ids of the reminders that went, in order."""

    desk: Desk
    sent: list[str]

    @initialize(rules=RULES, start=STARTS)
    def open(self, rules: tuple[DeadlineRule, ...], start: datetime) -> None:
        self.desk = Desk(*rules, now=start)
        self.sent = []

    @rule(name=st.sampled_from(sorted(NAMES)), days=st.none() | st.integers(0, 60))
    def record_a_date(self, name: str, days: int | None) -> None:
        ago = timedelta(-(days or 0) if NAMES[name].planned else days or 0)
        on = None if days is None else self.today - ago
        self.desk.change(lambda case: record_date(case, NAMES, name, on, self.who))

    @rule(number=st.integers(0, 2), days=st.integers(0, 40))
    def meet_a_duty(self, number: int, days: int) -> None:
        act, on = self.desk.clocks.rules[number].act, self.today - timedelta(days)
        # Refused when its clock has not started, or when that was later than this day.
        with suppress(NotPossible):
            self.desk.change(lambda case: meet(case, self.desk.clocks, NAMES, act, on, self.who))

    @rule(number=st.integers(0, 2), kind=KINDS)
    def settle_a_duty(self, number: int, kind: Settled) -> None:
        act = self.desk.clocks.rules[number].act
        self.desk.change(
            lambda case: settle(case, self.desk.clocks, act, kind, "A reason.", self.who)
        )

    @rule(days=st.integers(1, 30))
    def announce_a_holiday(self, days: int) -> None:
        known = self.desk.clocks.calendar.holidays
        calendar = england_and_wales(known | {self.today + timedelta(days)})
        self.desk.rule_by(replace(self.desk.clocks, calendar=calendar))

    @rule(number=st.integers(0, 2), how_often=HOW_OFTEN)
    def chase_otherwise(self, number: int, how_often: Any) -> None:
        rules = list(self.desk.clocks.rules)
        rules[number] = replace(rules[number], remind_overdue=how_often)
        self.desk.rule_by(replace(self.desk.clocks, rules=tuple(rules)))

    @rule(hours=st.integers(1, 400), ends=st.lists(ENDS, max_size=5))
    def pass_time(self, hours: int, ends: list[str]) -> None:
        until, tried = self.desk.now + timedelta(hours=hours), set[str]()
        while due := self._due(until, tried):
            self.desk.now = max(self.desk.now, instant(due[0]))
            self._perform(due[0], ends.pop() if ends else "sent")
            tried.add(due[0].id)
        self.desk.now = until

    def _due(self, until: datetime, tried: set[str]) -> list[Delivery]:
        live = self.desk.live()
        return [row for row in live if instant(row) <= until and row.id not in tried]

    def _perform(self, row: Delivery, end: str) -> None:
        """As `deliver` does it: the reminder that follows is there before this one goes."""
        if end == "lost":
            return
        desk = self.desk
        one = next(one for one in desk.clocks.rules if one.id == rule_of(str(row.reminder)))
        if one.chased and is_chase(row) and not has_later(row, desk.rows.values()):
            following = chase(one, desk.case, row, desk.clocks.calendar, desk.now)
            assert following is not None
            assert following.id not in desk.rows or self.state(following) is State.CANCELLED
            desk.rows[following.id] = following
        if end == "sent":
            self.sent.append(row.id)
        states = {"sent": State.SENT, "failed": State.FAILED, "tried again": State.PENDING}
        desk.rows[row.id] = replace(row, state=states[end], attempts=row.attempts + 1)

    @property
    def today(self) -> date:
        return local_date(self.desk.now)

    @property
    def who(self) -> Actor:
        return by(self.desk.now)

    def state(self, row: Delivery) -> State:
        return self.desk.rows[row.id].state

    def open_deadlines(self) -> list[tuple[DeadlineRule, Deadline]]:
        found = ((one, self.desk.case.deadline(one.id)) for one in self.desk.clocks.rules)
        return [(one, deadline) for one, deadline in found if deadline and deadline.is_open]

    def reminders_of(self, deadline: Deadline) -> list[Delivery]:
        """The reminders of a deadline as it is, but for those that were cancelled."""
        return [
            row
            for row in self.desk.rows.values()
            if row.state is not State.CANCELLED
            and (rule_of(str(row.reminder)), row.due_on) == (deadline.rule, deadline.due_on)
        ]
