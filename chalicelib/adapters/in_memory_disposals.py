"""In-memory twin of the disposals, beside the other stores of one `Table`."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.adapters.in_memory import Table
from chalicelib.referrals.case import Case
from chalicelib.referrals.disposal import Proof
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.times import to_text
from chalicelib.use_cases.ports import CaseChanged


class InMemoryDisposals:
    """Twin of `DynamoDisposals`. Lists are no rows here, so none are counted."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, case: Case, proof: Proof, audit: AuditEntry) -> None:
        table, reference = self._table, case.reference
        with table.lock:
            stored = table.cases.get(reference)
            if stored is None or stored.version != case.version or reference in table.proofs:
                raise CaseChanged
            del table.cases[reference]
            table.proofs[reference] = proof
            table.audit.append(audit)

    def find(self, reference: str) -> Proof | None:
        with self._table.lock:
            return self._table.proofs.get(reference)

    def rows_left(self, reference: str) -> Mapping[str, int]:
        table = self._table
        with table.lock:
            counts = {
                "ADDED": len(table.additions.get(reference, ())),
                "CASE": int(reference in table.cases),
                "REFERRAL": int(reference in table.referrals),
                "REMINDER": len(table.reminders.get(reference, ())),
            }
        return {kind: number for kind, number in counts.items() if number}

    def count(self, reference: str, rows: Mapping[str, int]) -> None:
        with self._table.lock:
            proof = self._table.proofs[reference]
            self._table.proofs[reference] = replace(proof, rows=proof.rows or dict(rows))

    def delete_rows(self, reference: str) -> None:
        table = self._table
        with table.lock:
            table.additions.pop(reference, None)
            for rows in (table.cases, table.referrals):
                if reference in rows:
                    del rows[reference]
            for reminder in table.reminders.pop(reference, ()):
                del table.deliveries[reminder]

    def finish(self, reference: str, audit: AuditEntry) -> None:
        with self._table.lock:
            proof = self._table.proofs[reference]
            if proof.done_at is None:
                self._table.proofs[reference] = replace(proof, done_at=audit.at)
                self._table.audit.append(audit)

    def listed(self, *, after: str | None, limit: int) -> tuple[list[Proof], str | None]:
        with self._table.lock:
            proofs = list(self._table.proofs.values())
        found = [one for one in proofs if after is None or _place(one) < after]
        found.sort(key=_place, reverse=True)
        page = found[:limit]
        return page, _place(page[-1]) if len(found) > limit else None


def _place(proof: Proof) -> str:
    return f"{to_text(proof.begun_at)}#{proof.reference}"
