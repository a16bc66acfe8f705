"""Entries of the audit trail as rows that a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from chalicelib.referrals.partnership import Partnership
from chalicelib.referrals.referral import AuditEntry
from chalicelib.use_cases.audit import Trail
from chalicelib.web.http import Request
from chalicelib.web.staff.case_status import case_address

_KEYS = {
    "on": "On",
    "act": "Deadline",
    "why": "Why",
    "to": "To do what",
    "of": "Of",
    "supersedes": "Takes the place of",
}


def audit_rows(
    trail: Trail,
    partnership: Partnership,
    linked_from: Request | None = None,
    *,
    with_case: bool = True,
) -> list[dict[str, Any]]:
    """As staff/entries.html shows them: [{action, reference, href, at, name, details}].

    With links to the cases when they are `linked_from` a page; without any on a case's own.
    """
    rows = [_row(entry, partnership, linked_from) for entry in trail.entries]
    return rows if with_case else [{**row, "reference": "", "href": None} for row in rows]


def _row(
    entry: AuditEntry, partnership: Partnership, linked_from: Request | None
) -> dict[str, Any]:
    linked = linked_from is not None and entry.reference
    return {
        "action": entry.action[:1].upper() + entry.action[1:],
        "reference": entry.reference,
        "href": case_address(linked_from, entry.reference) if linked_from and linked else None,
        "at": f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "name": f"{entry.name} ({entry.actor})" if entry.name else entry.actor,
        "details": _details(entry.details, partnership),
    }


def _details(details: Mapping[str, str], partnership: Partnership) -> list[dict[str, str]]:
    labels = {rule.id: rule.label for rule in partnership.deadlines}
    labels |= {rule.act: rule.label for rule in partnership.deadlines if not rule.duty}
    names = {name: known.label for name, known in partnership.dates.items()}
    rows = []
    for key, value in details.items():
        if key.startswith("deadline."):
            rule = key.removeprefix("deadline.")
            rows.append({"key": labels.get(rule, rule), "value": value})
        else:
            known = {"act": labels, "date": names}.get(key, {})
            label = _KEYS.get(key, key.replace("_", " ").capitalize())
            rows.append({"key": label, "value": known.get(value, value)})
    return rows
