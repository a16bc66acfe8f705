"""Which cases a list of open cases holds, and in which order: by what is next due."""

import re
from dataclasses import dataclass

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


def is_place(text: str) -> bool:
    """Whether a text is one that `place_of` may have made."""
    return _PLACE.fullmatch(text) is not None
