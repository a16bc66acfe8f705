"""The register: a line for each case with where it stands, and nothing of whom it is about. Pure.

Every line has the same dates and deadlines of the partnership. The days on which something happened
to somebody are left out, whoever recorded them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.referrals.case import Case, Deadline, DeadlineState
from chalicelib.referrals.partnership import Partnership
from chalicelib.referrals.times import local_date

# They say when somebody died or came to harm.
PERSONAL_DATES = frozenset({"incident_on", "died_on"})
_FACTS = ("Reference", "About", "Received", "Stage", "Assigned to", "Outcome", "Closed")


@dataclass(frozen=True)
class Columns:
    """What the register says of every case: dates and deadlines, id -> label."""

    dates: Mapping[str, str]
    deadlines: Mapping[str, str]


def columns_of(partnership: Partnership, streams: Sequence[str], cases: Iterable[Case]) -> Columns:
    """The partnership's dates, and its deadlines of these streams; then those of earlier rules."""
    dates = {
        name: known.label for name, known in partnership.dates.items() if name not in PERSONAL_DATES
    }
    rules = {
        rule.id: rule.label
        for rule in partnership.deadlines
        if any(rule.applies_to(stream) for stream in streams)
    }
    for case in cases:
        for deadline in case.deadlines:
            rules.setdefault(deadline.rule, deadline.label)
    return Columns(dates, rules)


def header(columns: Columns) -> list[str]:
    """The headings of the CSV file."""
    told = ((f"{name}: due", f"{name}: done", f"{name}: state") for name in _names(columns))
    return [*_FACTS, *columns.dates.values(), *(cell for cells in told for cell in cells)]


def _names(columns: Columns) -> Iterable[str]:
    """The deadlines by name, with their ids where two have one name."""
    labels = list(columns.deadlines.values())
    for rule, label in columns.deadlines.items():
        yield f"{label} ({rule})" if labels.count(label) > 1 else label


def row(case: Case, columns: Columns, now: datetime, words: Mapping[str, str]) -> list[str]:
    """The line of a case in the CSV file. `words` are what people call streams and the like."""
    said = document(case, columns, now)
    facts = ("reference", "stream", "received_on", "stage", "assigned_to", "outcome", "closed_on")
    cells = [said[name] or "" for name in facts]
    cells = [words.get(cell, cell) for cell in cells]
    cells += [said["dates"].get(name, "") for name in columns.dates]
    for rule in columns.deadlines:
        known = said["deadlines"].get(rule, {})
        cells += [known.get(part) or "" for part in ("due_on", "done_on", "state")]
    return cells


def document(case: Case, columns: Columns, now: datetime) -> dict[str, Any]:
    """The line of a case in the JSON file; days are London dates."""
    work, known = case.work, case.known()
    return {
        "reference": case.reference,
        "stream": case.stream,
        "received_on": local_date(case.received_at).isoformat(),
        "stage": work.stage.value,
        "assigned_to": work.assignee_name,
        "outcome": work.outcome,
        "closed_on": work.closed_on.isoformat() if work.closed_on else None,
        "dates": {name: known[name].on.isoformat() for name in columns.dates if name in known},
        "deadlines": {one.rule: _deadline(one, now) for one in case.deadlines},
    }


def _deadline(deadline: Deadline, now: datetime) -> dict[str, str | None]:
    met = deadline.state is DeadlineState.MET and deadline.closed_on is not None
    return {
        "due_on": deadline.due_on.isoformat(),
        "done_on": deadline.closed_on.isoformat() if met and deadline.closed_on else None,
        "state": _state(deadline, now),
    }


def _state(deadline: Deadline, now: datetime) -> str:
    if deadline.is_overdue(now):
        return "overdue"
    return "met late" if deadline.met_late else deadline.state.value.replace("_", " ")
