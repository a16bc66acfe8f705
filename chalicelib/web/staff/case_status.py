"""Where a case stands, in a few facts."""

from __future__ import annotations

from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.times import local_date, say_date, say_time
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request
from chalicelib.web.staff.case_words import days_words, outcome_words, short_date, stage_words


def case_address(request: Request, reference: str) -> str:
    """The address of a case's page."""
    return f"{request.base_url}/staff/cases/{reference}"


def status_facts(case: Case, services: Services) -> list[dict[str, Any]]:
    """Stage, assignee, next due, receipt and outcome: [{key, value, more, late}]."""
    work = case.work
    facts: list[dict[str, Any]] = [
        {"key": "Stage", "value": stage_words(work.stage)},
        {"key": "Assigned to", "value": work.assignee_name or "Nobody"},
        _next_due(case, services),
        {"key": "Received", "value": say_time(case.received_at)},
    ]
    if work.outcome:
        facts.append({"key": "Outcome", "value": outcome_words(work.outcome)})
    if work.closed_on:
        facts.append({"key": "Closed", "value": say_date(work.closed_on)})
    return facts


def _next_due(case: Case, services: Services) -> dict[str, Any]:
    now = services.clock.now()
    running = [one for one in case.deadlines if one.is_open and one.kind == "deadline"]
    due = min(running, key=lambda one: one.due_at, default=None)
    if due is None:
        return {"key": "Next due", "value": "Nothing"}
    when = f"{short_date(due.due_on)}, {days_words(due.due_on, local_date(now))}"
    return {"key": "Next due", "value": when, "more": due.label, "late": due.is_overdue(now)}
