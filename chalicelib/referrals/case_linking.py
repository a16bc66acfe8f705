"""How two cases are linked, merged and parted: pure, both cases before in, both after out.

Each raises `NotAllowed` when the person may not, and `NotPossible` when nobody could. A case that
is a duplicate takes in no other and becomes no other's duplicate, so there are no circles.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible, ensure_told
from chalicelib.referrals.case_closing import closed
from chalicelib.referrals.case_links import EndedLink, Link, LinkKind
from chalicelib.referrals.case_steps import also_barred, ensure_may, ensure_open, roomy
from chalicelib.referrals.case_work import CaseWork
from chalicelib.referrals.staff import Person, Right

MERGED = "duplicate_merged"
MOST_LINKS = 50
ENDED = "This link has ended already. Open the case again."
# The reason that was typed may tell of the other case, which not everybody here may know: it stays
# with the link.
_CLOSED_BECAUSE = "The link to the other case says why."
_OTHER = "other"


def related(
    this: Case, other: Case, link_id: str, reason: str, person: Person, at: datetime
) -> tuple[Case, Case]:
    """The two cases have to do with each other. The other may be closed, or of another stream."""
    _ensure_may(this, other, person, Right.WORK_CASES)
    ensure_open(this.work)
    _ensure_linkable(this, other, reason)
    if _standing(this.work, other.reference):
        raise NotPossible("The two cases are linked already.", _OTHER)
    return (
        _with_link(this, other, LinkKind.RELATED, link_id, reason, person, at),
        _with_link(other, this, LinkKind.RELATED, link_id, reason, person, at),
    )


def merged(
    this: Case, other: Case, link_id: str, reason: str, person: Person, at: datetime
) -> tuple[Case, Case]:
    """This case was notified a second time: it is closed, and the other goes on.

    Whoever has a conflict of interest in one of them has it in both.
    """
    _ensure_may(this, other, person, Right.MANAGE)
    ensure_open(this.work)
    _ensure_linkable(this, other, reason)
    _ensure_mergeable(this, other)
    this, other = _unrelated(this, other, reason, person, at)
    this, other = with_conflicts_of(this, other), with_conflicts_of(other, this)
    work = closed(this.work, this.stream, MERGED, _CLOSED_BECAUSE, person, at)
    this = replace(this, work=work)
    return (
        _with_link(this, other, LinkKind.DUPLICATE_OF, link_id, reason, person, at),
        _with_link(other, this, LinkKind.ALSO_NOTIFIED_AS, link_id, reason, person, at),
    )


def unlinked(
    this: Case, other: Case, link_id: str, reason: str, person: Person, at: datetime
) -> tuple[Case, Case]:
    """The link ends in both cases. A duplicate stays closed, and conflicts of interest stand."""
    _ensure_may(this, other, person, Right.WORK_CASES)
    link = this.work.link(link_id)
    if link is None or link.other != other.reference:
        raise NotPossible(ENDED, "link")
    if link.kind.merges:
        _ensure_may(this, other, person, Right.MANAGE)
    ensure_told(reason)
    return (
        _without_link(this, link_id, reason, person, at),
        _without_link(other, link_id, reason, person, at),
    )


def unlinked_alone(case: Case, link_id: str, reason: str, person: Person, at: datetime) -> Case:
    """A link to a case that is not kept any more ends."""
    link = case.work.link(link_id)
    if link is None:
        raise NotPossible(ENDED, "link")
    ensure_may(case.work, person, Right.MANAGE if link.kind.merges else Right.WORK_CASES)
    ensure_told(reason)
    return _without_link(case, link_id, reason, person, at)


def _ensure_may(this: Case, other: Case, person: Person, right: Right) -> None:
    for case in (this, other):
        ensure_may(case.work, person, right)


def _ensure_linkable(this: Case, other: Case, reason: str) -> None:
    ensure_told(reason)
    if this.reference == other.reference:
        text = "This is the case that you have open. Give the reference of the other one."
        raise NotPossible(text, _OTHER)
    if max(len(this.work.links), len(other.work.links)) >= MOST_LINKS:
        text = f"One of the two cases has {MOST_LINKS} links already. End one of them first."
        raise NotPossible(text, _OTHER)


def _ensure_mergeable(this: Case, other: Case) -> None:
    if this.stream != other.stream:
        raise NotPossible(
            "One is an adult’s case and the other a child’s: each is reviewed under its own law. "
            "Link them as related instead.",
            _OTHER,
        )
    standing = _standing(this.work, other.reference)
    if standing is not None and standing.kind.merges:
        text = "The two cases are merged already. To merge them again, end that link first."
        raise NotPossible(text, _OTHER)
    if _is_duplicate(this.work):
        text = "This case is linked as a duplicate of another one. End that link first."
        raise NotPossible(text)
    if _is_duplicate(other.work):
        text = "That case is itself a duplicate. Give the reference of the one that goes on."
        raise NotPossible(text, _OTHER)
    if other.work.is_closed:
        raise NotPossible(
            "That case is closed, so nobody would look at this notification. Have a manager "
            "reopen it first, or link the two as related.",
            _OTHER,
        )


def _is_duplicate(work: CaseWork) -> bool:
    return any(link.kind is LinkKind.DUPLICATE_OF for link in work.links)


def _standing(work: CaseWork, reference: str) -> Link | None:
    return next((link for link in work.links if link.other == reference), None)


def _with_link(
    case: Case,
    other: Case,
    kind: LinkKind,
    link_id: str,
    reason: str,
    person: Person,
    at: datetime,
) -> Case:
    link = Link(link_id, other.reference, kind, reason.strip(), person.id, person.name, at)
    return replace(case, work=roomy(replace(case.work, links=(*case.work.links, link))))


def _without_link(case: Case, link_id: str, reason: str, person: Person, at: datetime) -> Case:
    work = case.work
    ended = tuple(
        EndedLink(link, reason.strip(), person.name, at)
        for link in work.links
        if link.id == link_id
    )
    left = tuple(link for link in work.links if link.id != link_id)
    work = replace(work, links=left, ended_links=(*work.ended_links, *ended))
    return replace(case, work=roomy(work))


def _unrelated(
    this: Case, other: Case, reason: str, person: Person, at: datetime
) -> tuple[Case, Case]:
    """What was only related before gives way to the merging."""
    link = _standing(this.work, other.reference)
    if link is None:
        return this, other
    return (
        _without_link(this, link.id, reason, person, at),
        _without_link(other, link.id, reason, person, at),
    )


def with_conflicts_of(case: Case, other: Case) -> Case:
    """The case as it is when it is one with another: whoever is barred from that is from this."""
    return replace(case, work=also_barred(case.work, other.work.conflicts))
