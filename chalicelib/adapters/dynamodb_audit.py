"""The audit trail in the table: rows that are written once, by day and by case."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date
from typing import Any

from chalicelib.adapters.dynamodb_table import (
    CONDITION_FAILED,
    Action,
    ConditionFailed,
    DynamoTable,
    Row,
    TransactionRefused,
)
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.times import from_text, to_text

_NEW = "attribute_not_exists(pk)"


class DynamoAudit:
    """`AUDIT#CASE#<reference>/<time>#<id>`, and everything again under `AUDIT#DAY#<day of UTC>`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def add(self, entry: AuditEntry) -> None:
        # A repeated call whose first attempt had come through finds its own rows.
        if not entry.reference:
            with suppress(ConditionFailed):
                self._table.put(*_rows(entry), new=True)
            return
        try:
            self._table.transact(audit_actions(self._table, entry))
        except TransactionRefused as refused:
            if CONDITION_FAILED not in refused.codes:
                raise

    def of_case(
        self, reference: str, *, after: str | None, limit: int
    ) -> tuple[list[AuditEntry], str | None]:
        return self._page(_of_case(reference), after, limit)

    def of_day(
        self, day: date, *, after: str | None, limit: int
    ) -> tuple[list[AuditEntry], str | None]:
        return self._page(_of_day(day), after, limit)

    def _page(self, pk: str, after: str | None, limit: int) -> tuple[list[AuditEntry], str | None]:
        rows = self._table.latest(pk, before=after, limit=limit + 1)
        page = rows[:limit]
        return [_entry(row) for row in page], page[-1]["sk"] if len(rows) > limit else None


def audit_actions(table: DynamoTable, entry: AuditEntry) -> list[Action]:
    """The transaction's actions that add an entry: one under its day, one under its case."""
    return [table.put_action(row, _NEW) for row in _rows(entry)]


def _rows(entry: AuditEntry) -> list[Row]:
    keys = [_of_day(entry.at.astimezone(UTC).date())]
    if entry.reference:
        keys.append(_of_case(entry.reference))
    return [
        {
            "pk": pk,
            "sk": f"{to_text(entry.at)}#{entry.id}",
            "reference": entry.reference or None,
            "actor": entry.actor,
            "name": entry.name or None,
            "action": entry.action,
            "details": pack(entry.details) if entry.details else None,
        }
        for pk in keys
    ]


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    at, _, entry_id = row["sk"].partition("#")
    return AuditEntry(
        id=entry_id,
        reference=row.get("reference", ""),
        at=from_text(at),
        actor=row["actor"],
        action=row["action"],
        details=unpack(row["details"]) if "details" in row else {},
        name=row.get("name", ""),
    )


# Whatever is asked for as a case, no day answers to it. Both begin as the roles' denial says.
def _of_case(reference: str) -> str:
    return f"AUDIT#CASE#{reference}"


def _of_day(day: date) -> str:
    return f"AUDIT#DAY#{day.isoformat()}"
