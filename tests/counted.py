"""Cases to count: made without a form, each with the dates and coded answers that a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.adapters.in_memory import Table
from chalicelib.referrals.case import Case, KnownDate
from chalicelib.referrals.case_work import CaseWork, Stage

RECEIVED_ON = date(2026, 5, 4)


def a_counted_case(
    number: int,
    received_on: date = RECEIVED_ON,
    *,
    stream: str = "adult",
    counted: Mapping[str, tuple[str, ...]] | None = None,
    closed_on: date | None = None,
    outcome: str = "learning_review",
    dates: Mapping[str, date] | None = None,
    **changes: Any,
) -> Case:
    """A case received at noon; closed with an outcome if there is a day for it."""
    work = CaseWork()
    if closed_on is not None:
        work = CaseWork(stage=Stage.CLOSED, outcome=outcome, closed_on=closed_on)
    return Case(
        reference=f"SUF-BC{number // 10_000:02}-{number % 10_000:04}",
        stream=stream,
        received_at=datetime(received_on.year, received_on.month, received_on.day, 12, tzinfo=UTC),
        answered={name: KnownDate(day) for name, day in (dates or {}).items()},
        counted=counted or {},
        **{"work": work, **changes},
    )


def keep(table: Table, *cases: Case) -> None:
    """Put cases into a table as they are."""
    table.cases.update({case.reference: case for case in cases})
