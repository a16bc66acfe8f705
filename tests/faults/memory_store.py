"""The table in this process, with a stream of what is written to it."""

import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, cast

from chalicelib.adapters.dynamodb_deliveries import delivery_key
from chalicelib.adapters.in_memory import InMemoryReferrals, Table
from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.referrals.delivery import Delivery, State
from chalicelib.settings import Settings
from tests.faults.calls import CalledStore, Calls
from tests.faults.clock import Clock
from tests.faults.store import WAITING
from tests.faults.stream_rules import Record, stream_record

Key = tuple[str, str]
_STORES = ("drafts", "archive", "referrals", "cases", "disposals", "outbox", "mailboxes")
_KEYS: dict[str, Callable[[str], Key]] = {
    "drafts": lambda name: (f"DRAFT#{name}", "DRAFT"),
    "tokens": lambda name: (f"SUBMITTED#{name}", "TOKEN"),
    "referrals": lambda name: (f"REFERRAL#{name}", "REFERRAL"),
    "cases": lambda name: (f"REFERRAL#{name}", "CASE"),
    "deliveries": delivery_key,
}


class _Watched(dict[str, Any]):
    """Rows of one kind: each change is told to the stream."""

    def __init__(self, rows: dict[str, Any], tell: Callable[[str, str], None]) -> None:
        super().__init__(rows)
        self._tell = tell

    def __setitem__(self, name: str, row: Any) -> None:
        event = "MODIFY" if name in self else "INSERT"
        super().__setitem__(name, row)
        self._tell(event, name)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        self._tell("REMOVE", name)


class MemoryStore:
    """The in-memory twins on one table. `write` takes each record of the stream."""

    def __init__(self, clock: Clock, write: Callable[[Record], None]) -> None:
        self._clock, self._write = clock, write
        self._sequence: Iterator[int] = itertools.count(1)
        self._table: Table | None = None
        self._made: Services | None = None

    @property
    def table(self) -> Table:
        assert self._table is not None, "the services come first"
        return self._table

    def services(self, settings: Settings, calls: Calls) -> Services:
        if self._made is None:
            self._made = in_memory_services(settings, self._clock)
            self._table = cast(InMemoryReferrals, self._made.referrals)._table
            self._watch()
        counted = {
            name: cast(Any, CalledStore(getattr(self._made, name), name, calls)) for name in _STORES
        }
        return replace(self._made, settings=settings, **counted)

    def publish(self) -> None:
        """They were handed over as they were written."""

    def tokens(self) -> dict[str, str]:
        return {name: token.reference for name, token in self.table.tokens.items()}

    def references(self) -> list[str]:
        return list(self.table.referrals)

    def disposed(self) -> list[str]:
        return [name for name, proof in self.table.proofs.items() if proof.done_at]

    def deliveries(self) -> list[Delivery]:
        return list(self.table.deliveries.values())

    def next_check(self) -> datetime | None:
        rows = self.table.deliveries.values()
        return min((row.check_at for row in rows if _is_looked_at(row)), default=None)

    def expire(self, draft: str) -> None:
        """TTL removes a draft: the stream says that the service did it."""
        dict.__delitem__(self.table.drafts, draft)
        key = _KEYS["drafts"](draft)
        record = stream_record("REMOVE", key, next(self._sequence), self._clock.now(), expired=True)
        self._write(record)

    def snapshot(self) -> dict[str, Any]:
        """Everything in the table as it is."""
        return {name: copy.deepcopy(_plain(getattr(self.table, name))) for name in _row_kinds()}

    def restore(self, snapshot: dict[str, Any]) -> None:
        """A new table that holds what the snapshot holds; its stream begins empty."""
        for name, rows in copy.deepcopy(snapshot).items():
            setattr(self.table, name, rows)
        self._watch()

    def _watch(self) -> None:
        for kind in _KEYS:
            rows = _Watched(getattr(self.table, kind), self._teller(kind))
            setattr(self.table, kind, rows)

    def _teller(self, kind: str) -> Callable[[str, str], None]:
        def tell(event: str, name: str) -> None:
            key = _KEYS[kind](name)
            self._write(stream_record(event, key, next(self._sequence), self._clock.now()))

        return tell


def _is_looked_at(row: Delivery) -> bool:
    return row.state in WAITING or (row.state is State.SENT and row.check_at != row.done_at)


def _row_kinds() -> list[str]:
    return [field.name for field in fields(Table) if field.name != "lock"]


def _plain(rows: Any) -> Any:
    return dict(rows) if isinstance(rows, dict) else rows
