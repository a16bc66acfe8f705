"""Lists of open cases in the table: a row for each filter that a case can be found by.

A filter is a partition of the sparse index, in which cases lie by what is next due, so a page of a
list is one query of the streams' partitions, however many cases there are. An index of its own for
each filter would do the same; CloudFormation adds one index at a time to a table that exists.
"""

import heapq
from collections.abc import Sequence

from chalicelib.adapters.dynamodb_table import DynamoTable, Pending, Row
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_listing import Chosen, is_listed, place_of
from chalicelib.referrals.clocks import is_yearly

# How many rows `rows` gives.
ROWS = 4


def rows(case: Case) -> list[Row]:
    """The rows that put a case into the lists; those of a closed case leave every list.

    They are written with each change of the case, so none needs to be looked for or removed.
    """
    if is_yearly(case.reference):
        return []
    listed, work = is_listed(case), case.work
    choices = {
        "STREAM": Chosen(),
        "STAGE": Chosen(stage=work.stage),
        "ASSIGNEE": Chosen(assignee=work.assignee),
        "BOTH": Chosen(stage=work.stage, assignee=work.assignee),
    }
    return [
        {
            "pk": f"REFERRAL#{case.reference}",
            "sk": f"LIST#{name}",
            "pending": _partition(case.stream, chosen) if listed else None,
            "pending_at": place_of(case) if listed else None,
        }
        for name, chosen in choices.items()
    ]


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
