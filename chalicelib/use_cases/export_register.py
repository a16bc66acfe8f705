"""Take the register of a period out of the service: the cases received in it. It is audited."""

from collections.abc import Iterator

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.period import Period
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.list_cases import STREAMS
from chalicelib.use_cases.ports import Services

MOST_CASES = 5_000
_READ = 100


def export_register(
    deps: Services, period: Period, stream: str, person: Person, kind: str
) -> tuple[Case, ...]:
    """The cases received in a period, oldest first, but those that the person is barred from.

    `stream` is empty for all; `kind` is the kind of file, for the audit trail. Raises `NotAllowed`,
    `NotPossible` for more cases than one file takes, `StoreBusy`.
    """
    if not person.may(Right.EXPORT):
        note(deps, person, "refused", "", {"to": "export the register", "why": "wrong role"})
        raise NotAllowed("wrong role")
    if stream and stream not in STREAMS:
        raise NotPossible("Choose one of the kinds of case in the list", "stream")
    found: list[Case] = []
    for one in (stream,) if stream else STREAMS:
        for case in _received(deps, period, one):
            found.append(case)
            if len(found) > MOST_CASES:
                text = f"Choose a shorter period: one file holds {MOST_CASES:,} cases at most"
                raise NotPossible(text, "to")
    known = [case for case in found if person.id not in case.work.barred]
    known.sort(key=lambda case: (case.received_at, case.reference))
    details = {"of": str(period), "stream": stream or "all", "as": kind, "cases": str(len(known))}
    note(deps, person, "exported the register", "", details)
    return tuple(known)


def _received(deps: Services, period: Period, stream: str) -> Iterator[Case]:
    after: str | None = None
    while True:
        page, after = deps.cases.received(
            stream, period.begins, period.ends, after=after, limit=_READ
        )
        yield from page
        if after is None:
            return
