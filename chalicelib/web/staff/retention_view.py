"""How long a case is kept, and why: the part of its page, and what it tells of who decided so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.disposal import Hold
from chalicelib.referrals.disposal_steps import standing_approval, why_another, why_kept
from chalicelib.referrals.partnership import Partnership
from chalicelib.referrals.retention import is_over, kept
from chalicelib.referrals.staff import Person, Right
from chalicelib.referrals.times import local_date, say_date, say_time


def retention_part(
    partnership: Partnership, case: Case, person: Person, now: datetime, base: str
) -> dict[str, Any]:
    """What staff/retention.html shows. `base` is the case's address; empty on paper."""
    return {
        "kept": [*_kept(partnership, case, now), *_another(partnership, case, person, now)],
        "kept_action": _action(partnership, case, person, now, base),
        "holds": [_hold(hold) for hold in reversed(case.work.holds)],
    }


def _action(
    partnership: Partnership, case: Case, person: Person, now: datetime, base: str
) -> dict[str, str] | None:
    if not base or not person.may(Right.DISPOSE):
        return None
    if standing_approval(case) is not None:
        return {"text": "Take the approval back", "href": f"{base}/disposal/taken-back"}
    if why_kept(partnership, case, now) or why_another(case.work, person):
        return None
    return {"text": "Approve the disposal of this case", "href": f"{base}/disposal"}


def _another(
    partnership: Partnership, case: Case, person: Person, now: datetime
) -> tuple[str, ...]:
    """Why somebody who could approve now is not offered it."""
    if standing_approval(case) or why_kept(partnership, case, now):
        return ()
    why = why_another(case.work, person) if person.may(Right.DISPOSE) else ""
    return (why,) if why else ()


def _kept(partnership: Partnership, case: Case, now: datetime) -> list[str]:
    work, known = case.work, kept(partnership, case)
    if not work.is_closed:
        return ["How long it is kept is counted from the day on which it is closed."]
    if known is None:
        return ["No retention rule covers its outcome, so it is kept. Tell your manager."]
    why = f"{known.rule.years} years after it was closed, by the rule “{known.rule.id}”"
    said = [f"It is kept until {say_date(known.until)}: {why}. Source: {known.rule.source}."]
    approval = standing_approval(case)
    if approval is not None:
        said.append(
            f"{approval.name} approved its disposal on {say_time(approval.at)}. It is deleted on "
            f"{say_time(approval.due_at)}; until then the approval can be taken back."
        )
    elif work.standing_holds:
        said.append("It is under a legal hold: it is not disposed of until that is released.")
    elif is_over(known, local_date(now)):
        said.append("That time is over: a business manager can approve its disposal.")
    else:
        said.append("Then a business manager decides. Nothing is ever deleted by itself.")
    return said


def _hold(hold: Hold) -> dict[str, Any]:
    rows = [
        ("Reason", hold.reason),
        ("Placed", f"by {hold.name} on {say_time(hold.at)}"),
    ]
    if hold.released is not None:
        ended = hold.released
        rows += [
            ("Released", f"by {ended.name} on {say_time(ended.at)}"),
            ("Reason for the release", ended.reason),
        ]
    return {
        "released": hold.released is not None,
        "rows": [{"key": key, "value_lines": value.splitlines()} for key, value in rows],
    }
