"""Which closed cases may be disposed of, and the proofs of those that were. Looks are audited."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_listing import closed_place
from chalicelib.referrals.disposal import Approval, Proof
from chalicelib.referrals.disposal_steps import standing_approval
from chalicelib.referrals.period import EARLIEST_YEAR
from chalicelib.referrals.reference import is_reference
from chalicelib.referrals.retention import Kept, closed_before, is_over, kept, outcomes_of
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.list_cases import as_stored
from chalicelib.use_cases.ports import Services

PAGE = 25
_EVER = date(EARLIEST_YEAR, 1, 1)
# How many cases one page reads at most: held ones are passed over.
_MOST_READ = 200
_CLOSED_PLACE = re.compile(r"\d{4}-\d\d-\d\d#[A-Z]{2,8}-[A-Z0-9]{4}-[A-Z0-9]{4}")
_PROOF_PLACE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#[A-Z]{2,8}-[A-Z0-9]{4}-[A-Z0-9]{4}"
)


@dataclass(frozen=True)
class Disposable:
    """A case whose time is over. With an approval it is waiting to be deleted."""

    case: Case
    kept: Kept
    approval: Approval | None


@dataclass(frozen=True)
class DisposablePage:
    """`after` is the cursor of the next page, None on the last; `held` how many were passed over
    for a legal hold."""

    rows: tuple[Disposable, ...]
    held: int
    after: str | None


@dataclass(frozen=True)
class ProofPage:
    """`after` is the cursor of the next page, None on the last.

    A page is shorter where proofs are left out that are not for this person.
    """

    rows: tuple[Proof, ...]
    after: str | None


def list_disposable(deps: Services, person: Person, *, after: str | None = None) -> DisposablePage:
    """A page of the cases that may be disposed of, closed longest ago first.

    Raises `NotAllowed`, `NotPossible` for a cursor that is not of this list, `StoreBusy`.
    """
    _ensure_may_dispose(deps, person, "list what may be disposed of")
    if after is not None and _CLOSED_PLACE.fullmatch(after) is None:
        raise NotPossible("This page is not there. Start again from the first page.")
    note(deps, person, "listed what may be disposed of")
    today = local_date(deps.clock.now())
    rows: list[Disposable] = []
    held, cursor = 0, None
    for read, case in enumerate(_closed_longest_ago(deps, today, after)):
        if len(rows) == PAGE or (read >= _MOST_READ and cursor):
            return DisposablePage(tuple(rows), held, cursor)
        known = kept(deps.partnership, case)
        # No page is named by a case that the person may know nothing of.
        if person.id in case.work.barred or known is None or not is_over(known, today):
            continue
        cursor = closed_place(case)
        if case.work.standing_holds:
            held += 1
        else:
            rows.append(Disposable(case, known, standing_approval(case)))
    return DisposablePage(tuple(rows), held, None)


def _closed_longest_ago(deps: Services, today: date, after: str | None) -> Iterator[Case]:
    """The cases after a place whose rules let them go by today, merged from all their lists."""
    place = after
    while True:
        found: list[Case] = []
        ends: list[str] = []
        for stream, outcome, until in _lists(deps, today):
            page, end = deps.cases.closed(stream, outcome, _EVER, until, after=place, limit=PAGE)
            found += page
            ends += [] if end is None else [end]
        # Beyond the first of the lists' ends, that list may hold more.
        place = min(ends, default=None)
        found.sort(key=_place)
        yield from (case for case in found if place is None or _place(case) <= place)
        if place is None:
            return


def _place(case: Case) -> str:
    return closed_place(case) or ""


def _lists(deps: Services, today: date) -> list[tuple[str, str, date]]:
    """Stream, outcome and the day before which a case was closed that may go today."""
    return [
        (rule.stream, outcome, until)
        for rule in deps.partnership.retention
        if (until := closed_before(today, rule.years)) > _EVER
        for outcome in outcomes_of(deps.partnership, rule)
    ]


def list_proofs(deps: Services, person: Person, *, after: str | None = None) -> ProofPage:
    """A page of the proofs of disposal, newest first.

    Raises `NotAllowed`, `NotPossible` for a cursor that is not of this list, `StoreBusy`.
    """
    _ensure_may_dispose(deps, person, "list proofs of disposal")
    if after is not None and _PROOF_PLACE.fullmatch(after) is None:
        raise NotPossible("This page is not there. Start again from the first page.")
    note(deps, person, "listed proofs of disposal")
    rows: list[Proof] = []
    while True:
        found, following = deps.disposals.listed(after=after, limit=PAGE)
        rows += [proof for proof in found if person.id not in proof.barred]
        # The next page is not named by a case that the person may know nothing of.
        hidden = following is not None and bool(found) and person.id in found[-1].barred
        if not hidden:
            return ProofPage(tuple(rows), following)
        after = following


def read_proof(deps: Services, reference: str, person: Person) -> Proof:
    """The proof that a case was disposed of. Raises `NotAllowed`, also without one; `StoreBusy`."""
    _ensure_may_dispose(deps, person, "read a proof of disposal")
    proof = deps.disposals.find(reference) if is_reference(reference) else None
    if proof is None or person.id in proof.barred:
        why = "no such case" if proof is None else "conflict of interest"
        known = reference if proof else ""
        note(deps, person, "refused", known, {"to": "read a proof of disposal", "why": why})
        raise NotAllowed(why)
    note(deps, person, "read a proof of disposal", reference)
    return proof


def search_proof(deps: Services, typed: str, person: Person) -> str | None:
    """The reference of a disposed case that somebody typed, if its proof is for them.

    The search is in the audit trail as that of a case was. Raises `StoreBusy`.
    """
    reference = as_stored(typed, deps.partnership.reference_prefix)
    if reference is None or not person.may(Right.DISPOSE):
        return None
    proof = deps.disposals.find(reference)
    return None if proof is None or person.id in proof.barred else reference


def _ensure_may_dispose(deps: Services, person: Person, what: str) -> None:
    if not person.may(Right.DISPOSE):
        note(deps, person, "refused", "", {"to": what, "why": "wrong role"})
        raise NotAllowed("wrong role")
