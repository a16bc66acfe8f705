"""Which cases a list of open cases holds, and in which order: by what is next due."""

import re
from dataclasses import dataclass
from datetime import date

from chalicelib.referrals.case import Case
from chalicelib.referrals.clocks import is_yearly
from chalicelib.referrals.times import to_text

# Where those lie that have nothing to wait for.
NOTHING_DUE = "9999-12-31T23:59:59.000000Z"
_PLACE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#[A-Z]{2,8}-[A-Z0-9]{4}-[A-Z0-9]{4}")


@dataclass(frozen=True)
class Chosen:
    """What a list is filtered by. `stage` empty: any; `assignee` None: any, empty: nobody's."""

    stage: str = ""
    assignee: str | None = None

    def takes(self, case: Case) -> bool:
        """Whether the filter lets a case through."""
        return self.stage in ("", case.work.stage) and self.assignee in (None, case.work.assignee)


def is_listed(case: Case) -> bool:
    """Whether a list of open cases holds it: the partnership's own year is no case."""
    return not case.work.is_closed and not is_yearly(case.reference)


def place_of(case: Case) -> str:
    """Where a case lies in the list: places sort as texts, and no two cases share one."""
    due_at = case.next_due()
    return f"{NOTHING_DUE if due_at is None else to_text(due_at)}#{case.reference}"


def received_place(case: Case) -> str:
    """Where a case lies among those received, oldest first."""
    return f"{to_text(case.received_at)}#{case.reference}"


def is_counted(case: Case) -> bool:
    """Whether it is among the cases received: the partnership's own year is no case."""
    return not is_yearly(case.reference)


def closed_place(case: Case) -> str | None:
    """Where a case lies among those closed, None while it is open."""
    work = case.work
    if not work.is_closed or work.closed_on is None or not work.outcome:
        return None
    return f"{work.closed_on.isoformat()}#{case.reference}"


def is_closed_in(case: Case, outcome: str, since: date, until: date) -> bool:
    """Whether it is closed with an outcome, on a day in [since, until)."""
    closed_on = case.work.closed_on
    if closed_on is None or not case.work.is_closed:
        return False
    return case.work.outcome == outcome and since <= closed_on < until


def is_place(text: str) -> bool:
    """Whether a text is one that `place_of` may have made."""
    return _PLACE.fullmatch(text) is not None
