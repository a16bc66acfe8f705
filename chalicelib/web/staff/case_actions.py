"""What a person may do to a case as it stands, and what is said when it was done."""

from __future__ import annotations

from datetime import datetime

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_closing import closed, closing_outcomes
from chalicelib.referrals.case_work import Stage, elsewhere, onward
from chalicelib.referrals.outcomes import outcomes_for
from chalicelib.referrals.staff import NotAllowed, Person, Right

DONE = {
    "acknowledged": "The referral is recorded as acknowledged.",
    "assigned": "The case is assigned as you chose.",
    "moved": "The case was moved to another stage.",
    "date": "The date is recorded. Deadlines that count from it have moved.",
    "met": "The deadline is recorded as done. Its reminders have ended.",
    "withdrawn": "The deadline is withdrawn. Its reminders have ended.",
    "not-applicable": "The deadline is set aside. Its reminders have ended.",
    "in-force": "The deadline is in force.",
    "recommended": "The recommendation is recorded.",
    "decided": "The decision is recorded.",
    "closed": "The case is closed. It is no longer among the open cases.",
    "reopened": "The case is open again.",
    "barred": "The conflict of interest is recorded. That person can no longer open this case.",
    "unbarred": "The conflict of interest has ended. That person can open this case again.",
}


def done_notice(code: str) -> str:
    """What was done, by the word that the address has for it; empty for any other word."""
    return DONE.get(code, "")


def actions_of(case: Case, person: Person, base: str, now: datetime) -> list[dict[str, str]]:
    """Links to what this person may do now: nothing is shown that would be refused."""
    work, may = case.work, person.may
    offered: list[tuple[str, str, bool]] = [
        ("acknowledge", "Acknowledge the referral", _may_acknowledge(case, person)),
        ("assign", "Assign the case", may(Right.WORK_CASES) and not work.is_closed),
        ("stage", "Move to another stage", _may_move(case, person)),
        (
            "recommendation",
            "Record a recommendation",
            may(Right.RECOMMEND) and not work.is_closed,
        ),
        ("decision", "Record a decision", may(Right.DECIDE) and not work.is_closed),
        ("close", "Close the case", bool(outcomes_to_close_with(case, person, now))),
        ("reopen", "Reopen the case", may(Right.MANAGE) and work.is_closed),
        ("conflicts", "Conflicts of interest", may(Right.MANAGE)),
        ("history", "Audit trail of this case", may(Right.READ_AUDIT)),
        ("print", "Print", may(Right.READ_CASES)),
    ]
    return [{"text": text, "href": f"{base}/{tail}"} for tail, text, offer in offered if offer]


def _may_acknowledge(case: Case, person: Person) -> bool:
    return person.may(Right.WORK_CASES) and case.work.stage is Stage.SUBMITTED


def _may_move(case: Case, person: Person) -> bool:
    work = case.work
    if work.is_closed:
        return False
    back = person.may(Right.MANAGE) and bool(elsewhere(work))
    return person.may(Right.WORK_CASES) and (bool(onward(work)) or back)


def outcomes_to_close_with(case: Case, person: Person, now: datetime) -> list[str]:
    """The outcomes that this person may close the case with as it stands."""

    def allowed(outcome: str) -> bool:
        try:
            closed(case.work, case.stream, outcome, "a reason", person, now)
        except (NotAllowed, NotPossible):
            return False
        return True

    known = outcomes_for(case.stream)
    return [one for one in closing_outcomes(case.work) if one in known and allowed(one)]
