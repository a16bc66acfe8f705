"""One case as a file: all of it as JSON or CSV, or its open deadlines for a diary."""

from __future__ import annotations

from chalicelib.referrals.calendar_file import calendar_of
from chalicelib.referrals.case import Case
from chalicelib.referrals.csv_file import csv_text
from chalicelib.referrals.information import InformationRequest
from chalicelib.referrals.json_file import dump_readable, plain
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.use_cases import audit
from chalicelib.use_cases.export_calendar import export_case_calendar
from chalicelib.use_cases.export_case import export_case
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.read_case import OpenedCase, look_again
from chalicelib.web.http import Request, Response
from chalicelib.web.staff import access, messages
from chalicelib.web.staff.case_csv import HEADER, case_lines
from chalicelib.web.staff.download import CALENDAR, CSV, JSON, TooLarge, a_file, file_facts

_PAGE = "/staff/cases/{reference}/export"
LEAVES = (
    "What you take out is no longer protected by signing in. Keep it where the partnership keeps "
    "case files, and delete it when you no longer need it. Each export is recorded with your name."
)
# What opens something, and what only the store itself goes by.
LEFT_OUT = {
    InformationRequest: frozenset({"code"}),
    Case: frozenset({"touched", "emails", "rules_version"}),
}


def case_export(request: Request, services: Services, person: Person) -> Response:
    """The files that this person may have of the case."""
    try:
        case = look_again(services, request.named["reference"], person).case
    except NotAllowed:
        return access.not_allowed(request, services, person)
    audit.note(services, person, "opened a form of a case", case.reference, {"page": _PAGE})
    base = f"/staff/cases/{case.reference}"
    trail = f"/staff/export/audit?audit-reference={case.reference}&audit-kind=csv"
    offered = (
        ("All of it as CSV, for a spreadsheet", f"{base}/case.csv", Right.EXPORT),
        ("All of it as JSON, for another program", f"{base}/case.json", Right.EXPORT),
        ("Its audit trail as CSV", trail, Right.READ_AUDIT),
        ("Its open deadlines for a diary (.ics)", f"{base}/calendar.ics", Right.READ_CASES),
        ("Back to the case", base, Right.READ_CASES),
    )
    links = [(text, href) for text, href, right in offered if person.may(right)]
    title = f"Export case {case.reference}"
    return messages.inside(request, services, person, 200, title, [LEAVES], links)


def case_json(request: Request, services: Services, person: Person) -> Response:
    """Everything that is stored of the case, for another program."""
    return _case_file(request, services, person, JSON)


def case_csv(request: Request, services: Services, person: Person) -> Response:
    """Everything of the case as section, question and answer, for a spreadsheet."""
    return _case_file(request, services, person, CSV)


def case_calendar(request: Request, services: Services, person: Person) -> Response:
    """The open deadlines of the case, for a diary."""
    try:
        reference, entries = export_case_calendar(services, request.named["reference"], person)
    except NotAllowed:
        return access.not_allowed(request, services, person)
    if not entries:
        return messages.inside(
            request,
            services,
            person,
            404,
            "No deadline is open",
            ["There is nothing to put in a diary. Deadlines begin when their dates are recorded."],
            [("Back to the case", f"/staff/cases/{reference}")],
        )
    content = calendar_of(
        services.partnership,
        entries,
        made_at=services.clock.now(),
        sign_in_url=services.settings.staff_url,
    )
    return a_file(f"{reference}-deadlines", CALENDAR, content.decode())


def _case_file(request: Request, services: Services, person: Person, kind: str) -> Response:
    try:
        opened = export_case(services, request.named["reference"], person, kind)
    except NotAllowed:
        return access.not_allowed(request, services, person)
    try:
        if kind == CSV:
            text = csv_text(HEADER, case_lines(services, opened, person))
        else:
            text = dump_readable(_document(services, opened, person))
        return a_file(opened.case.reference, kind, text)
    except TooLarge:
        said = ["It holds more than one file can carry. Print the case instead."]
        links = [("Print the case", f"/staff/cases/{opened.case.reference}/print")]
        title = "This case is too large for a file"
        return messages.inside(request, services, person, 413, title, said, links)


def _document(services: Services, opened: OpenedCase, person: Person) -> dict[str, object]:
    return {
        **file_facts(services, person),
        "case": plain(opened.case, LEFT_OUT),
        "notification": plain(opened.referral, LEFT_OUT),
        "additions": plain(opened.additions, LEFT_OUT),
        "deliveries": plain(opened.deliveries, LEFT_OUT),
    }
