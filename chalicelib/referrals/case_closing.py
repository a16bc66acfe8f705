"""How a case is closed, with its outcome, and reopened: pure.

Each raises `NotAllowed` when the person may not, and `NotPossible` when nobody could.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_steps import at_stage, ensure_may, ensure_open, overruled
from chalicelib.referrals.case_work import DECISION, RECORDED, CaseWork, Stage
from chalicelib.referrals.outcomes import ADMINISTRATIVE, NOTHING_FOLLOWS, OUTCOMES, outcomes_for
from chalicelib.referrals.staff import Person, Right
from chalicelib.referrals.times import local_date


def closing_outcomes(work: CaseWork) -> tuple[str, ...]:
    """The outcomes that the case can be closed with now: what was decided, or no decision's."""
    decision = work.in_force(DECISION)
    possible = ADMINISTRATIVE | ({decision.outcome} if decision else frozenset())
    return tuple(outcome for outcome in OUTCOMES if outcome in possible)


def closed(
    work: CaseWork, stream: str, outcome: str, reason: str, person: Person, at: datetime
) -> CaseWork:
    """The case is over. Before its end of the way only a manager may say so, with a reason."""
    ensure_may(work, person, Right.READ_CASES)
    ensure_open(work)
    if outcome not in outcomes_for(stream):
        raise NotPossible("Choose one of the outcomes.", "outcome")
    if outcome not in closing_outcomes(work):
        raise NotPossible(
            "No decision in force has this outcome. Record the decision with its reasons first.",
            "outcome",
        )
    if _is_at_its_end(work, outcome) and person.may(Right.WORK_CASES):
        work = at_stage(work, Stage.CLOSED, reason.strip(), person, at, outcome)
    else:
        work = overruled(work, Stage.CLOSED, reason, person, at, outcome)
    return replace(work, outcome=outcome, closed_on=local_date(at))


def reopened(work: CaseWork, stage: Stage, reason: str, person: Person, at: datetime) -> CaseWork:
    """The case goes on from a stage; how it was closed stays among its moves."""
    ensure_may(work, person, Right.MANAGE)
    if not work.is_closed:
        raise NotPossible("The case is open already.")
    if stage is Stage.CLOSED:
        raise NotPossible("Choose the stage that the case goes on from.", "stage")
    if not work.has_recorded(stage):
        raise NotPossible(f"No {RECORDED[stage]} was recorded. Choose another stage.", "stage")
    work = overruled(work, stage, reason, person, at)
    return replace(work, outcome=None, closed_on=None)


def _is_at_its_end(work: CaseWork, outcome: str) -> bool:
    if outcome in ADMINISTRATIVE:
        return False
    if work.stage in (Stage.DECIDED, Stage.PARTNER_DECISION):
        return outcome in NOTHING_FOLLOWS
    return work.stage is Stage.ACTIONS_TRACKING
