"""Lists of cases in the table: a row for each filter that an open case can be found by, and one
each for when a case was received and when it was closed.

A filter is a partition of the sparse index, in which cases lie by what is next due, so a page of a
list is one query of the streams' partitions, however many cases there are. An index of its own for
each filter would do the same; CloudFormation adds one index at a time to a table that exists.
"""

import heapq
from collections.abc import Sequence
from datetime import date, datetime

from chalicelib.adapters.dynamodb_table import DynamoTable, Pending, Row
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_listing import (
    Chosen,
    closed_place,
    is_counted,
    is_listed,
    place_of,
    received_place,
)
from chalicelib.referrals.times import to_text


def rows(case: Case) -> list[Row]:
    """The rows that put a case into the lists; those of a closed case leave the lists of open ones.

    They are written with each change of the case, so none needs to be looked for or removed.
    """
    if not is_counted(case):
        return []
    listed, work = is_listed(case), case.work
    choices = {
        "STREAM": Chosen(),
        "STAGE": Chosen(stage=work.stage),
        "ASSIGNEE": Chosen(assignee=work.assignee),
        "BOTH": Chosen(stage=work.stage, assignee=work.assignee),
    }
    place, closed_at = place_of(case) if listed else None, closed_place(case)
    return [
        *(
            _row(case, name, _partition(case.stream, chosen), place)
            for name, chosen in choices.items()
        ),
        _row(case, "RECEIVED", _received(case.stream), received_place(case)),
        _row(case, "CLOSED", _closed(case.stream, work.outcome or ""), closed_at),
    ]


def received(
    table: DynamoTable,
    stream: str,
    since: datetime,
    until: datetime,
    after: str | None,
    limit: int,
) -> list[Pending]:
    """The first places of the cases of a stream received in [since, until), oldest first."""
    span = (to_text(since), to_text(until))
    return table.index_between(_received(stream), *span, after=after, limit=limit)


def closed(
    table: DynamoTable,
    stream: str,
    outcome: str,
    since: date,
    until: date,
    after: str | None,
    limit: int,
) -> list[Pending]:
    """The first places of the cases of a stream and outcome closed in [since, until)."""
    span = (since.isoformat(), until.isoformat())
    return table.index_between(_closed(stream, outcome), *span, after=after, limit=limit)


def places(
    table: DynamoTable, streams: Sequence[str], chosen: Chosen, after: str | None, limit: int
) -> list[Pending]:
    """The first places later than `after` in the lists of some streams, merged: a query each."""
    found = (
        table.index_after(_partition(stream, chosen), after=after, limit=limit)
        for stream in streams
    )
    return list(heapq.merge(*found))[:limit]


def _partition(stream: str, chosen: Chosen) -> str:
    parts = ["open", stream]
    if chosen.stage:
        parts.append(f"stage={chosen.stage}")
    if chosen.assignee is not None:
        # Last, for it may hold anything.
        parts.append(f"assignee={chosen.assignee}")
    return "#".join(parts)


def _received(stream: str) -> str:
    return f"received#{stream}"


def _closed(stream: str, outcome: str) -> str:
    return f"closed#{stream}#{outcome}"


def _row(case: Case, name: str, partition: str, place: str | None) -> Row:
    return {
        "pk": f"REFERRAL#{case.reference}",
        "sk": f"LIST#{name}",
        "pending": partition if place else None,
        "pending_at": place,
    }
