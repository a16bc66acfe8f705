"""Change two cases in one transaction: both as they were read, with an audit row each, or none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor, CaseChange, NotPossible, recomputed
from chalicelib.referrals.clocks import clocks_of
from chalicelib.referrals.staff import NotAllowed
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.change_case import (
    ATTEMPTS,
    MOST_REMINDERS,
    change_case,
    ensure_seen,
    fitting,
    found_case,
)
from chalicelib.use_cases.ports import CaseChanged, Services, StoreBusy

# Each may fill half of a transaction of 100 actions.
MOST_OF_EACH = MOST_REMINDERS - 50
# Alike whether there is none or they may not open it.
NO_SUCH_CASE = "There is no case with this reference that you may open. Check the reference."
Pair = tuple[Case, Case]


@dataclass(frozen=True)
class PairAct:
    """What is done to two cases: its name in the trail of each, what it makes of them, and what
    the trail says of it beside what changed."""

    actions: tuple[str, str]
    transition: Callable[[Case, Case], Pair]
    details: Mapping[str, str]


def change_both(
    deps: Services, this: str, other: str, actor: Actor, act: PairAct, expected_version: int
) -> Case:
    """Apply an act to two cases as they are now; gives the first of them after it.

    `expected_version` is that of the first, which somebody has open. Raises `NotPossible`, also
    when they may not open the other; `NotAllowed`, `CaseChanged`, `StoreBusy`.
    """
    for _ in range(ATTEMPTS):
        before = _both(deps, this, other, actor, act)
        ensure_seen(before[0], expected_version)
        after = _acted(deps, before, actor, act)
        changes = [_composed(deps, before, after, actor, act, place) for place in (0, 1)]
        try:
            deps.cases.change_all(changes)
        except CaseChanged:
            continue
        first, _ = (_finished(deps, change, actor) for change in changes)
        return first
    raise StoreBusy


def _both(deps: Services, this: str, other: str, actor: Actor, act: PairAct) -> Pair:
    first = found_case(deps, this, actor, act.actions[0])
    if other == this:
        return first, first
    try:
        return first, found_case(deps, other, actor, act.actions[0])
    except NotAllowed:
        raise NotPossible(NO_SUCH_CASE, "other") from None


def _acted(deps: Services, before: Pair, actor: Actor, act: PairAct) -> Pair:
    try:
        return act.transition(*before)
    except NotAllowed as refused:
        if actor.person is not None:
            details = {"to": act.actions[0], "why": refused.why}
            note(deps, actor.person, "refused", before[0].reference, details)
        raise


def _composed(
    deps: Services, before: Pair, after: Pair, actor: Actor, act: PairAct, place: int
) -> CaseChange:
    case, action = before[place], act.actions[place]
    clocks = clocks_of(deps.partnership, case.reference, case.stream)
    changed = recomputed(after[place], clocks)
    return fitting(deps, clocks, case, changed, actor, action, act.details, MOST_OF_EACH)


def _finished(deps: Services, change: CaseChange, actor: Actor) -> Case:
    """The case after its change, and after what one transaction could not take of it."""
    case = change.after
    if case.rules_version == clocks_of(deps.partnership, case.reference, case.stream).version:
        return case
    return change_case(deps, case.reference, actor, change.audit.action, _as_it_is, {})


def _as_it_is(case: Case, _: object) -> Case:
    return case
