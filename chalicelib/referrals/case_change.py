"""What staff do to a case's clocks, pure: the case before in, the case after out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.referrals.case import (
    RECEIVED,
    Case,
    Deadline,
    RecordedDate,
    Settled,
    Settlement,
    SupersededDate,
    SupersededSettlement,
)
from chalicelib.referrals.case_work import CaseWork
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.deadlines import compute, next_occurrence, occurrence_after
from chalicelib.referrals.delivery import Delivery
from chalicelib.referrals.information import Addition
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import Person
from chalicelib.referrals.times import local_date, say_date

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import DateName, DeadlineRule

# Who acts when nobody does.
SERVICE = "service"
# A date further back is a slip of the keyboard; a planned one is at most so far ahead.
EARLIEST = date(1990, 1, 1)
FURTHEST = timedelta(days=5 * 366)
LONGEST_REASON = 1_000
# What was corrected is kept beside what is in force, in a row that holds 400 KB: some 1,000 without
# a reason, 50 with the longest there can be in it.
MOST_SUPERSEDED = 100_000
_SUPERSEDED = 100


class NotPossible(Exception):
    """What was asked cannot be done; the text says why and what to do, without case details.

    `problems` are all that is wrong: the part of what was given that each is about, empty for all
    of it, and its text.
    """

    def __init__(self, text: str, field: str = "", *more: tuple[str, str]) -> None:
        super().__init__(text)
        self.problems = ((field, text), *more)


@dataclass(frozen=True)
class Actor:
    """Who acts, and when. `person` is who signed in: None for the service and the command."""

    name: str
    at: datetime
    person: Person | None = None

    @property
    def id(self) -> str:
        """Who it is in the audit trail."""
        return self.person.id if self.person else self.name

    @property
    def is_service(self) -> bool:
        """Whether nobody acts: the service does what is due."""
        return self.person is None and self.name == SERVICE


@dataclass(frozen=True)
class Beside:
    """What a change stores besides the case and its reminders: other effects, an addition."""

    outbox: tuple[Delivery, ...] = ()
    added: Addition | None = None


@dataclass(frozen=True)
class CaseChange:
    """Everything that one change stores: all of it or nothing.

    `before` is None for a new case. `add` and `cancel` are reminders; `outbox` is the row that
    makes the schedules follow them, None when no reminder changes.
    """

    before: Case | None
    after: Case
    add: tuple[Delivery, ...]
    cancel: tuple[Delivery, ...]
    outbox: Delivery | None
    audit: AuditEntry
    beside: Beside = field(default_factory=Beside)


def recomputed(case: Case, clocks: Clocks) -> Case:
    """The case with the deadlines that now follow. The same case when nothing changes."""
    case = replace(case, settled=_recounted(case, clocks))
    deadlines = compute(clocks.rules, case, clocks.calendar)
    return replace(case, deadlines=deadlines, rules_version=clocks.version)


def _recounted(case: Case, clocks: Clocks) -> Mapping[str, Settlement]:
    """What is settled, with repeating deadlines whose trigger moved counted from the new date.

    They are next due after they were last done. To go on after as many occurrences as before would
    let some pass when the date had been too early, and ask again for some when too late.
    """
    settled, known = dict(case.settled), case.known()
    for rule in clocks.rules:
        settlement, trigger = settled.get(rule.act), known.get(rule.trigger)
        if not rule.repeats_months or settlement is None or trigger is None:
            continue
        old = case.deadline(rule.id)
        moved = old is None or old.trigger_on != trigger.on
        if moved and (settlement.occurrence or settlement.kind is Settled.CHECKED):
            after = occurrence_after(rule, trigger.on, settlement.on, clocks.calendar)
            settled[rule.act] = replace(settlement, occurrence=after)
    return settled


def record_date(
    case: Case, names: "Mapping[str, DateName]", name: str, on: date | None, actor: Actor
) -> Case:
    """A date is recorded or corrected; `on` is None for a date that is not known after all.

    Raises `NotPossible`.
    """
    if name not in names:
        known = ", ".join(sorted(names))
        raise NotPossible(f"There is no date called {name}. The dates are: {known}.")
    if on is not None:
        _ensure_plausible(names[name].label, on, actor, planned=names[name].planned)
    earlier = case.recorded.get(name)
    if earlier is not None and earlier.on == on:
        return case
    return _dated(case, name, RecordedDate(on, actor.name, actor.at))


def ensure_in_order(case: Case, clocks: Clocks, names: "Mapping[str, DateName]", name: str) -> None:
    """Raise `NotPossible` when a date that was just recorded meets a duty before its clock starts.

    A year that was mistyped would otherwise silence the duty. Dates given as estimates are not held
    against each other.
    """
    known = case.known()
    for rule in clocks.rules:
        start, done = known.get(rule.trigger), known.get(rule.met_by)
        if name not in (rule.trigger, rule.met_by) or start is None or done is None:
            continue
        if rule.counted == "before":  # it is done before the day that it is counted back from
            continue
        if done.on < start.on and not start.estimated and not done.estimated:
            first, second = _said(names, rule.met_by), _said(names, rule.trigger)
            raise NotPossible(
                f"{first} on {say_date(done.on)} would be before {second} on "
                f"{say_date(start.on)}. Check the year, or correct the other date first.",
                "on",
            )


def _said(names: "Mapping[str, DateName]", name: str) -> str:
    return names[name].label if name in names else "the referral was received"


def meet(
    case: Case,
    clocks: Clocks,
    names: "Mapping[str, DateName]",
    act: str,
    on: date,
    actor: Actor,
) -> Case:
    """A duty was done on a day: all its clocks are met, or go on to their next occurrence.

    Raises `NotPossible`.
    """
    rules = _rules(clocks, act)
    _ensure_plausible(rules[0].label, on, actor, planned=False)
    repeating = next((rule for rule in rules if rule.repeats_months), None)
    if repeating is not None:
        return _settled(case, act, _checked(case, clocks, repeating, on, actor))
    if rules[0].met_by == RECEIVED:
        raise NotPossible("It was met when the referral was received.")
    if rules[0].met_by:
        case = record_date(case, names, rules[0].met_by, on, actor)
        ensure_in_order(case, clocks, names, rules[0].met_by)
        return _unsettled(case, act, on, actor)
    return _settled(case, act, Settlement(Settled.MET, on, actor.name, actor.at))


def settle(case: Case, clocks: Clocks, act: str, kind: Settled, reason: str, actor: Actor) -> Case:
    """A duty is withdrawn or does not apply, or is in force (again). Raises `NotPossible`.

    In force again, a duty that repeats is due again as it was before it was last done.
    """
    rules = _rules(clocks, act)
    ensure_told(reason)
    met_by = rules[0].met_by
    if kind is Settled.IN_FORCE and met_by != RECEIVED and met_by in case.known():
        case = _dated(case, met_by, RecordedDate(None, actor.name, actor.at))
    earlier = case.settled.get(act)
    undone = kind is Settled.IN_FORCE and earlier is not None and earlier.kind is Settled.CHECKED
    occurrence = (earlier.met if undone else earlier.occurrence) if earlier else 0
    today = local_date(actor.at)
    settlement = Settlement(kind, today, actor.name, actor.at, reason.strip(), occurrence)
    return _settled(case, act, settlement)


def _checked(
    case: Case, clocks: Clocks, rule: "DeadlineRule", on: date, actor: Actor
) -> Settlement:
    """A repeating duty was done. An earlier day than was told before corrects that one."""
    deadline, earlier = _running(case, rule), case.settled.get(rule.act)
    corrects = earlier is not None and earlier.kind is Settled.CHECKED and on < earlier.on
    met = earlier.met if earlier is not None and corrects else deadline.occurrence
    done = replace(deadline, occurrence=met)
    following = next_occurrence(rule, done, on, clocks.calendar)
    return Settlement(Settled.CHECKED, on, actor.name, actor.at, occurrence=following, met=met)


def differences(before: Case | None, after: Case) -> dict[str, str]:
    """What moved, for the audit trail: `deadline.<rule>` -> `2026-12-04 open to 2026-12-08 met`.

    Of a case that there was before, its stage, assignee and outcome too.
    """
    old = {item.rule: _state_text(item) for item in (before.deadlines if before else ())}
    new = {item.rule: _state_text(item) for item in after.deadlines}
    moved = {
        f"deadline.{rule}": f"{old.get(rule, 'none')} to {new.get(rule, 'none')}"
        for rule in sorted(old.keys() | new.keys())
        if old.get(rule) != new.get(rule)
    }
    return moved if before is None else moved | _work_differences(before.work, after.work)


def _work_differences(before: CaseWork, after: CaseWork) -> dict[str, str]:
    pairs = {
        "stage": (before.stage.value, after.stage.value),
        "assignee": (before.assignee, after.assignee),
        "outcome": (before.outcome, after.outcome),
    }
    return {
        name: f"{old or 'none'} to {new or 'none'}"
        for name, (old, new) in pairs.items()
        if old != new
    }


def _state_text(deadline: Deadline) -> str:
    return f"{deadline.due_on.isoformat()} {deadline.state.value}"


def _rules(clocks: Clocks, act: str) -> "tuple[DeadlineRule, ...]":
    rules = clocks.rules_of(act)
    if not rules:
        known = ", ".join(sorted({rule.act for rule in clocks.rules}))
        raise NotPossible(f"There is no deadline called {act}. The deadlines are: {known}.")
    return rules


def _running(case: Case, rule: "DeadlineRule") -> Deadline:
    deadline = case.deadline(rule.id)
    if deadline is None and rule.trigger in case.known():
        raise NotPossible("By its rule it does not apply to this case: put it in force first.")
    if deadline is None:
        raise NotPossible(f"Its clock has not started: record the date {rule.trigger} first.")
    return deadline


def _settled(case: Case, act: str, settlement: Settlement) -> Case:
    earlier = case.settled.get(act)
    same = earlier is not None and (earlier.kind, earlier.on, earlier.reason) == (
        settlement.kind,
        settlement.on,
        settlement.reason,
    )
    if same:
        return case
    if earlier is not None:
        superseded = (*case.superseded_settlements, SupersededSettlement(act, earlier))
        case = _with_room(replace(case, superseded_settlements=superseded))
    return replace(case, settled={**case.settled, act: settlement})


def _dated(case: Case, name: str, recorded: RecordedDate) -> Case:
    """A date in place of the one recorded before, which is kept: nothing is overwritten."""
    if name in case.recorded:
        superseded = (*case.superseded_dates, SupersededDate(name, case.recorded[name]))
        case = _with_room(replace(case, superseded_dates=superseded))
    return replace(case, recorded={**case.recorded, name: recorded})


def _with_room(case: Case) -> Case:
    reasons = [one.settlement.reason for one in case.superseded_settlements]
    kept = _SUPERSEDED * (len(case.superseded_dates) + len(reasons))
    if kept + sum(len(reason.encode("utf-8")) for reason in reasons) > MOST_SUPERSEDED:
        raise NotPossible("The case cannot hold one more correction. Ask whoever runs the service.")
    return case


def _unsettled(case: Case, act: str, on: date, actor: Actor) -> Case:
    """What was settled otherwise gives way to its having been done; a set-aside condition stays."""
    if act not in case.settled:
        return case
    return _settled(case, act, Settlement(Settled.IN_FORCE, on, actor.name, actor.at))


def ensure_told(reason: str) -> None:
    """Raises `NotPossible` unless it is a reason that can be kept and shown."""
    if not reason.strip():
        raise NotPossible("Give the reason. It is kept with the case.", "reason")
    if len(reason) > LONGEST_REASON:
        text = f"The reason is longer than {LONGEST_REASON} characters. Shorten it."
        raise NotPossible(text, "reason")
    if not all(letter.isprintable() or letter == "\n" for letter in reason):
        text = "The reason holds characters that cannot be shown. Type it again."
        raise NotPossible(text, "reason")


def _ensure_plausible(what: str, on: date, actor: Actor, *, planned: bool) -> None:
    today = local_date(actor.at)
    if on < EARLIEST:
        raise NotPossible(f"{say_date(on)} is too long ago. Check the year.", "on")
    if planned and on > today + FURTHEST:
        raise NotPossible(f"{say_date(on)} is too far ahead. Check the year.", "on")
    if not planned and on > today:
        raise NotPossible(
            f"{say_date(on)} has not come yet. Record a date when it has happened: {what}.", "on"
        )
