"""Any interleaving of workers, staff, events and time at one referral's deliveries.

What must hold after every step is worked out here from the calls alone. With two outboxes every
call goes to both, and both must answer and hold the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.referrals.delivery import Delivery, Kind, State
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.referral import AuditEntry
from chalicelib.use_cases import ports
from chalicelib.use_cases.case_port import CaseStore
from chalicelib.use_cases.ports import CaseChanged
from tests.contract.samples import NOW, a_change, a_delivery, a_reminder, a_submission

LEASE = timedelta(minutes=5)
FAR = NOW + timedelta(days=3650)
ALL = 1000
WAITING = (State.PENDING, State.SENDING)


class Stores(NamedTuple):
    """Where one machine runs: an outbox, and the cases and referrals beside it."""

    outbox: ports.Outbox
    cases: CaseStore
    referrals: ports.ReferralStore


@dataclass(frozen=True)
class Known:
    """What was seen of one delivery so far; `last` is the newest lease of it."""

    was_sent: bool = False
    rank: int = 0
    last: Delivery | None = None
    free_at: datetime = NOW


places = st.integers(0, 4)
RECEIPT = 1
minutes = st.integers(0, 90)


class OutboxMachine(RuleBasedStateMachine):
    """Whoever subclasses it says how to make new stores for each example."""

    steps = 0

    @staticmethod
    def make_stores() -> list[Stores]:
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self.stores = type(self).make_stores()
        self.now, self.leases = NOW, 0
        self.reference = "SUF-BCDF-3479"
        self.ids: list[str] = []
        self.known: dict[str, Known] = {}
        self.held: dict[str, list[Delivery]] = {}

    @initialize()
    def submit(self) -> None:
        outbox = [
            a_delivery(id=uuid4().hex, kind=kind, reference=self.reference)
            for kind in (Kind.TEAM_EMAIL, Kind.RECEIPT_EMAIL, Kind.SCHEDULES)
        ]
        days = ("20261123", "20261124")
        reminders = [a_reminder(reminder=f"acknowledge#20261124#{day}") for day in days]
        submission = a_submission(deliveries=(*outbox, *reminders), draft=None)
        for store in self.stores:
            store.referrals.submit(submission)
        self.ids = [row.id for row in submission.deliveries]
        self.known = {name: Known() for name in self.ids}
        self.held = {name: [] for name in self.ids}

    @rule(length=minutes)
    def pass_time(self, length: int) -> None:
        self.now += timedelta(minutes=length)

    @rule(place=places)
    def lease(self, place: int) -> None:
        name = self.ids[place]
        before, known = self._row(name), self.known[name]
        # Real clocks give no two leases the same end.
        self.leases += 1
        until = self.now + LEASE + timedelta(microseconds=self.leases)
        given = self._all(lambda one: one.outbox.lease(name, now=self.now, until=until))
        if before is not None and before.state is State.SENDING and self.now < known.free_at:
            assert given is None, "two workers hold one delivery"
        if given is not None:
            assert before is not None
            assert before.state in WAITING, f"leased when {before.state}"
            self.held[name].append(given)
            self.known[name] = replace(known, last=given, free_at=until)

    @rule(place=places, confirm=st.booleans(), old=st.booleans())
    def mark_sent(self, place: int, confirm: bool, old: bool) -> None:
        by = self.now + timedelta(hours=4) if confirm else None
        self._mark(
            place,
            old,
            lambda one, held: one.outbox.mark_sent(
                held, now=self.now, message_id="message", confirm_by=by
            ),
        )

    @rule(place=places, length=minutes, escalated=st.booleans(), old=st.booleans())
    def mark_waiting(self, place: int, length: int, escalated: bool, old: bool) -> None:
        self._mark(
            place,
            old,
            lambda one, held: one.outbox.mark_waiting(
                held,
                next_at=self.now + timedelta(minutes=length),
                code="ServiceUnavailable",
                since=self.now,
                escalated=escalated,
            ),
        )

    @rule(place=places, old=st.booleans())
    def mark_failed(self, place: int, old: bool) -> None:
        self._mark(
            place,
            old,
            lambda one, held: one.outbox.mark_failed(held, now=self.now, code="Rejected"),
        )

    @rule(place=places, old=st.booleans())
    def mark_cancelled(self, place: int, old: bool) -> None:
        self._mark(place, old, lambda one, held: one.outbox.mark_cancelled(held, now=self.now))

    @rule(place=st.integers(3, 4))
    def cancel_by_staff(self, place: int) -> None:
        row = self._row(self.ids[place])
        if row is not None:
            self._change(cancel=(row,))

    @rule(place=st.integers(3, 4))
    def plan_again(self, place: int) -> None:
        name = self.ids[place]
        if self._change(add=(a_reminder(reminder=name.partition("/")[2]),)):
            self.known[name] = Known()

    @rule(place=st.integers(3, 4))
    def forget(self, place: int) -> None:
        name = self.ids[place]
        self._all(lambda one: one.cases.forget_cancelled(name))
        if self._row(name) is None:
            self.known[name] = Known()

    @rule(place=places.filter(lambda place: place != RECEIPT))
    def mark_lost(self, place: int) -> None:
        name = self.ids[place]
        if self._all(lambda one: one.outbox.mark_lost(name, now=self.now, code="bounced")):
            self.known[name] = replace(self.known[name], was_sent=False, last=None)

    @rule(place=places)
    def rearm(self, place: int) -> None:
        name = self.ids[place]
        if self._all(lambda one: one.outbox.rearm(name, now=self.now)):
            # It will be another email: what was heard of the one before is not of this one.
            self.known[name] = replace(self.known[name], rank=0)

    @rule(place=places)
    def dismiss(self, place: int) -> None:
        name = self.ids[place]
        before = self._row(name)
        entry = AuditEntry(uuid4().hex, self.reference, self.now, "ops", "gave up a delivery")
        if self._all(lambda one: one.outbox.dismiss(name, audit=entry)):
            assert before is not None
            silent = before.feedback is Feedback.UNCONFIRMED
            assert before.state is State.FAILED or silent, "dismissed, and nothing was amiss"

    @rule(place=places)
    def assume_sent(self, place: int) -> None:
        self._all(lambda one: one.outbox.assume_sent(self.ids[place], now=self.now))

    @rule(place=places, feedback=st.sampled_from(sorted(Feedback)))
    def hear(self, place: int, feedback: Feedback) -> None:
        name = self.ids[place]
        before = self._row(name)
        heard = self._all(lambda one: one.outbox.hear(name, feedback, now=self.now))
        rank = before.feedback.rank if before and before.feedback else 0
        assert (heard is not None) == (before is not None and feedback.rank > rank)

    @precondition(lambda self: self.ids)
    @invariant()
    def nothing_goes_back(self) -> None:
        for name in self.ids:
            row, known = self._row(name), self.known[name]
            if row is None:
                continue
            rank = row.feedback.rank if row.feedback else 0
            assert not known.was_sent or row.state is State.SENT, f"sent, then {row.state}"
            assert rank >= known.rank, "feedback went back"
            self.known[name] = replace(known, was_sent=row.state is State.SENT, rank=rank)

    @precondition(lambda self: self.ids)
    @invariant()
    def nothing_leaves_the_index_unfinished(self) -> None:
        waiting = self._all(lambda one: sorted(one.outbox.waiting(limit=ALL)))
        person = self._all(lambda one: sorted(one.outbox.needs_person(limit=ALL)))
        silent = self._all(lambda one: sorted(one.outbox.unconfirmed(now=FAR, limit=ALL)))
        due = self._all(lambda one: sorted(one.outbox.due(now=FAR, limit=ALL)))
        assert due == waiting
        rows = [row for name in self.ids if (row := self._row(name)) is not None]
        assert waiting == sorted(row.id for row in rows if row.state in WAITING)
        failed = [row for row in rows if row.state is State.FAILED and not row.dismissed]
        escalated = [row.id for row in rows if row.state in WAITING and row.escalated]
        receipts = self._all(lambda one: list(one.outbox.failed_receipts(limit=ALL)))
        assert receipts == [row.id for row in failed if row.kind is Kind.RECEIPT_EMAIL]
        assert person == sorted(
            [*escalated, *(row.id for row in failed if row.kind is not Kind.RECEIPT_EMAIL)]
        )
        assert set(silent) <= {row.id for row in rows if row.state is State.SENT}

    def _mark(self, place: int, old: bool, mark: Callable[[Stores, Delivery], None]) -> None:
        """A worker records how its attempt ended; an old one lost its lease long ago."""
        name = self.ids[place]
        if not self.held[name]:
            return
        held = self.held[name][0 if old else -1]
        before = self._row(name)
        self._all(lambda one: mark(one, held))
        after = self._row(name)
        holds = held is self.known[name].last
        assert holds or before == after, "a worker without the lease recorded something"

    def _change(self, **rows: Any) -> bool:
        """Staff change the case; whether they could."""
        case = self._all(lambda one: one.cases.find(self.reference))
        change = a_change(case, reference=self.reference, **rows)
        change = replace(change, audit=replace(change.audit, at=self.now))
        done: bool = self._all(lambda one: _changed(one, change))
        return done

    def _row(self, name: str) -> Delivery | None:
        found: Delivery | None = self._all(lambda one: one.outbox.find(name))
        return found

    def _all(self, ask: Callable[[Stores], Any]) -> Any:
        """The answer of every store; they must not differ."""
        OutboxMachine.steps += 1
        answers = [ask(store) for store in self.stores]
        assert all(answer == answers[0] for answer in answers), f"the stores differ: {answers}"
        return answers[0]


def _changed(store: Stores, change: Any) -> bool:
    try:
        store.cases.change(change)
    except CaseChanged:
        return False
    return True
