"""Cases in the table: one row each, beside its reminders and its audit rows."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.adapters import dynamodb_additions, dynamodb_listing
from chalicelib.adapters.case_document import case_from, document_of
from chalicelib.adapters.dynamodb_audit import audit_actions
from chalicelib.adapters.dynamodb_deliveries import (
    cancelled_action,
    delivery_key,
    delivery_of,
    new_row,
    planned_action,
)
from chalicelib.adapters.dynamodb_table import (
    CONDITION_FAILED,
    Action,
    ConditionFailed,
    DynamoTable,
    Pending,
    Row,
    TransactionRefused,
    encode,
)
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_listing import NOTHING_DUE, Chosen, is_closed_in, is_listed
from chalicelib.referrals.delivery import Delivery, State
from chalicelib.referrals.information import Addition
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.times import to_text
from chalicelib.use_cases.ports import CaseChanged

if TYPE_CHECKING:
    from chalicelib.referrals.case_change import CaseChange

_SK = "CASE"
_RULES = ("INSTANCE", "RULES")
# The sparse index's partition of open cases: what changed rules reach. Lists have their own.
_OPEN = "open"
# What a row holds by itself; the rest of a case is packed.
_ATTRIBUTES = ("stream", "received_at", "version", "rules_version")


class DynamoCases:
    """`REFERRAL#<reference>/CASE`, `.../REMINDER#<reminder>`, `.../LIST#<by>`; `INSTANCE/RULES`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table
        self._rules: str | None = None

    def find(self, reference: str) -> Case | None:
        row = self._table.get(_pk(reference), _SK)
        return None if row is None else _case(reference, row)

    def reminders(self, reference: str) -> tuple[Delivery, ...]:
        return tuple(delivery_of(row) for row in self._table.rows(_pk(reference), "REMINDER#"))

    def additions(self, reference: str) -> tuple[Addition, ...]:
        return dynamodb_additions.additions(self._table, reference)

    def change(self, change: "CaseChange") -> None:
        self.change_all([change])

    def change_all(self, changes: "Sequence[CaseChange]") -> None:
        actions = [action for change in changes for action in self._actions(change)]
        try:
            self._table.transact(actions)
        except TransactionRefused as refused:
            if CONDITION_FAILED in refused.codes:
                raise CaseChanged from refused
            raise

    def _actions(self, change: "CaseChange") -> list[Action]:
        table, at = self._table, change.audit.at
        actions = [
            _case_action(table, change.before, change.after),
            *(planned_action(table, reminder) for reminder in change.add),
            *(cancelled_action(table, reminder, at) for reminder in change.cancel),
            *audit_actions(table, change.audit),
            *(table.put_action(row) for row in dynamodb_listing.rows(change.after)),
        ]
        if change.outbox is not None:
            actions.append(table.put_action(new_row(change.outbox)))
        actions += [table.put_action(new_row(row)) for row in change.beside.outbox]
        if change.beside.added is not None:
            actions.append(dynamodb_additions.added_action(table, change.beside.added))
        return actions

    def forget_cancelled(self, delivery_id: str) -> None:
        # Planned again since it was read, it stays.
        with suppress(ConditionFailed):
            self._table.delete(
                *delivery_key(delivery_id),
                ConditionExpression="#state = :cancelled",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues=encode({":cancelled": State.CANCELLED.value}),
            )

    def open_cases(self, *, after: str | None, limit: int) -> tuple[list[str], str | None]:
        keys, cursor = self._table.index_page(_OPEN, after=after, limit=limit)
        return [pk.removeprefix(_pk("")) for pk, _ in keys], cursor

    def listed(
        self, streams: Sequence[str], chosen: Chosen, *, after: str | None, limit: int
    ) -> tuple[list[Case], str | None]:
        places = dynamodb_listing.places(self._table, streams, chosen, after, limit + 1)
        found, cursor = self._at(places, limit)
        # The index follows a change a moment later: what has left the list since is left out.
        return [case for case in found if is_listed(case) and chosen.takes(case)], cursor

    def received(
        self, stream: str, since: datetime, until: datetime, *, after: str | None, limit: int
    ) -> tuple[list[Case], str | None]:
        span = (stream, since, until)
        places = dynamodb_listing.received(self._table, *span, after, limit + 1)
        return self._at(places, limit)

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
        span = (stream, outcome, since, until)
        places = dynamodb_listing.closed(self._table, *span, after, limit + 1)
        found, cursor = self._at(places, limit)
        # As above: one that was reopened just now is still in the index.
        return [case for case in found if is_closed_in(case, outcome, since, until)], cursor

    def _at(self, places: Sequence[Pending], limit: int) -> tuple[list[Case], str | None]:
        """The cases at the first places, and the cursor of the next page if there are more."""
        page = places[:limit]
        rows = self._table.rows_of([(place.pk, _SK) for place in page])
        cases = {row["pk"]: _case(row["pk"].removeprefix(_pk("")), row) for row in rows}
        found = [cases[place.pk] for place in page if place.pk in cases]
        return found, page[-1].at if len(places) > limit else None

    def rules_in_use(self) -> str | None:
        # Read once a process: a healthy run of reconcile reads nothing for it.
        if self._rules is None:
            row = self._table.get(*_RULES)
            self._rules = None if row is None else str(row["version"])
        return self._rules

    def use_rules(self, version: str) -> None:
        pk, sk = _RULES
        self._table.put({"pk": pk, "sk": sk, "version": version})
        self._rules = version


def case_row(case: Case) -> Row:
    """The row of a case. What the form answered of it lies in `content` only."""
    document = document_of(case)
    due_at = case.next_due()
    pending_at = NOTHING_DUE if due_at is None else to_text(due_at)
    return {
        "pk": _pk(document.pop("reference")),
        "sk": _SK,
        **{name: document.pop(name) for name in _ATTRIBUTES},
        "content": pack(document),
        "pending": None if case.work.is_closed else _OPEN,
        "pending_at": None if case.work.is_closed else pending_at,
    }


def _pk(reference: str) -> str:
    return f"REFERRAL#{reference}"


def _case(reference: str, row: Mapping[str, Any]) -> Case:
    attributes = {name: row[name] for name in _ATTRIBUTES}
    return case_from({**unpack(row["content"]), **attributes, "reference": reference})


def _case_action(table: DynamoTable, before: Case | None, after: Case) -> Action:
    if before is None:
        return table.put_action(case_row(after), "attribute_not_exists(pk)")
    return table.put_action(
        case_row(after),
        "#version = :read",
        ExpressionAttributeNames={"#version": "version"},
        ExpressionAttributeValues=encode({":read": before.version}),
    )
