"""Drafts and resume codes in the table."""

from datetime import datetime
from math import ceil
from typing import Any

from chalicelib.adapters.dynamodb_table import Action, ConditionFailed, DynamoTable, Row, encode
from chalicelib.referrals.draft import Draft
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.times import from_text, to_text
from chalicelib.use_cases.ports import DraftChanged

_SK = "DRAFT"
_SEAL_SK = "RESUME"
# "reference" is one of DynamoDB's reserved words.
_NAMES = {"#version": "version", "#reference": "reference"}


class DynamoDrafts:
    """`DRAFT#<id>/DRAFT` and `RESUME#<hash>/RESUME`, both with TTL `expires`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def create(self, draft: Draft) -> None:
        self._table.put(
            {
                "pk": draft_pk(draft.id),
                "sk": _SK,
                "form": draft.form,
                "form_version": draft.form_version,
                "content": _content(draft),
                "version": draft.version,
                "started_at": to_text(draft.started_at),
                "expires_at": to_text(draft.expires_at),
                "expires": _ttl(draft.expires_at),
            }
        )

    def find(self, draft_id: str) -> Draft | None:
        row = self._table.get(draft_pk(draft_id), _SK)
        return None if row is None else _draft(draft_id, row)

    def save(self, draft: Draft, expected_version: int) -> None:
        values: Row = {":content": _content(draft), ":new": draft.version, ":old": expected_version}
        try:
            self._table.update(
                draft_pk(draft.id),
                _SK,
                UpdateExpression="SET content = :content, #version = :new",
                ConditionExpression="#version = :old AND attribute_not_exists(#reference)",
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues=encode(values),
            )
        except ConditionFailed:
            raise DraftChanged from None

    def keep_seal(self, code_hash: str, sealed: bytes, expires_at: datetime) -> None:
        self._table.put(
            {
                "pk": f"RESUME#{code_hash}",
                "sk": _SEAL_SK,
                "sealed": sealed,
                "expires_at": to_text(expires_at),
                "expires": _ttl(expires_at),
            }
        )

    def find_seal(self, code_hash: str) -> tuple[bytes, datetime] | None:
        row = self._table.get(f"RESUME#{code_hash}", _SEAL_SK)
        return None if row is None else (row["sealed"], from_text(row["expires_at"]))


def draft_pk(draft_id: str) -> str:
    """The partition key of a draft."""
    return f"DRAFT#{draft_id}"


def submitted_action(
    table: DynamoTable, draft: Draft, reference: str, submitted_at: datetime
) -> Action:
    """The transaction's action that gives a draft its reference and takes its answers away."""
    values: Row = {
        ":reference": reference,
        ":at": to_text(submitted_at),
        ":old": draft.version,
        ":one": 1,
    }
    return table.update_action(
        draft_pk(draft.id),
        _SK,
        UpdateExpression="SET #reference = :reference, submitted_at = :at, "
        "#version = #version + :one REMOVE content",
        ConditionExpression="#version = :old AND attribute_not_exists(#reference)",
        ExpressionAttributeNames=_NAMES,
        ExpressionAttributeValues=encode(values),
    )


def _content(draft: Draft) -> bytes:
    return pack({"answers": draft.answers, "seen": sorted(draft.seen)})


def _ttl(instant: datetime) -> int:
    return ceil(instant.timestamp())


def _draft(draft_id: str, row: dict[str, Any]) -> Draft:
    content = unpack(row["content"]) if "content" in row else {"answers": {}, "seen": []}
    submitted_at = row.get("submitted_at")
    return Draft(
        id=draft_id,
        form=row["form"],
        form_version=row["form_version"],
        answers=content["answers"],
        seen=frozenset(content["seen"]),
        version=row["version"],
        started_at=from_text(row["started_at"]),
        expires_at=from_text(row["expires_at"]),
        reference=row.get("reference"),
        submitted_at=None if submitted_at is None else from_text(submitted_at),
    )
