"""What a page of the list of open cases and a search cost, by how many cases there are.

`python -m infra.bench.lists 100 10000` stores seven rows a case first: allow a minute for 10,000.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from infra.bench.deadlines import Usage, counted, emulated

if TYPE_CHECKING:
    from chalicelib.bootstrap import Services
    from chalicelib.referrals.case import Case

SIZES = (100, 1_000)
# Seven rows each: BatchWriteItem takes 25 at once.
AT_ONCE = 3
FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)


def cases(numbers: range) -> Iterator[Case]:
    """Cases of both streams, two stages and two people, due on one of fifty days."""
    for number in numbers:
        reference = f"SUF-{number // 10_000:04}-{number % 10_000:04}"
        yield replace(_kind(number % 200), reference=reference)


@cache
def _kind(kind: int) -> Case:
    from chalicelib.referrals.case import Case
    from chalicelib.referrals.case_change import recomputed
    from chalicelib.referrals.case_work import CaseWork, Stage
    from chalicelib.referrals.clocks import clocks_of
    from chalicelib.referrals.deadlines import answered_dates
    from chalicelib.referrals.partnership import load_partnership
    from chalicelib.settings import Settings

    stream = ("adult", "child")[kind % 2]
    clocks = clocks_of(load_partnership(Settings.forms_dir, "suffolk"), "", stream)
    received = FIRST + timedelta(days=kind % 50)
    stage = (Stage.SUBMITTED, Stage.SCOPING)[kind // 2 % 2]
    work = CaseWork(stage=stage, assignee=f"p-{kind // 4 % 2}", assignee_name="A. Person")
    dates = answered_dates(received, {}, {})
    return recomputed(Case("", stream, received, answered=dates, work=work), clocks)


def store(client: Any, table: str, numbers: range) -> None:
    """Store the rows of some cases, as submissions and changes would leave them."""
    from chalicelib.adapters import dynamodb_listing
    from chalicelib.adapters.dynamodb_cases import case_row
    from chalicelib.adapters.dynamodb_table import encode

    for start in range(numbers.start, numbers.stop, AT_ONCE):
        rows = [
            row
            for case in cases(range(start, min(start + AT_ONCE, numbers.stop)))
            for row in (case_row(case), *dynamodb_listing.rows(case))
        ]
        batch = [{"PutRequest": {"Item": encode(row)}} for row in rows]
        client.batch_write_item(RequestItems={table: batch})


def acts(deps: Services) -> dict[str, Callable[[], object]]:
    """What somebody asks of the list."""
    from chalicelib.referrals.staff import Person, Role
    from chalicelib.use_cases.list_cases import list_cases, search_case

    person = Person("p-0", "A. Person", frozenset({Role.BUSINESS_SUPPORT}))
    return {
        "open cases": lambda: list_cases(deps, person),
        "of a stream": lambda: list_cases(deps, person, stream="adult"),
        "of a stage": lambda: list_cases(deps, person, stage="scoping"),
        "of a person": lambda: list_cases(deps, person, assignee="p-1"),
        "search": lambda: search_case(deps, "SUF-0000-0042", person),
    }


def main(sizes: tuple[int, ...]) -> None:
    print("cost of a page of 25 cases by how many are stored (calls to DynamoDB, capacity units)")
    with emulated() as (deps, usage, client):
        stored = 0
        for size in sorted(sizes):
            store(client, "bench", range(stored, size))
            stored = size
            for name, act in acts(deps).items():
                cost: Usage = counted(usage, act)
                print(f"  {size:8,} stored  {name:12} {cost.calls} calls {cost.units:5.1f} units")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
