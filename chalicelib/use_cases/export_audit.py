"""Take the audit trail of some days, or of a case, out of the service. That is in the trail too."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date

from chalicelib.referrals.audit_file import place_of
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.period import Period
from chalicelib.referrals.reference import is_reference
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.use_cases.audit import barred_from, note
from chalicelib.use_cases.ports import Services

MOST_DAYS = 31
MOST_ENTRIES = 50_000
# A query gives 1 MB at most, and no row of the trail comes near to 5 KB.
_READ = 200
_Page = Callable[[str | None], tuple[Sequence[AuditEntry], str | None]]


@dataclass(frozen=True)
class Asked:
    """What somebody wants of the trail: some days of UTC, those of a case if it has a `reference`.

    `after` and `until` are places: only what lies after the one, up to and with the other.
    """

    period: Period | None = None
    reference: str = ""
    after: str = ""
    until: str = ""

    def takes(self, entry: AuditEntry) -> bool:
        """Whether an entry is among what is wanted."""
        place, period = place_of(entry), self.period
        if place <= self.after or (self.until and place > self.until):
            return False
        day = entry.at.astimezone(UTC).date()
        return period is None or period.first <= day <= period.last

    @property
    def days(self) -> list[date]:
        """The days that may have what is wanted."""
        first = self.after.partition("T")[0]
        last = self.until.partition("T")[0] or "9999"
        days = self.period.days if self.period else ()
        return [day for day in days if first <= day.isoformat() <= last]

    def __str__(self) -> str:
        if self.period is None:
            return "a case"
        return f"a case, {self.period}" if self.reference else str(self.period)


def read_trail(deps: Services, asked: Asked, person: Person) -> tuple[AuditEntry, ...]:
    """What is wanted of the trail, oldest first, but of cases that the person is barred from.

    Raises `NotAllowed`, also when there is no such case; `NotPossible` for more than can be read at
    once; `StoreBusy`. What is made of it is noted by `note_export`, before it leaves.
    """
    if not person.may(Right.READ_AUDIT):
        raise _refused(deps, person, "", "wrong role")
    found = _of_case(deps, asked, person) if asked.reference else _of_days(deps, asked, person)
    found.sort(key=place_of)
    if person.may(Right.READ_CASES):
        return tuple(found)
    return tuple(replace(one, details={}) if one.reference else one for one in found)


def note_export(deps: Services, asked: Asked, person: Person, kind: str) -> None:
    """Record that it leaves, as a file of a kind (`csv`, `json`), or is told in `parts`."""
    details = {"of": str(asked), "as": kind}
    if asked.after or asked.until:
        details |= {"after": asked.after, "until": asked.until}
    note(deps, person, "exported the audit trail", asked.reference, details)


def _of_case(deps: Services, asked: Asked, person: Person) -> list[AuditEntry]:
    reference = asked.reference
    if not is_reference(reference):
        raise _refused(deps, person, "", "no such case")
    barred = barred_from(deps, reference)
    if barred is None:  # answered alike, or the answer would tell who is barred of a case
        raise _refused(deps, person, "", "no such case")
    if person.id in barred:
        raise _refused(deps, person, reference, "conflict of interest")
    pages = _pages(lambda after: deps.audit.of_case(reference, after=after, limit=_READ))
    return _bounded(filter(asked.takes, pages))


def _of_days(deps: Services, asked: Asked, person: Person) -> list[AuditEntry]:
    found = _bounded(
        entry for day in asked.days for entry in _of_day(deps, day) if asked.takes(entry)
    )
    references = {entry.reference for entry in found} - {""}
    barred = {one for one in references if person.id in (barred_from(deps, one) or ())}
    return [entry for entry in found if entry.reference not in barred]


def _of_day(deps: Services, day: date) -> Iterator[AuditEntry]:
    return _pages(lambda after: deps.audit.of_day(day, after=after, limit=_READ))


def _pages(read: _Page) -> Iterator[AuditEntry]:
    after: str | None = None
    while True:
        page, after = read(after)
        yield from page
        if after is None:
            return


def _bounded(entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    for entry in entries:
        found.append(entry)
        if len(found) > MOST_ENTRIES:
            text = f"Choose fewer days: these have more than {MOST_ENTRIES:,} entries"
            raise NotPossible(text, "to")
    return found


def _refused(deps: Services, person: Person, reference: str, why: str) -> NotAllowed:
    note(deps, person, "refused", reference, {"to": "export the audit trail", "why": why})
    return NotAllowed(why)
