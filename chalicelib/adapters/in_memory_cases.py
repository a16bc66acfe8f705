"""In-memory twin of the cases, beside the other stores of one `Table`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.adapters.case_document import copied
from chalicelib.adapters.in_memory import Table
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_listing import (
    Chosen,
    closed_place,
    is_closed_in,
    is_counted,
    is_listed,
    place_of,
    received_place,
)
from chalicelib.referrals.delivery import Delivery, State
from chalicelib.referrals.information import Addition
from chalicelib.referrals.times import to_text
from chalicelib.use_cases.ports import CaseChanged

if TYPE_CHECKING:
    from chalicelib.referrals.case_change import CaseChange


class InMemoryCases:
    """Twin of `DynamoCases`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, reference: str) -> Case | None:
        with self._table.lock:
            return self._table.cases.get(reference)

    def reminders(self, reference: str) -> tuple[Delivery, ...]:
        with self._table.lock:
            ids = sorted(self._table.reminders.get(reference, ()))
            return tuple(self._table.deliveries[one] for one in ids)

    def additions(self, reference: str) -> tuple[Addition, ...]:
        with self._table.lock:
            found = self._table.additions.get(reference, ())
            return tuple(sorted(found, key=lambda one: (one.at, one.id)))

    def change(self, change: "CaseChange") -> None:
        self.change_all([change])

    def change_all(self, changes: "Sequence[CaseChange]") -> None:
        with self._table.lock:
            for change in changes:
                self._ensure_as_read(change)
            for change in changes:
                self._write(change)

    def _write(self, change: "CaseChange") -> None:
        table = self._table
        with table.lock:
            table.cases[change.after.reference] = copied(change.after)
            for reminder in change.cancel:
                table.deliveries[reminder.id] = replace(
                    table.deliveries[reminder.id],
                    state=State.CANCELLED,
                    check_at=change.audit.at,
                    done_at=change.audit.at,
                    lease_until=None,
                    code=None,
                    waiting_since=None,
                    escalated=False,
                )
            table.add(change.add)
            table.add([] if change.outbox is None else [change.outbox])
            table.add(change.beside.outbox)
            if change.beside.added is not None:
                table.additions.setdefault(change.after.reference, []).append(change.beside.added)
            table.audit.append(change.audit)

    def _ensure_as_read(self, change: "CaseChange") -> None:
        stored = self._table.cases.get(change.after.reference)
        read = change.before.version if change.before else None
        rows = self._table.deliveries
        added = (rows.get(reminder.id) for reminder in change.add)
        cancelled = (rows.get(reminder.id) for reminder in change.cancel)
        if (
            (stored.version if stored else None) != read
            or any(row is not None and row.state is not State.CANCELLED for row in added)
            or any(row is None or row.state is State.SENT for row in cancelled)
        ):
            raise CaseChanged

    def forget_cancelled(self, delivery_id: str) -> None:
        with self._table.lock:
            row = self._table.deliveries.get(delivery_id)
            if row is not None and row.state is State.CANCELLED:
                del self._table.deliveries[delivery_id]
                self._table.reminders[row.reference].discard(delivery_id)

    def open_cases(self, *, after: str | None, limit: int) -> tuple[list[str], str | None]:
        with self._table.lock:
            cases = list(self._table.cases.values())
        places = sorted(_place(case) for case in cases if not case.work.is_closed)
        rest = [place for place in places if after is None or place > after]
        page = rest[:limit]
        cursor = page[-1] if len(rest) > limit else None
        return [place.partition(" ")[2] for place in page], cursor

    def listed(
        self, streams: Sequence[str], chosen: Chosen, *, after: str | None, limit: int
    ) -> tuple[list[Case], str | None]:
        with self._table.lock:
            cases = [case for case in self._table.cases.values() if is_listed(case)]
        found = [case for case in cases if case.stream in streams and chosen.takes(case)]
        return _paged(found, place_of, after, limit)

    def received(
        self, stream: str, since: datetime, until: datetime, *, after: str | None, limit: int
    ) -> tuple[list[Case], str | None]:
        with self._table.lock:
            cases = [case for case in self._table.cases.values() if is_counted(case)]
        found = (case for case in cases if case.stream == stream)
        then = [case for case in found if since <= case.received_at < until]
        return _paged(then, received_place, after, limit)

    def closed(
        self,
        stream: str,
        outcome: str,
        since: date,
        until: date,
        *,
        after: str | None,
        limit: int,
    ) -> tuple[list[Case], str | None]:
        with self._table.lock:
            cases = [case for case in self._table.cases.values() if is_counted(case)]
        found = (case for case in cases if case.stream == stream)
        then = [case for case in found if is_closed_in(case, outcome, since, until)]
        return _paged(then, lambda case: closed_place(case) or "", after, limit)

    def rules_in_use(self) -> str | None:
        with self._table.lock:
            return self._table.rules

    def use_rules(self, version: str) -> None:
        with self._table.lock:
            self._table.rules = version


def _place(case: Case) -> str:
    due_at = case.next_due()
    return f"{'9999' if due_at is None else to_text(due_at)} {case.reference}"


def _paged(
    cases: Iterable[Case], place: Callable[[Case], str], after: str | None, limit: int
) -> tuple[list[Case], str | None]:
    """A page of cases in their order, and the cursor of the next."""
    rest = sorted((case for case in cases if after is None or place(case) > after), key=place)
    page = rest[:limit]
    return page, place(page[-1]) if len(rest) > limit else None
