"""In-memory twin of the audit trail, beside the other stores of one `Table`."""

from collections.abc import Callable
from datetime import UTC, date

from chalicelib.adapters.in_memory import Table
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.times import to_text


class InMemoryAudit:
    """Twin of `DynamoAudit`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, entry: AuditEntry) -> None:
        with self._table.lock:
            if all(_place(one) != _place(entry) for one in self._table.audit):
                self._table.audit.append(entry)

    def of_case(
        self, reference: str, *, after: str | None, limit: int
    ) -> tuple[list[AuditEntry], str | None]:
        # What concerns no case is in no case's trail.
        return self._page(lambda one: one.reference == reference != "", after, limit)

    def of_day(
        self, day: date, *, after: str | None, limit: int
    ) -> tuple[list[AuditEntry], str | None]:
        return self._page(lambda one: one.at.astimezone(UTC).date() == day, after, limit)

    def _page(
        self, wanted: Callable[[AuditEntry], bool], after: str | None, limit: int
    ) -> tuple[list[AuditEntry], str | None]:
        with self._table.lock:
            found = [one for one in self._table.audit if wanted(one)]
        found.sort(key=_place, reverse=True)
        rest = [one for one in found if after is None or _place(one) < after]
        page = rest[:limit]
        return page, _place(page[-1]) if len(rest) > limit else None


def _place(entry: AuditEntry) -> str:
    return f"{to_text(entry.at)}#{entry.id}"
