"""Recommendations and decisions of a case as staff read them, superseded ones among them."""

from __future__ import annotations

from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_work import DECISION, Decision
from chalicelib.referrals.staff import Person, Right
from chalicelib.referrals.times import say_date, say_time
from chalicelib.use_cases.ports import Services
from chalicelib.web.staff.case_words import outcome_words
from chalicelib.web.staff.criteria import criteria_of
from chalicelib.web.staff.decision_form import CORRECTS
from chalicelib.web.staff.fields import say_or

_NONE = "None"


def decision_parts(
    services: Services, case: Case, person: Person, base: str
) -> list[dict[str, Any]]:
    """Newest first: [{title, kind, superseded, rows, href}]. `base` is empty for no links."""
    return [
        _part(services, case, person, base, decision) for decision in reversed(case.work.decisions)
    ]


def _part(
    services: Services, case: Case, person: Person, base: str, decision: Decision
) -> dict[str, Any]:
    superseded = case.work.superseding(decision.id) is not None
    right = Right.DECIDE if decision.kind == DECISION else Right.RECOMMEND
    may_correct = base and not superseded and person.may(right) and not case.work.is_closed
    address = f"{base}/{decision.kind}?{CORRECTS}={decision.id}"
    return {
        "title": f"{decision.kind.capitalize()} of {say_date(decision.decided_on)}",
        "kind": decision.kind,
        "superseded": superseded,
        "rows": _rows(services, case, decision),
        "href": address if may_correct else None,
    }


def _rows(services: Services, case: Case, decision: Decision) -> list[dict[str, Any]]:
    met, not_met = _criteria(services, case, decision)
    corrected = case.work.decision(decision.supersedes or "")
    facts = [
        ("Outcome", [outcome_words(decision.outcome)]),
        ("Decided by" if decision.kind == DECISION else "Recommended by", [decision.decider]),
        ("Criteria met", met or [_NONE]),
        ("Criteria not met", not_met or [_NONE]),
        *((f"View of: {name}", [view]) for name, view in decision.partner_views.items()),
        ("Reasons", [decision.reasons]),
        ("What else was considered", [decision.alternative or "Not recorded"]),
        ("Looked at again on", [say_or(decision.review_on, "No date")]),
        *((name, [note]) for name, note in decision.notes.items()),
        ("Recorded", [f"by {decision.name} on {say_time(decision.at)}"]),
    ]
    if corrected is not None:
        facts.append(("Takes the place of", [f"that recorded on {say_time(corrected.at)}"]))
    return [{"key": key, "value_lines": lines} for key, lines in facts]


def _criteria(services: Services, case: Case, decision: Decision) -> tuple[list[str], list[str]]:
    """The words of the criteria that were met, and of today's that were not."""
    known = {one.id: one.text for one in criteria_of(services, case.stream)}
    met = [known.get(one, one) for one in decision.criteria]
    return met, [text for one, text in known.items() if one not in decision.criteria]
