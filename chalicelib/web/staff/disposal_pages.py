"""What may be disposed of, the proofs of what was, and one proof, for the screen and for paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.disposal import Proof
from chalicelib.referrals.staff import NotAllowed, Person
from chalicelib.referrals.times import local_date, say_date, say_time
from chalicelib.use_cases.list_disposals import (
    Disposable,
    list_disposable,
    list_proofs,
    read_proof,
)
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request, Response
from chalicelib.web.staff import access
from chalicelib.web.staff.case_status import case_address
from chalicelib.web.staff.case_words import STREAMS, outcome_words
from chalicelib.web.staff.drawing import staff_page

PATH, PROOFS = "/staff/disposal", "/staff/disposed"
COLUMNS = ("Reference", "About", "Closed", "Kept until", "What to do")
PROOF_COLUMNS = ("Reference", "About", "Closed", "Deleted", "Approved by")
_KINDS = {
    "ADDED": "Information that was added",
    "CASE": "The case: dates, decisions, reasons",
    "LIST": "Places in lists",
    "REFERRAL": "The notification as received",
    "REMINDER": "Reminders",
}


def disposal(request: Request, services: Services, person: Person) -> Response:
    """The closed cases whose time is over, closed longest ago first."""
    try:
        try:
            after = request.query.get("after") or None
            page = list_disposable(services, person, after=after)
        except NotPossible:
            page, after = list_disposable(services, person), None
    except NotAllowed:
        return access.not_allowed(request, services, person)
    home = request.base_url + PATH
    return staff_page(
        request,
        services,
        person,
        "staff/disposable.html",
        title="Disposal",
        columns=COLUMNS,
        cases=[_row(request, one) for one in page.rows],
        empty=_empty(first=after is None),
        held=_held(page.held),
        proofs_href=request.base_url + PROOFS,
        next_href=_href(home, page.after),
        first_href=home if after else None,
    )


def proofs(request: Request, services: Services, person: Person) -> Response:
    """The proofs of disposal, newest first."""
    try:
        try:
            after = request.query.get("after") or None
            page = list_proofs(services, person, after=after)
        except NotPossible:
            page, after = list_proofs(services, person), None
    except NotAllowed:
        return access.not_allowed(request, services, person)
    home = request.base_url + PROOFS
    return staff_page(
        request,
        services,
        person,
        "staff/proofs.html",
        title="Proofs of disposal",
        back_href=request.base_url + PATH,
        columns=PROOF_COLUMNS,
        proofs=[_proof_row(request, proof) for proof in page.rows],
        empty="No case was disposed of." if after is None else "There are no more proofs.",
        next_href=_href(home, page.after),
        first_href=home if after else None,
    )


def proof(request: Request, services: Services, person: Person) -> Response:
    """What proves that one case was disposed of, or is being deleted now."""
    try:
        found = read_proof(services, request.named["reference"], person)
    except NotAllowed:
        return access.not_allowed(request, services, person)
    return staff_page(
        request,
        services,
        person,
        "staff/proof.html",
        title=f"Proof of disposal {found.reference}",
        back_href=request.base_url + PROOFS,
        history_href=f"{case_address(request, found.reference)}/history",
        heading=found.reference,
        watermark=f"{found.reference}, proof of disposal, opened by {person.name} on "
        f"{say_time(services.clock.now())}",
        lead=_lead(found),
        facts=_facts(found),
        rows=_rows(found),
    )


def _row(request: Request, one: Disposable) -> dict[str, Any]:
    work, base = one.case.work, case_address(request, one.case.reference)
    approval = one.approval
    return {
        "reference": one.case.reference,
        "href": base,
        "stream": STREAMS.get(one.case.stream, one.case.stream),
        "closed": say_date(work.closed_on) if work.closed_on else "",
        "outcome": outcome_words(work.outcome),
        "until": say_date(one.kept.until),
        "rule": f"{one.kept.rule.years} years, rule “{one.kept.rule.id}”",
        "approved": f"Approved by {approval.name}: deleted on {say_time(approval.due_at)}"
        if approval
        else "",
        "action": "Take the approval back" if approval else "Approve the disposal",
        "action_href": f"{base}/disposal/taken-back" if approval else f"{base}/disposal",
    }


def _proof_row(request: Request, proof: Proof) -> dict[str, Any]:
    return {
        "reference": proof.reference,
        "href": f"{request.base_url}{PATH}/{proof.reference}",
        "stream": STREAMS.get(proof.stream, proof.stream),
        "closed": say_date(proof.closed_on),
        "done": say_date(local_date(proof.done_at)) if proof.done_at else "Being deleted now",
        "approved": proof.approved_name,
    }


def _lead(proof: Proof) -> str:
    if proof.done_at is None:
        return (
            "The case is being deleted. Nobody can open it any more. Open this page again in an "
            "hour: should it still say so, tell the person who runs this service."
        )
    return (
        "The case and everything in it was deleted. It was then looked for again in the table, and "
        "nothing was found. This proof holds nothing of what was notified."
    )


def _facts(proof: Proof) -> list[dict[str, Any]]:
    done, backups = proof.done_at, proof.in_backups_until
    facts = {
        "About": STREAMS.get(proof.stream, proof.stream),
        "Received": say_date(proof.received_on),
        "Closed": say_date(proof.closed_on),
        "Outcome": outcome_words(proof.outcome),
        "Retention rule": f"{proof.rule}: {proof.years} years after it was closed",
        "Source of the rule": proof.source,
        "Approved by": f"{proof.approved_name} ({proof.approved_by})",
        "Approved": say_time(proof.approved_at),
        "Deletion began": say_time(proof.begun_at),
        "Deleted, and nothing found after it": say_time(done) if done else "Not yet",
        "In backups until": say_date(local_date(backups)) if backups else "Not known yet",
    }
    return [{"key": key, "value_lines": [value]} for key, value in facts.items()]


def _rows(proof: Proof) -> list[dict[str, Any]]:
    known = sorted((_KINDS.get(kind, kind), number) for kind, number in proof.rows.items())
    return [{"key": what, "value_lines": [str(number)]} for what, number in known]


def _empty(*, first: bool) -> str:
    if not first:
        return "There are no more cases that may be disposed of."
    return (
        "No case may be disposed of today. A closed case appears here when it has been kept for as "
        "long as its retention rule says."
    )


def _held(number: int) -> str:
    if not number:
        return ""
    left = "1 case was" if number == 1 else f"{number} cases were"
    return f"{left} left out of this page: under a legal hold."


def _href(home: str, after: str | None) -> str | None:
    return f"{home}?{urlencode({'after': after})}" if after else None
