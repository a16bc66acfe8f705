"""What the yearly figures count of one case: its dates, its outcome, its coded answers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.referrals.case import Case, Deadline, DeadlineState
from chalicelib.referrals.case_work import DECISION, Decision
from chalicelib.referrals.outcomes import NO_REVIEW
from chalicelib.referrals.times import local_date

ON_TIME, LATE, NOT_DONE = "on_time", "late", "not_done"
SIN_SENT_ON = "sin_sent_on"
# The reviews that an annual report tells of, and the dates that say when one began and ended.
_REVIEWS = {
    "adult": frozenset({"sar_mandatory", "sar_discretionary"}),
    "child": frozenset({"lcspr", "lcspr_discretionary"}),
}
_BEGAN = {"adult": "sar_initiated_on", "child": "lcspr_decided_on"}
_ENDED = {"adult": "sar_completed_on", "child": "lcspr_published_on"}


@dataclass(frozen=True)
class Duty:
    """A deadline that was due: `done` is one of `ON_TIME`, `LATE`, `NOT_DONE`."""

    rule: str
    label: str
    due_on: date
    done: str


@dataclass(frozen=True)
class Countable:
    """One case. `refused_on` is the day it was decided that there is no review.

    `refused_unmet` says that no criterion was considered met then. `review_began_on` and
    `review_ended_on` are of a Safeguarding Adults Review or of a local child practice review.
    """

    received_on: date
    counted: Mapping[str, tuple[str, ...]]
    dates: Mapping[str, date]
    duties: tuple[Duty, ...]
    closed_on: date | None
    outcome: str
    decided_on: date | None
    refused_on: date | None
    refused_unmet: bool
    review_began_on: date | None
    review_ended_on: date | None


def countable(case: Case, today: date) -> Countable:
    """What is counted of a case, as it is on a day."""
    dates = {name: known.on for name, known in case.known().items()}
    decision, work = case.work.in_force(DECISION), case.work
    refused = decision is not None and decision.outcome == NO_REVIEW
    began = _review_began(case.stream, dates, decision)
    ended = dates.get(_ENDED.get(case.stream, "")) or work.closed_on
    return Countable(
        received_on=local_date(case.received_at),
        counted=case.counted,
        dates=dates,
        duties=tuple(_duties(case, today)),
        closed_on=work.closed_on,
        outcome=work.outcome or "",
        decided_on=decision.decided_on if decision else dates.get("decided_on"),
        refused_on=decision.decided_on if decision and refused else None,
        refused_unmet=bool(decision and not decision.criteria),
        review_began_on=began,
        review_ended_on=ended if began else None,
    )


def _review_began(stream: str, dates: Mapping[str, date], decision: Decision | None) -> date | None:
    began = dates.get(_BEGAN.get(stream, ""))
    if began is None and decision is not None and decision.outcome in _REVIEWS.get(stream, ()):
        return decision.decided_on
    return began


def _duties(case: Case, today: date) -> list[Duty]:
    return [
        Duty(item.rule, item.label, item.due_on, done)
        for item in case.deadlines
        if item.kind == "deadline" and (done := _done(item, today)) is not None
    ]


def _done(item: Deadline, today: date) -> str | None:
    """How it went; None for one that was set aside, or is not due yet."""
    if item.state is DeadlineState.MET:
        return LATE if item.met_late else ON_TIME
    return NOT_DONE if item.is_open and item.due_on < today else None
