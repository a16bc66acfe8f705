"""The audit trail: who saw or did what. Reading it is in it too."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.reference import is_reference
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.ports import Services

PAGE = 50
_CURSOR = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#[0-9a-f]{32}")


@dataclass(frozen=True)
class Trail:
    """A page of entries, newest first; `after` is the cursor of the next page, None on the last."""

    entries: tuple[AuditEntry, ...]
    after: str | None


def note(
    deps: Services,
    person: Person,
    action: str,
    reference: str = "",
    details: Mapping[str, str] | None = None,
) -> None:
    """Record what somebody saw or did. Raises `StoreBusy`."""
    deps.audit.add(
        AuditEntry(
            id=random_id(),
            reference=reference,
            at=deps.clock.now(),
            actor=person.id,
            action=action,
            details=details or {},
            name=person.name,
        )
    )


def trail_of_case(
    deps: Services, reference: str, person: Person, *, after: str | None = None, limit: int = PAGE
) -> Trail:
    """What was seen and done of a case.

    Raises `NotAllowed`, also when there is no such case; `NotPossible`, `StoreBusy`.
    """
    _ensure_may_read(deps, person, after)
    # What is no reference of a case may be anything that was typed: it is not kept.
    if not is_reference(reference):
        raise _refused(deps, person, "", "no such case")
    barred = barred_from(deps, reference)
    if barred is None:  # answered alike, or the answer would tell who is barred of a case
        raise _refused(deps, person, "", "no such case")
    if person.id in barred:
        raise _refused(deps, person, reference, "conflict of interest")
    note(deps, person, "read the audit trail", reference, {"of": "a case"})
    trail = history_of(deps, reference, after=after, limit=limit)
    return replace(trail, entries=_readable(trail.entries, person))


def trail_of_day(
    deps: Services, day: date, person: Person, *, after: str | None = None, limit: int = PAGE
) -> Trail:
    """What was seen and done on a day of UTC, but in cases that this person is barred from.

    So a page may hold fewer entries than `limit`, or none, and yet have another after it. Raises
    `NotAllowed`, `NotPossible`, `StoreBusy`.
    """
    _ensure_may_read(deps, person, after)
    note(deps, person, "read the audit trail", "", {"of": day.isoformat()})
    entries, following = deps.audit.of_day(day, after=after, limit=limit)
    barred = _barred_among(deps, entries, person)
    seen = tuple(entry for entry in entries if entry.reference not in barred)
    return Trail(_readable(seen, person), following)


def history_of(
    deps: Services, reference: str, *, after: str | None = None, limit: int = PAGE
) -> Trail:
    """What was seen and done of a case that somebody has opened: a part of it."""
    entries, following = deps.audit.of_case(reference, after=after, limit=limit)
    return Trail(tuple(entries), following)


def barred_from(deps: Services, reference: str) -> Collection[str] | None:
    """The ids of who may know nothing of a case, also when it was disposed of; None without one."""
    case = deps.cases.find(reference)
    if case is not None:
        return case.work.barred
    proof = deps.disposals.find(reference)
    return None if proof is None else proof.barred


def _ensure_may_read(deps: Services, person: Person, after: str | None) -> None:
    if not person.may(Right.READ_AUDIT):
        raise _refused(deps, person, "", "wrong role")
    if after is not None and _CURSOR.fullmatch(after) is None:
        raise NotPossible("This page is not there. Start again from the first page.")


def _refused(deps: Services, person: Person, reference: str, why: str) -> NotAllowed:
    note(deps, person, "refused", reference, {"to": "read the audit trail", "why": why})
    return NotAllowed(why)


def _barred_among(deps: Services, entries: Sequence[AuditEntry], person: Person) -> set[str]:
    """The references that this person may know nothing of: one read of each case of the page."""
    references = {entry.reference for entry in entries} - {""}
    return {one for one in references if person.id in (barred_from(deps, one) or ())}


def _readable(entries: tuple[AuditEntry, ...], person: Person) -> tuple[AuditEntry, ...]:
    """Who may read no case sees that somebody acted in one, not what came of it."""
    if person.may(Right.READ_CASES):
        return entries
    return tuple(replace(one, details={}) if one.reference else one for one in entries)
