"""Cases that were disposed of, in the table: all their rows deleted, and the proof of that."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.adapters.case_document import document_of, value_from
from chalicelib.adapters.dynamodb_audit import audit_actions
from chalicelib.adapters.dynamodb_table import (
    CONDITION_FAILED,
    Action,
    DynamoTable,
    Row,
    TransactionRefused,
    encode,
    writing,
)
from chalicelib.referrals.case import Case
from chalicelib.referrals.disposal import Proof
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.times import from_text, to_text
from chalicelib.use_cases.ports import CaseChanged

_CASE, _SK = "CASE", "DISPOSED"
# The sparse index's partition of proofs, by when their deletion began.
_DISPOSED = "disposed"


class DynamoDisposals:
    """`DISPOSED#<reference>/DISPOSED`; it deletes every row of `REFERRAL#<reference>`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def begin(self, case: Case, proof: Proof, audit: AuditEntry) -> None:
        table = self._table
        actions = [
            table.delete_action(
                _pk(case.reference),
                _CASE,
                ConditionExpression="#version = :read",
                ExpressionAttributeNames={"#version": "version"},
                ExpressionAttributeValues=encode({":read": case.version}),
            ),
            table.put_action(_row(proof), "attribute_not_exists(pk)"),
            *audit_actions(table, audit),
        ]
        if not self._stored(actions):
            raise CaseChanged

    def find(self, reference: str) -> Proof | None:
        row = self._table.get(_proof_pk(reference), _SK)
        return None if row is None else _proof(row)

    def rows_left(self, reference: str) -> Mapping[str, int]:
        keys = self._table.keys(_pk(reference))
        return Counter(key.partition("#")[0] for key in keys)

    def count(self, reference: str, rows: Mapping[str, int]) -> None:
        # What a worker before this one counted stands: some of it may be deleted by now.
        parameters = writing(
            "SET #rows = if_not_exists(#rows, :rows)",
            "attribute_exists(pk)",
            {":rows": pack(dict(rows))},
        )
        self._table.update(_proof_pk(reference), _SK, **parameters)

    def delete_rows(self, reference: str) -> None:
        pk = _pk(reference)
        for key in self._table.keys(pk):
            self._table.delete(pk, key)

    def finish(self, reference: str, audit: AuditEntry) -> None:
        parameters = writing(
            "SET done_at = :now",
            "attribute_exists(pk) AND attribute_not_exists(done_at)",
            {":now": to_text(audit.at)},
        )
        proof = self._table.update_action(_proof_pk(reference), _SK, **parameters)
        # Refused: it was finished before, by a call whose answer was lost.
        self._stored([proof, *audit_actions(self._table, audit)])

    def listed(self, *, after: str | None, limit: int) -> tuple[list[Proof], str | None]:
        places = self._table.index_before(_DISPOSED, before=after, limit=limit + 1)
        page = places[:limit]
        rows = self._table.rows_of([(place.pk, place.sk) for place in page])
        proofs = {row["pk"]: _proof(row) for row in rows}
        found = [proofs[place.pk] for place in page if place.pk in proofs]
        return found, page[-1].at if len(places) > limit else None

    def _stored(self, actions: list[Action]) -> bool:
        try:
            self._table.transact(actions)
        except TransactionRefused as refused:
            if CONDITION_FAILED in refused.codes:
                return False
            raise
        return True


def _pk(reference: str) -> str:
    return f"REFERRAL#{reference}"


def _proof_pk(reference: str) -> str:
    return f"DISPOSED#{reference}"


def _row(proof: Proof) -> Row:
    return {
        "pk": _proof_pk(proof.reference),
        "sk": _SK,
        "content": pack(document_of(proof)),
        "pending": _DISPOSED,
        "pending_at": f"{to_text(proof.begun_at)}#{proof.reference}",
    }


def _proof(row: Mapping[str, Any]) -> Proof:
    proof = value_from(Proof, unpack(row["content"]))
    rows = unpack(row["rows"]) if "rows" in row else {}
    return replace(
        proof, rows=rows, done_at=from_text(row["done_at"]) if "done_at" in row else None
    )
