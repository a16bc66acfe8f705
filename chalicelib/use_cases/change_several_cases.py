"""Change several cases in one transaction: all as they were read, with an audit row each, or none.

Merged cases are of one matter: whoever has a conflict of interest in one has it in all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor, CaseChange, NotPossible, recomputed
from chalicelib.referrals.case_linking import with_conflicts_of
from chalicelib.referrals.case_work import CaseWork
from chalicelib.referrals.clocks import clocks_of
from chalicelib.referrals.staff import NotAllowed
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.change_case import (
    ATTEMPTS,
    MOST_REMINDERS,
    change_case,
    compose_change,
    ensure_seen,
    fitting,
    found_case,
)
from chalicelib.use_cases.ports import CaseChanged, Services, StoreBusy

# Each of two may fill half of a transaction of 100 actions.
MOST_OF_EACH = MOST_REMINDERS - 50
# A case whose deadlines stay: its row, six places in lists, two audit rows.
_WITHOUT_REMINDERS = 9
# How many cases may be merged into one, that one among them: when two are merged, the others fill
# 54 actions, which leaves 11 reminders to each of the two.
MOST_MERGED = 8
# Alike whether there is none or they may not open it.
NO_SUCH_CASE = "There is no case with this reference that you may open. Check the reference."
TOO_MANY = (
    f"More than {MOST_MERGED} cases would be merged into one. Link this one as related instead, "
    "and close it with its own outcome."
)
Pair = tuple[Case, Case]


@dataclass(frozen=True)
class PairAct:
    """What is done to two cases: its name in the trail of each, what it makes of them, and what
    the trail says of it beside what changed. `merges` is whether they become one."""

    actions: tuple[str, str]
    transition: Callable[[Case, Case], Pair]
    details: Mapping[str, str]
    merges: bool = False


@dataclass(frozen=True)
class MergedAct:
    """What is done to a case, and what then to each that is merged with it."""

    action: str
    step: Callable[[Case], CaseWork]
    follow: Callable[[Case], CaseWork]
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
        others = merged_with(deps, *before) if act.merges else []
        if len(others) + len(before) > MOST_MERGED:
            raise NotPossible(TOO_MANY, "other")
        most = most_of_each(len(others))
        changes = [_composed(deps, before, after, actor, act, place, most) for place in (0, 1)]
        try:
            deps.cases.change_all([*changes, *_following(deps, others, after[0], actor, act)])
        except CaseChanged:
            continue
        first, _ = (_finished(deps, change, actor) for change in changes)
        return first
    raise StoreBusy


def most_of_each(others: int) -> int:
    """How many reminders each of two cases may change in one transaction with so many others."""
    return MOST_OF_EACH - (others * _WITHOUT_REMINDERS + 1) // 2


def change_merged(
    deps: Services, reference: str, actor: Actor, act: MergedAct, expected_version: int
) -> Case:
    """Change a case and all that are merged with it, which somebody need not have open.

    No act moves a deadline. Raises as `change_both` does.
    """
    for _ in range(ATTEMPTS):
        before = found_case(deps, reference, actor, act.action)
        ensure_seen(before, expected_version)
        try:
            after = replace(before, work=act.step(before))
        except NotAllowed as refused:
            _note_refused(deps, actor, act.action, reference, refused)
            raise
        pairs = [(case, replace(case, work=act.follow(case))) for case in merged_with(deps, before)]
        changes = [
            _undated(deps, old, new, actor, act.action, act.details)
            for old, new in ((before, after), *pairs)
            if new != old
        ]
        try:
            deps.cases.change_all(changes)
        except CaseChanged:
            continue
        return _finished(deps, changes[0], actor)
    raise StoreBusy


def merged_with(deps: Services, *cases: Case) -> list[Case]:
    """The other cases that are merged with these, however far; not those that are not kept."""
    found = {case.reference: case for case in cases}
    waiting = list(cases)
    while waiting:
        for link in waiting.pop().work.links:
            if link.kind.merges and link.other not in found:
                other = deps.cases.find(link.other)
                if other is not None:
                    found[link.other] = other
                    waiting.append(other)
    return list(found.values())[len(cases) :]


def _following(
    deps: Services, others: Sequence[Case], merged: Case, actor: Actor, act: PairAct
) -> list[CaseChange]:
    """Of what is merged with one of the two already, those in which somebody has to be barred."""
    details = {**act.details, "changed": "conflicts"}
    pairs = [(case, with_conflicts_of(case, merged)) for case in others]
    action = "took over conflicts of interest"
    return [
        _undated(deps, old, new, actor, action, details)
        for old, new in pairs
        if old.work != new.work
    ]


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
        _note_refused(deps, actor, act.actions[0], before[0].reference, refused)
        raise


def _note_refused(
    deps: Services, actor: Actor, action: str, reference: str, refused: NotAllowed
) -> None:
    if actor.person is not None:
        note(deps, actor.person, "refused", reference, {"to": action, "why": refused.why})


def _composed(
    deps: Services, before: Pair, after: Pair, actor: Actor, act: PairAct, place: int, most: int
) -> CaseChange:
    case, action = before[place], act.actions[place]
    clocks = clocks_of(deps.partnership, case.reference, case.stream)
    changed = recomputed(after[place], clocks)
    return fitting(deps, clocks, case, changed, actor, action, act.details, most)


def _undated(
    deps: Services,
    before: Case,
    after: Case,
    actor: Actor,
    action: str,
    details: Mapping[str, str],
) -> CaseChange:
    """A change that leaves deadlines and reminders for `_finished`, or for whoever comes next."""
    clocks = clocks_of(deps.partnership, before.reference, before.stream)
    change = compose_change(deps, clocks, before, after, actor, action, details)
    return replace(change, add=(), cancel=(), outbox=None)


def _finished(deps: Services, change: CaseChange, actor: Actor) -> Case:
    """The case after its change, and after what one transaction could not take of it."""
    case = change.after
    if case.rules_version == clocks_of(deps.partnership, case.reference, case.stream).version:
        return case
    return change_case(deps, case.reference, actor, change.audit.action, _as_it_is, {})


def _as_it_is(case: Case, _: object) -> Case:
    return case
