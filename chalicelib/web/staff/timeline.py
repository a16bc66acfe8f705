"""What was done to a case, newest first, from the case itself: everybody who may read it sees it.

Who opened it, and what was corrected since, is in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.referrals.case import Case, Settled
from chalicelib.referrals.case_work import Stage
from chalicelib.referrals.explain import trigger_label
from chalicelib.referrals.partnership import Partnership
from chalicelib.referrals.times import say_date, say_time
from chalicelib.web.staff.case_words import outcome_words, stage_words

_SETTLED = {
    Settled.MET: "Deadline marked as done",
    Settled.CHECKED: "Deadline marked as done",
    Settled.WITHDRAWN: "Deadline withdrawn",
    Settled.NOT_APPLICABLE: "Deadline set aside",
    Settled.IN_FORCE: "Deadline put in force",
}


@dataclass(frozen=True)
class Happened:
    """One thing that was done."""

    at: datetime
    what: str
    name: str
    why: str = ""

    def row(self) -> dict[str, object]:
        """As staff/entries.html shows it."""
        why = [{"key": "Reason", "value": self.why}] if self.why else []
        return {"action": self.what, "at": say_time(self.at), "name": self.name, "details": why}


def timeline(case: Case, partnership: Partnership) -> list[Happened]:
    """Everything that the case tells of, newest first."""
    happened = [
        Happened(case.received_at, "Notification received", "the referrer"),
        *_moves(case),
        *_decisions(case),
        *_dates(case, partnership),
        *_settled(case),
    ]
    return sorted(happened, key=lambda one: one.at, reverse=True)


def changes_since(case: Case, partnership: Partnership) -> str:
    """The last thing that was done, in one line."""
    last = timeline(case, partnership)[0]
    return f"{last.what}, by {last.name} on {say_time(last.at)}"


def _moves(case: Case) -> Iterator[Happened]:
    for move in case.work.moves:
        if move.after is Stage.CLOSED:
            what = f"Closed: {outcome_words(move.outcome)}"
        elif move.before is Stage.CLOSED:
            what = f"Reopened: {stage_words(move.after)}"
        else:
            what = f"Moved to: {stage_words(move.after)}"
        yield Happened(move.at, what, move.name, move.reason)


def _decisions(case: Case) -> Iterator[Happened]:
    for one in case.work.decisions:
        kind = one.kind.capitalize()
        done = "corrected" if one.supersedes else "recorded"
        yield Happened(one.at, f"{kind} {done}: {outcome_words(one.outcome)}", one.name)


def _dates(case: Case, partnership: Partnership) -> Iterator[Happened]:
    for name, recorded in case.recorded.items():
        label = trigger_label(name, partnership.dates)
        said = say_date(recorded.on) if recorded.on else "not known"
        yield Happened(recorded.at, f"Date recorded: {label}, {said}", recorded.actor)


def _settled(case: Case) -> Iterator[Happened]:
    for act, settlement in case.settled.items():
        label = next((one.label for one in case.deadlines if one.act == act), act)
        what = f"{_SETTLED[settlement.kind]}: {label}"
        yield Happened(settlement.at, what, settlement.actor, settlement.reason)
