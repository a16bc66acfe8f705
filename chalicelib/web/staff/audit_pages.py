"""The audit trail: of a day, and of a case. Reading it is recorded too."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from urllib.parse import urlencode

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.referrals.times import say_date
from chalicelib.use_cases.audit import Trail, trail_of_case, trail_of_day
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request, Response
from chalicelib.web.staff import access
from chalicelib.web.staff.audit_rows import audit_rows
from chalicelib.web.staff.case_status import case_address
from chalicelib.web.staff.drawing import staff_page
from chalicelib.web.staff.fields import Field, Wrong, boxes_of, day, is_blank_day

PATH = "/staff/audit"
# Of cases that its reader is barred from, a page leaves the entries out.
_MORE = "Nothing to show on this page. Older entries of this day are on the next one."
_ON = Field("on", "date", "Day", hint="By Coordinated Universal Time (UTC).")


def audit(request: Request, services: Services, person: Person) -> Response:
    """Everything of one day, newest first; today without a choice."""
    today = services.clock.now().astimezone(UTC).date()
    query = {name: [value] for name, value in request.query.items()}
    on, problem = today, ""
    if not is_blank_day(query, _ON.name):
        try:
            on = day(query, _ON.name, "the day")
        except Wrong as wrong:
            problem = wrong.errors[_ON.name]
    home = request.base_url + PATH
    try:
        trail = _of_day(services, on, person, request.query.get("after"))
    except NotAllowed:
        return access.not_allowed(request, services, person)
    linked = person.may(Right.READ_CASES)
    shown = query if problem else boxes_of(_ON.name, on)
    return staff_page(
        request,
        services,
        person,
        "staff/audit.html",
        title="Audit trail",
        status=422 if problem else 200,
        error=bool(problem),
        error_summary=[{"text": problem, "href": f"#{_ON.anchor}"}] if problem else [],
        action=home,
        day_html=_ON.draw(shown, problem),
        caption=say_date(on),
        entries=audit_rows(trail, services.partnership, request if linked else None),
        no_entries=_MORE if trail.after else "Nothing is recorded on this day.",
        before_href=_href(home, on - timedelta(days=1)),
        after_href=_href(home, on + timedelta(days=1)) if on < today else None,
        next_href=_href(home, on, trail.after) if trail.after else None,
    )


def case_audit(request: Request, services: Services, person: Person) -> Response:
    """Everything that was seen and done of one case, newest first."""
    reference = request.named["reference"]
    try:
        trail = _of_case(services, reference, person, request.query.get("after"))
    except NotAllowed:
        return access.not_allowed(request, services, person)
    base = case_address(request, reference)
    after = urlencode({"after": trail.after}) if trail.after else ""
    return staff_page(
        request,
        services,
        person,
        "staff/case_audit.html",
        title=f"Audit trail of case {reference}",
        back_href=base if person.may(Right.READ_CASES) else request.base_url + PATH,
        entries=audit_rows(trail, services.partnership, with_case=False),
        no_entries="Nothing is recorded of a case with this reference.",
        export_href=f"{request.base_url}/staff/export/audit?audit-reference={reference}"
        "&audit-kind=csv",
        next_href=f"{base}/history?{after}" if after else None,
    )


def _of_day(services: Services, on: date, person: Person, after: str | None) -> Trail:
    try:
        return trail_of_day(services, on, person, after=after)
    except NotPossible:
        return trail_of_day(services, on, person)


def _of_case(services: Services, reference: str, person: Person, after: str | None) -> Trail:
    try:
        return trail_of_case(services, reference, person, after=after)
    except NotPossible:
        return trail_of_case(services, reference, person)


def _href(home: str, on: date, after: str | None = None) -> str:
    boxes = {name: values[0] for name, values in boxes_of(_ON.name, on).items()}
    return f"{home}?{urlencode({**boxes, **({'after': after} if after else {})})}"
