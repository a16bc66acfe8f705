"""Change one case: new deadlines, the reminders that follow, the audit row, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import (
    Actor,
    Beside,
    CaseChange,
    NotPossible,
    differences,
    recomputed,
)
from chalicelib.referrals.case_steps import ensure_may, ensure_may_open, ensure_open
from chalicelib.referrals.clocks import Clocks, clocks_of, is_yearly
from chalicelib.referrals.delivery import LIVE, Delivery, Kind, State
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.reminders import plan
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.compose_submission import outbox_row, random_id
from chalicelib.use_cases.ports import CaseChanged, Services, StoreBusy

# Two people at one case at once is rare; more attempts than this is a fault.
ATTEMPTS = 5
# One transaction takes 100 actions: the case, its six places in lists, two audit rows, two outbox
# rows and an addition besides reminders.
MOST_REMINDERS = 88
PARTLY = "partly recomputed"
Transition = Callable[[Case, Clocks], Case]


def change_case(
    deps: Services,
    reference: str,
    actor: Actor,
    action: str,
    transition: Transition,
    details: Mapping[str, str],
    expected_version: int | None = None,
    beside: Beside | None = None,
) -> Case:
    """Apply a transition to the case as it is now, and store what follows; gives the case after.

    Nothing is written when nothing changes. `expected_version` is the one that a person saw;
    `beside` is stored with the change. Raises `NotPossible` (also for a reference that is no case),
    `NotAllowed`, `CaseChanged` when another person has changed the case since that version or it
    has none such yet, `StoreBusy`.
    """
    attempts, stored_partly = ATTEMPTS, False
    while attempts:
        before = found_case(deps, reference, actor, action)
        clocks = clocks_of(deps.partnership, reference, before.stream)
        after = before
        if not stored_partly:
            if expected_version is not None:
                ensure_seen(before, expected_version)
            after = _changed(deps, before, clocks, actor, action, transition)
        after = recomputed(after, clocks)
        if after == before:
            return before
        change = fitting(deps, clocks, before, after, actor, action, details)
        if beside is not None and not stored_partly:
            change = replace(change, beside=beside)
        try:
            deps.cases.change(change)
        except CaseChanged:
            attempts -= 1
            continue
        if change.after.rules_version == clocks.version:
            return change.after
        stored_partly = True
    raise StoreBusy


def ensure_seen(case: Case, version: int) -> None:
    """Raise `CaseChanged` when a person has changed the case since a version that another saw."""
    if not case.touched <= version <= case.version:
        raise CaseChanged


def found_case(deps: Services, reference: str, actor: Actor, action: str) -> Case:
    """The case, for whoever may open it. Raises `NotAllowed`, of a command `NotPossible`."""
    found = deps.cases.find(reference)
    if actor.person is None:
        if found is None:
            raise NotPossible("There is no case with this reference. Check the reference.")
        return found
    return opened(deps, found, reference, actor.person, action)


def opened(deps: Services, found: Case | None, reference: str, person: Person, action: str) -> Case:
    """The case that was found, for a person who may open it.

    Raises `NotAllowed`, alike whether there is none or they may not: the refusal is in the audit
    trail.
    """
    try:
        if found is None or is_yearly(reference):
            raise NotAllowed("no such case")
        ensure_may_open(found.work, person)
    except NotAllowed as refused:
        # What is no reference of a case may be anything that was typed: it is not kept.
        known = reference if found else ""
        note(deps, person, "refused", known, {"to": action, "why": refused.why})
        raise
    return found


def _changed(
    deps: Services,
    before: Case,
    clocks: Clocks,
    actor: Actor,
    action: str,
    transition: Transition,
) -> Case:
    try:
        return transition(before, clocks)
    except NotAllowed as refused:
        if actor.person is not None:
            details = {"to": action, "why": refused.why}
            note(deps, actor.person, "refused", before.reference, details)
        raise


def acting(deps: Services, who: str | Person) -> Actor:
    """Who acts now: somebody who signed in, or by name whoever runs the command."""
    now = deps.clock.now()
    return Actor(who, now) if isinstance(who, str) else Actor(who.name, now, who)


def ensure_may_work(case: Case, actor: Actor) -> None:
    """Raise `NotAllowed` unless they may work on the case, `NotPossible` if it is closed."""
    if actor.person is not None:
        ensure_may(case.work, actor.person, Right.WORK_CASES)
    ensure_open(case.work)


def fitting(
    deps: Services,
    clocks: Clocks,
    before: Case,
    after: Case,
    actor: Actor,
    action: str,
    details: Mapping[str, str],
    most: int = MOST_REMINDERS,
) -> CaseChange:
    """The whole change; when one transaction cannot take it, that of as many rules as it can.

    `most` is how many reminders it can take. The case then still says that it follows other rules,
    so the rest is not forgotten.
    """
    moved = [
        rule.id for rule in clocks.rules if before.deadline(rule.id) != after.deadline(rule.id)
    ]
    while True:
        change = compose_change(deps, clocks, before, after, actor, action, details, most)
        if len(change.add) + len(change.cancel) <= most or len(moved) <= 1:
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
    most: int = MOST_REMINDERS,
) -> CaseChange:
    """Everything that going from one case to the next stores."""
    existing: tuple[Delivery, ...] = ()
    if before is not None:
        existing = deps.cases.reminders(before.reference)
        version = before.version + 1
        touched = before.touched if actor.is_service else version
        after = replace(after, version=version, touched=touched)
    reminders = plan(clocks.rules, before, after, existing, clocks.calendar, actor.at)
    moved = bool(reminders.add or reminders.cancel)
    # What failed long ago is not sent any more: of too many, the ones that still wait go first.
    cancel = sorted(reminders.cancel, key=lambda row: row.state is State.FAILED)
    live = sum(row.state in LIVE for row in cancel)
    room = max(most - len(reminders.add), live)
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
            actor=actor.id,
            action=action,
            details={**details, **differences(before, after)},
            name=actor.person.name if actor.person else "",
        ),
    )
