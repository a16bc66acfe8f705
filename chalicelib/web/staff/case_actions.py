"""What a person may do to a case as it stands, and what is said when it was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_closing import closed, closing_outcomes
from chalicelib.referrals.case_work import Stage, elsewhere, onward
from chalicelib.referrals.outcomes import outcomes_for
from chalicelib.referrals.staff import NotAllowed, Person, Right

# The end of its address, its text, and whether it is offered.
_Link = tuple[str, str, bool]

DONE = {
    "acknowledged": "The referral is recorded as acknowledged.",
    "assigned": "The case is assigned as you chose.",
    "request-withdrawn": "The request is withdrawn. Its code no longer works.",
    "moved": "The case was moved to another stage.",
    "linked": "The two cases are linked.",
    "merged": "The case is closed as a duplicate. The other case goes on.",
    "unlinked": "The link has ended.",
    "redirected": "It is recorded that the live concern was passed on.",
    "held": "The legal hold is placed. The case is kept until it is released.",
    "hold-released": "The legal hold is released.",
    "disposal-approved": "The disposal is approved. You can still take it back: see below.",
    "disposal-taken-back": "The approval is taken back. The case is kept.",
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


def actions_of(case: Case, person: Person, base: str, now: datetime) -> list[dict[str, Any]]:
    """Links to what this person may do now, by what it is about: nothing that would be refused."""
    groups = (
        ("Work on the case", _work(case, person)),
        ("Decide and close", _decide(case, person, now)),
        ("Keep and share", _keep(case, person)),
    )
    return [
        {
            "heading": heading,
            "links": [{"text": text, "href": f"{base}/{tail}"} for tail, text, may in links if may],
        }
        for heading, links in groups
        if any(may for _, _, may in links)
    ]


def _work(case: Case, person: Person) -> list[_Link]:
    works = person.may(Right.WORK_CASES) and not case.work.is_closed
    merges = person.may(Right.MANAGE) and not case.work.is_closed
    return [
        ("acknowledge", "Acknowledge the referral", _may_acknowledge(case, person)),
        ("assign", "Assign the case", works),
        ("stage", "Move to another stage", _may_move(case, person)),
        ("information", "Ask for information", works),
        ("redirect", "Pass a live concern on", works),
        ("links/related", "Link to a related case", works),
        ("links/duplicate", "Merge as a duplicate", merges),
    ]


def _decide(case: Case, person: Person, now: datetime) -> list[_Link]:
    work, may = case.work, person.may
    return [
        (
            "recommendation",
            "Record a recommendation",
            may(Right.RECOMMEND) and not work.is_closed,
        ),
        ("decision", "Record a decision", may(Right.DECIDE) and not work.is_closed),
        ("close", "Close the case", bool(outcomes_to_close_with(case, person, now))),
        ("reopen", "Reopen the case", may(Right.MANAGE) and work.is_closed),
    ]


def _keep(case: Case, person: Person) -> list[_Link]:
    may, held = person.may, bool(case.work.standing_holds)
    return [
        ("print", "Print", may(Right.READ_CASES)),
        ("packs", "Make a redacted pack", may(Right.WORK_CASES)),
        ("export", "Export this case", may(Right.READ_CASES)),
        ("conflicts", "Conflicts of interest", may(Right.MANAGE)),
        ("hold", "Place a legal hold", may(Right.MANAGE)),
        ("hold/released", "Release a legal hold", may(Right.MANAGE) and held),
        ("history", "Audit trail of this case", may(Right.READ_AUDIT)),
    ]


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
