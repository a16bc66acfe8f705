"""One case: where it stands, what is due and why, what was notified, what was done."""

from __future__ import annotations

from typing import Any

from chalicelib.referrals.clocks import clocks_of
from chalicelib.referrals.delivery import Delivery, Kind
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.referrals.times import local_date, say_time
from chalicelib.use_cases.audit import history_of
from chalicelib.use_cases.link_cases import links_of
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.read_case import OpenedCase, read_case
from chalicelib.web.drawing import safe_markdown
from chalicelib.web.http import Request, Response
from chalicelib.web.site_texts import partnership_text
from chalicelib.web.staff import access
from chalicelib.web.staff.audit_rows import audit_rows
from chalicelib.web.staff.case_actions import actions_of, done_notice
from chalicelib.web.staff.case_clocks import date_rows, duty_parts, waiting_parts
from chalicelib.web.staff.case_status import case_address, status_facts
from chalicelib.web.staff.case_words import STREAMS, email_name, email_words
from chalicelib.web.staff.decision_view import decision_parts
from chalicelib.web.staff.drawing import staff_page
from chalicelib.web.staff.information_view import information_parts
from chalicelib.web.staff.link_view import link_parts
from chalicelib.web.staff.notification import notification
from chalicelib.web.staff.pack_page import pack_parts
from chalicelib.web.staff.retention_view import retention_part
from chalicelib.web.staff.timeline import timeline

CONTENTS = (
    ("deadlines", "Deadlines and dates"),
    ("decisions", "Recommendations and decisions"),
    ("links", "Linked cases"),
    ("notification", "The notification"),
    ("information", "Information asked for and added"),
    ("told", "What the referrer was told"),
    ("emails", "Emails"),
    ("packs", "Redacted packs"),
    ("keeping", "How long it is kept"),
    ("history", "What was done"),
)
LATEST = 10
_NOT_KEPT = "What they were told of what happens next was not kept when this came in."


def case(request: Request, services: Services, person: Person) -> Response:
    """The whole case. Opening it is recorded by the use case."""
    try:
        opened = read_case(services, request.named["reference"], person)
    except NotAllowed:
        return access.not_allowed(request, services, person)
    reference = opened.case.reference
    base = case_address(request, reference)
    notice = done_notice(request.query.get("done", ""))
    return staff_page(
        request,
        services,
        person,
        "staff/case.html",
        title=f"Case {reference}",
        heading=reference,
        back_href=f"{request.base_url}/staff/cases",
        notices=[notice] if notice else [],
        actions=actions_of(opened.case, person, base, services.clock.now()),
        contents=[{"id": part, "text": text} for part, text in CONTENTS],
        **_latest(request, services, person, reference),
        **_body(request, services, person, opened, base=base),
    )


def printed_case(request: Request, services: Services, person: Person) -> Response:
    """The case for paper, with who printed it and when on every sheet."""
    try:
        opened = read_case(services, request.named["reference"], person, to_print=True)
    except NotAllowed:
        return access.not_allowed(request, services, person)
    reference = opened.case.reference
    return staff_page(
        request,
        services,
        person,
        "staff/printed_case.html",
        title=f"Case {reference}: print",
        heading=reference,
        back_href=case_address(request, reference),
        mark=person.name,
        watermark=f"{reference}, opened to print by {person.name} on "
        f"{say_time(services.clock.now())}",
        **_body(request, services, person, opened, base=""),
    )


def _latest(request: Request, services: Services, person: Person, reference: str) -> dict[str, Any]:
    """The last entries of the audit trail, for whoever may read it."""
    if not person.may(Right.READ_AUDIT):
        return {}
    trail = history_of(services, reference, limit=LATEST)
    address = f"{case_address(request, reference)}/history"
    return {
        "audited": audit_rows(trail, services.partnership, with_case=False),
        "audit_href": address if trail.after else None,
    }


def _body(
    request: Request, services: Services, person: Person, opened: OpenedCase, *, base: str
) -> dict[str, Any]:
    """What case_body.html shows. `base` is the case's address; empty for no links, on paper."""
    case, partnership, now = opened.case, services.partnership, services.clock.now()
    clocks = clocks_of(partnership, case.reference, case.stream)
    may_work = person.may(Right.WORK_CASES) and not case.work.is_closed
    links = base if may_work else ""
    waiting, waiting_actions = waiting_parts(partnership, clocks, case, links)
    dates = date_rows(partnership, clocks, case, links)
    return {
        "caption": f"{STREAMS.get(case.stream, case.stream)} case",
        "facts": status_facts(case, services),
        "duties": duty_parts(partnership, clocks, case, now, links),
        "waiting": waiting,
        "waiting_actions": waiting_actions,
        "dates": [row for row in dates if row.get("answered", True)],
        "unknown_dates": [row for row in dates if not row.get("answered", True)],
        "decisions": decision_parts(services, case, person, base),
        **notification(services, opened.referral, folded=bool(base)),
        "requests": information_parts(case, opened.additions, local_date(now), links),
        **link_parts(request, case, links_of(services, case, person), person, base),
        **_told(request, services, opened),
        "emails": [_email(delivery, services) for delivery in opened.deliveries],
        "packs": pack_parts(case, base, local_date(now)),
        **retention_part(partnership, case, person, now, base),
        "entries": [one.row() for one in timeline(case, partnership)],
    }


def _told(request: Request, services: Services, opened: OpenedCase) -> dict[str, Any]:
    referral, when = opened.referral, say_time(opened.case.received_at)
    receipt, told = _receipt(opened, services), referral.told
    if referral.channel == "api":
        lead = f"It came from an agency’s system on {when}, which was given the reference."
        said = f"It was told what happens next: {told}" if told else _NOT_KEPT
        return {"told_lead": [f"{lead} {receipt}", said], "told_html": ""}
    lead = f"On {when} they were shown the reference, and what happens next. {receipt}"
    today = "" if told else f"{_NOT_KEPT} The page says today:"
    text = told or partnership_text(services, f"next-{referral.stream}")
    return {
        "told_lead": [lead, today or "What happens next, as they were shown it:"],
        "told_html": safe_markdown(request, services, referral.stream, text),
    }


def _receipt(opened: OpenedCase, services: Services) -> str:
    receipts = (one for one in opened.deliveries if one.kind is Kind.RECEIPT_EMAIL)
    receipt = next(receipts, None)
    if receipt is None:
        return "No receipt was emailed: they gave no address, or did not say that it is safe."
    return f"Receipt by email: {email_words(receipt, services.clock.now())}."


def _email(delivery: Delivery, services: Services) -> dict[str, Any]:
    name = email_name(delivery)
    if delivery.kind is Kind.REMINDER_EMAIL and delivery.label:
        name = f"{name}: {delivery.label}"
    said = email_words(delivery, services.clock.now())
    return {"key": name, "value_lines": [said[:1].upper() + said[1:]]}
