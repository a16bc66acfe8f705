"""The open cases, overdue first, a page at a time; and one case by its reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.referrals.case import Case, Deadline
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_listing import Chosen, is_place
from chalicelib.referrals.case_work import Stage
from chalicelib.referrals.clocks import is_yearly
from chalicelib.referrals.reference import read_reference
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.ports import Services

PAGE = 25
# Also one that the partnership takes no referrals of any more.
STREAMS = ("adult", "child")


@dataclass(frozen=True)
class ListedCase:
    """A case in the list."""

    reference: str
    stream: str = ""
    received_at: datetime | None = None
    stage: Stage = Stage.SUBMITTED
    assignee_name: str = ""
    next_deadline: Deadline | None = None
    overdue: bool = False


@dataclass(frozen=True)
class CasePage:
    """`after` is the cursor of the next page, None on the last.

    A page is shorter where cases are left out that the person is barred from.
    """

    rows: tuple[ListedCase, ...]
    after: str | None


def list_cases(
    deps: Services,
    person: Person,
    *,
    stream: str = "",
    stage: str = "",
    assignee: str | None = None,
    after: str | None = None,
) -> CasePage:
    """A page of the open cases; `assignee` None is anybody's, empty nobody's.

    Raises `NotAllowed`, `NotPossible` for a filter or a cursor that is not of this list,
    `StoreBusy`.
    """
    _ensure_may_read(deps, person, "list cases")
    if stream and stream not in STREAMS:
        raise NotPossible("Choose one of the kinds of case in the list.")
    if stage and stage not in set(Stage) - {Stage.CLOSED}:
        raise NotPossible("Choose one of the stages in the list.")
    if after is not None and not is_place(after):
        raise NotPossible("This page is not there. Start again from the first page.")
    streams, chosen = [stream] if stream else STREAMS, Chosen(stage, assignee)
    cases, following = _open_to(deps, person, streams, chosen, after)
    filters = {"stream": stream, "stage": stage, "assignee": assignee or ""}
    details = {name: value for name, value in filters.items() if value}
    note(deps, person, "listed cases", details=details)
    now = deps.clock.now()
    return CasePage(tuple(_row(case, now) for case in cases), following)


def search_case(deps: Services, typed: str, person: Person) -> str | None:
    """The reference of the case that somebody typed, if there is one that they may open.

    It may be typed in small letters, with blanks or without dashes. Raises `NotAllowed`,
    `StoreBusy`.
    """
    _ensure_may_read(deps, person, "search for a case")
    reference = as_stored(typed, deps.partnership.reference_prefix)
    case = None if reference is None else deps.cases.find(reference)
    found = case is not None and person.id not in case.work.barred
    # What was typed may be anything, a name too: only the reference of a case is kept.
    details = {"found": "yes" if found else "no"}
    note(deps, person, "searched for a case", reference if case and reference else "", details)
    return reference if found else None


def _ensure_may_read(deps: Services, person: Person, what: str) -> None:
    if not person.may(Right.READ_CASES):
        note(deps, person, "refused", "", {"to": what, "why": "wrong role"})
        raise NotAllowed("wrong role")


def _open_to(
    deps: Services, person: Person, streams: Sequence[str], chosen: Chosen, after: str | None
) -> tuple[list[Case], str | None]:
    """A page without the cases that the person is barred from, and the next page's cursor.

    A cursor names the case that it is the place of: while it is one of those, one more is read.
    """
    read, following = deps.cases.listed(streams, chosen, after=after, limit=PAGE)
    found = list(read)
    while following is not None and _names_barred(deps, following, found, person):
        read, following = deps.cases.listed(streams, chosen, after=following, limit=1)
        found += read
    return [case for case in found if person.id not in case.work.barred], following


def _names_barred(deps: Services, cursor: str, found: Sequence[Case], person: Person) -> bool:
    reference = cursor.partition("#")[2]
    listed = (case for case in found if case.reference == reference)
    # One that has left the list just now is in its index for a moment longer.
    case = next(listed, None) or deps.cases.find(reference)
    return case is not None and person.id in case.work.barred


def _row(case: Case, now: datetime) -> ListedCase:
    due = [item for item in case.deadlines if item.is_open and item.kind == "deadline"]
    following = min(due, key=lambda item: item.due_at, default=None)
    return ListedCase(
        reference=case.reference,
        stream=case.stream,
        received_at=case.received_at,
        stage=case.work.stage,
        assignee_name=case.work.assignee_name,
        next_deadline=following,
        overdue=following is not None and following.is_overdue(now),
    )


def as_stored(typed: str, prefix: str) -> str | None:
    """The reference that somebody may have meant, or None when it can be none of a case."""
    reference = read_reference(typed, prefix)
    return None if reference is None or is_yearly(reference) else reference
