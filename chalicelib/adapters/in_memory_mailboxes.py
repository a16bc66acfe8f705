"""In-memory twin of the mailboxes."""

from datetime import datetime

from chalicelib.adapters.in_memory import Table


class InMemoryMailboxes:
    """Twin of `DynamoMailboxes`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def lost(self, stream: str, *, at: datetime, by: str = "") -> bool:
        table = self._table
        with table.lock:
            lost_at, found_at = table.lost_at.get(stream), table.found_at.get(stream)
            if found_at is not None and at < found_at:
                return False
            if lost_at is not None and at <= lost_at:
                return bool(by) and table.lost_by.get(stream) == by
            table.lost_at[stream] = at
            table.lost_by.setdefault(stream, by)
            return lost_at is None

    def found(self, stream: str, *, at: datetime) -> bool:
        table = self._table
        with table.lock:
            known = (table.lost_at.get(stream), table.found_at.get(stream))
            if any(one is not None and at <= one for one in known):
                return False
            table.found_at[stream] = at
            table.lost_by.pop(stream, None)
            return table.lost_at.pop(stream, None) is not None
