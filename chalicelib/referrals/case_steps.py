"""What staff may do with a case, pure: the work before in, the work after out.

Each raises `NotAllowed` when the person may not, and `NotPossible` when nobody could.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime

from chalicelib.referrals.case_change import NotPossible, ensure_told
from chalicelib.referrals.case_work import (
    RECORDED,
    CaseWork,
    Conflict,
    EndedConflict,
    Move,
    Stage,
    follows,
    onward,
)
from chalicelib.referrals.staff import NotAllowed, Person, Right

# All that staff write into one case, in bytes: a row of the table holds 400 KB.
MOST_TEXT = 200_000
# A case that is full still keeps people out: these are bounded by their number instead.
MOST_CONFLICTS = 20


def ensure_may_open(work: CaseWork, person: Person) -> None:
    """Raise `NotAllowed` unless this person may read the case."""
    if not person.may(Right.READ_CASES):
        raise NotAllowed("wrong role")
    if person.id in work.barred:
        raise NotAllowed("conflict of interest")


def ensure_may(work: CaseWork, person: Person, right: Right) -> None:
    """Raise `NotAllowed` unless this person may act so in the case."""
    ensure_may_open(work, person)
    if not person.may(right):
        raise NotAllowed("wrong role")


def ensure_open(work: CaseWork) -> None:
    """Raise `NotPossible` for a case that is closed."""
    if work.is_closed:
        raise NotPossible("The case is closed. A manager can reopen it.")


def moved(work: CaseWork, stage: Stage, reason: str, person: Person, at: datetime) -> CaseWork:
    """The case goes on to its next stage; anywhere else only by a manager, with a reason."""
    ensure_may(work, person, Right.READ_CASES)
    ensure_open(work)
    if stage is work.stage:
        raise NotPossible("The case is at this stage already.", "stage")
    if stage is Stage.CLOSED:
        raise NotPossible("Close the case with its outcome instead.", "stage")
    if not work.has_recorded(stage):
        text = f"Record the {RECORDED[stage]} first: the case then moves by itself."
        raise NotPossible(text, "stage")
    if stage in onward(work) and person.may(Right.WORK_CASES):
        return at_stage(work, stage, reason.strip(), person, at)
    return overruled(work, stage, reason, person, at)


def carried_on(work: CaseWork, stage: Stage, person: Person, at: datetime) -> CaseWork:
    """The case moved to a stage that follows from what was just recorded, if that is the next."""
    if not follows(stage, work.stage):
        return work
    return at_stage(work, stage, "", person, at)


def assigned(work: CaseWork, assignee: str, name: str, person: Person) -> CaseWork:
    """Somebody works on it from now on; nobody does when `assignee` is empty."""
    ensure_may(work, person, Right.WORK_CASES)
    ensure_open(work)
    if assignee in work.barred:
        raise NotPossible(
            "This person has a conflict of interest. Choose somebody else.", "assignee"
        )
    if assignee and not name.strip():
        raise NotPossible("Give the name of the person who is to work on it.", "assignee")
    return replace(work, assignee=assignee, assignee_name=name.strip() if assignee else "")


def barred(work: CaseWork, who: str, conflict: Conflict, person: Person) -> CaseWork:
    """Somebody may no longer open the case, nor work on it. `who` is their id.

    However much text a case holds: there is always room to keep somebody out of it.
    """
    ensure_may(work, person, Right.MANAGE)
    ensure_told(conflict.reason)
    if not who:
        raise NotPossible("Choose the person who has the conflict of interest.", "person")
    if who == person.id:
        raise NotPossible("Ask another manager to record your own conflict of interest.", "person")
    if who in work.conflicts:
        raise NotPossible("This person's conflict of interest is recorded already.", "person")
    if len(work.conflicts) >= MOST_CONFLICTS:
        raise NotPossible("The case has many conflicts of interest already. End one first.")
    return also_barred(work, {who: conflict})


def also_barred(work: CaseWork, conflicts: Mapping[str, Conflict]) -> CaseWork:
    """The work with the conflicts of a case that it is merged with, besides its own."""
    work = replace(work, conflicts={**conflicts, **work.conflicts})
    if work.assignee in work.barred:
        work = replace(work, assignee="", assignee_name="")
    return work


def unbarred(work: CaseWork, who: str, reason: str, person: Person, at: datetime) -> CaseWork:
    """Somebody has no conflict of interest after all, or no longer. That there was one is kept."""
    ensure_may(work, person, Right.MANAGE)
    ensure_told(reason)
    if who not in work.conflicts:
        raise NotPossible("This person has no conflict of interest in this case.", "person")
    return also_unbarred(work, who, reason, person.name, at)


def also_unbarred(work: CaseWork, who: str, reason: str, by: str, at: datetime) -> CaseWork:
    """The work without somebody's conflict, as it ended in a case that it is merged with."""
    if who not in work.conflicts:
        return work
    left = {one: conflict for one, conflict in work.conflicts.items() if one != who}
    ended = EndedConflict(who, work.conflicts[who], reason, by, at)
    return roomy(replace(work, conflicts=left, ended_conflicts=(*work.ended_conflicts, ended)))


def roomy(work: CaseWork) -> CaseWork:
    """The work itself; raises `NotPossible` when it is more text than one case can hold."""
    if sum(len(text.encode("utf-8")) for text in _texts(work)) > MOST_TEXT:
        raise NotPossible("The case holds no more text. Write less, and refer to a document.")
    return work


def overruled(
    work: CaseWork,
    stage: Stage,
    reason: str,
    person: Person,
    at: datetime,
    outcome: str | None = None,
) -> CaseWork:
    """A move off the way onward: only a manager may, with a reason."""
    if not person.may(Right.MANAGE):
        raise NotAllowed("wrong role")
    ensure_told(reason)
    return at_stage(work, stage, reason.strip(), person, at, outcome)


def at_stage(
    work: CaseWork,
    stage: Stage,
    reason: str,
    person: Person,
    at: datetime,
    outcome: str | None = None,
) -> CaseWork:
    """The case at another stage, with the move that brought it there."""
    if reason:
        ensure_told(reason)
    move = Move(at, person.id, person.name, work.stage, stage, reason, outcome)
    return roomy(replace(work, stage=stage, moves=(*work.moves, move)))


def _texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep: what staff wrote, and the ids and names beside it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield name
            yield from _texts(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif is_dataclass(value):
        for item in fields(value):
            yield from _texts(getattr(value, item.name))
