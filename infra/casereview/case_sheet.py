"""How a case's deadlines are told: as they are, and what a change did to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from rich import box
from rich.table import Table
from rich.text import Text

from chalicelib.referrals.case import Case, Deadline, DeadlineState, Settled
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.delivery import Delivery, State
from chalicelib.referrals.explain import duties, explain, trigger_label
from chalicelib.referrals.partnership import Partnership
from chalicelib.referrals.reminders import rule_of
from chalicelib.referrals.times import local_date, say_date
from infra.casereview.sheet import Entry, Items, Together, sheet, short

_WORDS = {
    DeadlineState.OPEN: "open",
    DeadlineState.MET: "met",
    DeadlineState.WITHDRAWN: "withdrawn",
    DeadlineState.NOT_APPLICABLE: "not applicable",
}
_SETTLED = {
    Settled.MET: "Met",
    Settled.WITHDRAWN: "Withdrawn",
    Settled.NOT_APPLICABLE: "Set aside",
}


def deadlines_table(
    partnership: Partnership,
    clocks: Clocks,
    case: Case,
    reminders: Iterable[Delivery],
    now: datetime,
    before: Case | None = None,
) -> Table:
    """The case's deadlines, clocks of one duty together.

    With the case `before` a change, only the duties that it changed, and what they were.
    """
    coming = _coming(reminders)

    def entry(deadline: Deadline) -> Entry:
        why = explain(deadline, partnership.dates, clocks.calendar)
        who = f"Responsible: {deadline.responsible}. Status: {deadline.status} ({deadline.source})."
        lines: list[str | Items] = [why, who, *_settled(case, deadline)]
        if deadline.kind == "prompt":
            lines.append("A prompt: never overdue.")
        days = coming.get(deadline.rule, ())
        if days:
            lines.append(Items("Reminders to come:", [short(day) for day in days]))
        if before is not None:
            lines.append(f"Before: {_told(before.deadline(deadline.rule))}.")
        return Entry(deadline.due_on, deadline.act, deadline.label, lines, [_state(deadline, now)])

    return sheet(
        Together(duty.note, [entry(one) for one in duty.deadlines])
        for duty in duties(case.deadlines)
        if before is None or any(_changed(before, one) for one in duty.deadlines)
    )


def _changed(before: Case, deadline: Deadline) -> bool:
    return _told(before.deadline(deadline.rule)) != _told(deadline)


def anything_changed(before: Case, after: Case) -> bool:
    """Whether a deadline started, or is due or stands otherwise than before."""
    return any(_changed(before, deadline) for deadline in after.deadlines)


def stopped(before: Case, after: Case) -> list[str]:
    """A line for each clock that ran before and runs no more."""
    return [
        f"Not running any more: {deadline.label} ({deadline.act}). Before: {_told(deadline)}."
        for deadline in before.deadlines
        if after.deadline(deadline.rule) is None
    ]


def _told(deadline: Deadline | None) -> str:
    if deadline is None:
        return "not running"
    return f"due {short(deadline.due_on)}, {_WORDS[deadline.state]}"


def waiting_table(partnership: Partnership, clocks: Clocks, case: Case) -> Table:
    """The clocks that have not started, and what each waits for."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Not running", ratio=3)
    table.add_column("Waits for", ratio=2)
    known = case.known()
    for rule in clocks.rules:
        if case.deadline(rule.id) is None:
            waits = trigger_label(rule.trigger, partnership.dates)
            said = "does not apply by the form" if rule.trigger in known else waits
            settlement = case.settled.get(rule.act)
            if settlement is not None and settlement.kind in _SETTLED:
                said = f"{_SETTLED[settlement.kind]} on {short(settlement.on)}, before it started"
            table.add_row(Text(f"{rule.label} ({rule.act})"), Text(said))
    return table


def _coming(reminders: Iterable[Delivery]) -> Mapping[str, list[date]]:
    days: dict[str, list[date]] = {}
    for row in reminders:
        if row.state in (State.PENDING, State.SENDING) and row.at is not None:
            days.setdefault(rule_of(row.reminder or ""), []).append(local_date(row.at))
    return {rule: sorted(found) for rule, found in days.items()}


def _state(deadline: Deadline, now: datetime) -> str:
    if deadline.is_overdue(now):
        return "overdue"
    return "met late" if deadline.met_late else _WORDS[deadline.state]


def _settled(case: Case, deadline: Deadline) -> list[str]:
    settlement = case.settled.get(deadline.act)
    if settlement is None:
        return []
    who = f"Settled by {settlement.actor} on {say_date(local_date(settlement.at))}"
    return [f"{who}: {settlement.reason}" if settlement.reason else f"{who}."]


def dates_table(partnership: Partnership, clocks: Clocks, case: Case) -> Table:
    """The dates that staff may record. One from the form is not repeated: it is an answer."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Date", no_wrap=True)
    table.add_column("What it is")
    table.add_column("Known", min_width=12)
    used = {name for rule in clocks.rules for name in (rule.trigger, rule.met_by)}
    for name, date_name in partnership.dates.items():
        if name in used:
            table.add_row(name, Text(date_name.label), Text(_known(case, name)))
    return table


def _known(case: Case, name: str) -> str:
    recorded = case.recorded.get(name)
    if recorded is not None:
        said = short(recorded.on) if recorded.on else "not known"
        return f"{said}, recorded by {recorded.actor}"
    return "from the form" if name in case.answered else ""
