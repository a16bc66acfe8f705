"""Change one case: new deadlines, the reminders that follow, the audit row, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import (
    Actor,
    CaseChange,
    NotPossible,
    differences,
    recomputed,
)
from chalicelib.referrals.clocks import Clocks, clocks_of
from chalicelib.referrals.delivery import LIVE, Delivery, Kind, State
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.reminders import plan
from chalicelib.use_cases.compose_submission import outbox_row, random_id
from chalicelib.use_cases.ports import CaseChanged, Services, StoreBusy

# Two people at one case at once is rare; more attempts than this is a fault.
_ATTEMPTS = 5
# One transaction takes 100 actions: the case, its audit row and an outbox row besides reminders.
MOST_REMINDERS = 95
PARTLY = "partly recomputed"
Transition = Callable[[Case, Clocks], Case]


def change_case(
    deps: Services,
    reference: str,
    actor: Actor,
    action: str,
    transition: Transition,
    details: Mapping[str, str],
) -> Case:
    """Apply a transition to the case as it is now, and store what follows; gives the case after.

    Nothing is written when nothing changes. Raises `NotPossible` (also for a reference that is no
    case), `StoreBusy`.
    """
    attempts = _ATTEMPTS
    while attempts:
        before = deps.cases.find(reference)
        if before is None:
            raise NotPossible("There is no case with this reference. Check the reference.")
        clocks = clocks_of(deps.partnership, reference, before.stream)
        after = recomputed(transition(before, clocks), clocks)
        if after == before:
            return before
        change = _fitting(deps, clocks, before, after, actor, action, details)
        try:
            deps.cases.change(change)
        except CaseChanged:
            attempts -= 1
            continue
        if change.after.rules_version == clocks.version:
            return change.after
    raise StoreBusy


def _fitting(
    deps: Services,
    clocks: Clocks,
    before: Case,
    after: Case,
    actor: Actor,
    action: str,
    details: Mapping[str, str],
) -> CaseChange:
    """The whole change; when one transaction cannot take it, that of as many rules as it can.

    The case then still says that it follows other rules, so the rest is not forgotten.
    """
    moved = [
        rule.id for rule in clocks.rules if before.deadline(rule.id) != after.deadline(rule.id)
    ]
    while True:
        change = compose_change(deps, clocks, before, after, actor, action, details)
        if len(change.add) + len(change.cancel) <= MOST_REMINDERS or len(moved) <= 1:
            return change
        moved = moved[: len(moved) // 2]
        after = _partly(before, after, moved)


def _partly(before: Case, after: Case, rules: Sequence[str]) -> Case:
    moved = [item for item in after.deadlines if item.rule in rules]
    left = [item for item in before.deadlines if item.rule not in rules]
    return replace(after, deadlines=(*moved, *left), rules_version=PARTLY)


def compose_change(
    deps: Services,
    clocks: Clocks,
    before: Case | None,
    after: Case,
    actor: Actor,
    action: str,
    details: Mapping[str, str],
) -> CaseChange:
    """Everything that going from one case to the next stores."""
    existing: tuple[Delivery, ...] = ()
    if before is not None:
        existing = deps.cases.reminders(before.reference)
        after = replace(after, version=before.version + 1)
    reminders = plan(clocks.rules, before, after, existing, clocks.calendar, actor.at)
    moved = bool(reminders.add or reminders.cancel)
    # What failed long ago is not sent any more: of too many, the ones that still wait go first.
    cancel = sorted(reminders.cancel, key=lambda row: row.state is State.FAILED)
    live = sum(row.state in LIVE for row in cancel)
    room = max(MOST_REMINDERS - len(reminders.add), live)
    return CaseChange(
        before=before,
        after=after,
        add=reminders.add,
        cancel=tuple(cancel[:room]),
        outbox=outbox_row(after.reference, after.stream, Kind.SCHEDULES, actor.at)
        if moved
        else None,
        audit=AuditEntry(
            id=random_id(),
            reference=after.reference,
            at=actor.at,
            actor=actor.name,
            action=action,
            details={**details, **differences(before, after)},
        ),
    )
