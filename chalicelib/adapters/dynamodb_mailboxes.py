"""Whether the team's mailboxes take email, in the table: one row a stream."""

from datetime import datetime

from chalicelib.adapters.dynamodb_table import ConditionFailed, DynamoTable, writing
from chalicelib.referrals.times import to_text


class DynamoMailboxes:
    """`INSTANCE/MAILBOX#<stream>`: `lost_at` while it takes none, `found_at` when it last took one.

    Events come in any order, and each is judged by when it happened. Each is one conditional write,
    so of many at once exactly one is news.
    """

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def lost(self, stream: str, *, at: datetime, by: str = "") -> bool:
        try:
            before = self._table.update(
                *_key(stream),
                **writing(
                    "SET lost_at = :at, lost_by = if_not_exists(lost_by, :by)",
                    "(attribute_not_exists(lost_at) OR lost_at < :at) "
                    "AND (attribute_not_exists(found_at) OR found_at <= :at)",
                    {":at": to_text(at), ":by": by},
                ),
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            return bool(by) and (failed.row or {}).get("lost_by") == by
        return "lost_at" not in before

    def found(self, stream: str, *, at: datetime) -> bool:
        try:
            before = self._table.update(
                *_key(stream),
                **writing(
                    "SET found_at = :at REMOVE lost_at, lost_by",
                    "(attribute_not_exists(found_at) OR found_at < :at) "
                    "AND (attribute_not_exists(lost_at) OR lost_at < :at)",
                    {":at": to_text(at)},
                ),
                ReturnValues="ALL_OLD",
            )
        except ConditionFailed:
            return False
        return "lost_at" in before


def _key(stream: str) -> tuple[str, str]:
    return "INSTANCE", f"MAILBOX#{stream}"
