"""The files of the page "Export": the register, the audit trail, deadlines for a diary."""

from __future__ import annotations

import re
from datetime import UTC
from urllib.parse import urlencode

from chalicelib.referrals import audit_file, register
from chalicelib.referrals.calendar_file import calendar_of
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.csv_file import csv_text
from chalicelib.referrals.json_file import json_text
from chalicelib.referrals.reference import example_of, is_reference, read_reference
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import NotAllowed, Person
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.export_audit import MOST_DAYS, Asked, note_export, read_trail
from chalicelib.use_cases.export_calendar import export_calendar
from chalicelib.use_cases.export_register import export_register
from chalicelib.use_cases.list_cases import STREAMS
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request, Response
from chalicelib.web.staff import access, messages
from chalicelib.web.staff.case_words import OUTCOMES, STAGES
from chalicelib.web.staff.case_words import STREAMS as STREAM_WORDS
from chalicelib.web.staff.download import CALENDAR, CSV, MOST_BYTES, TooLarge, a_file, file_facts
from chalicelib.web.staff.drawing import staff_page
from chalicelib.web.staff.export_page import (
    AUDIT,
    PATH,
    REGISTER,
    kind_typed,
    period_typed,
    posted,
    refused_beside,
    shown,
)
from chalicelib.web.staff.fields import Posted, Wrong, is_blank_day, line

_WORDS = {**STREAM_WORDS, **STAGES, **OUTCOMES}
TOO_LARGE = "Choose a shorter period: this is more than one file can carry"


def register_file(request: Request, services: Services, person: Person) -> Response:
    """The cases received in a period; the page again when it cannot be understood."""
    try:
        return _register(request, services, person)
    except Wrong as wrong:
        return shown(request, services, person, wrong.errors)
    except TooLarge:
        return shown(request, services, person, {f"{REGISTER}-to": TOO_LARGE})
    except NotAllowed:
        return access.not_allowed(request, services, person)


def _register(request: Request, services: Services, person: Person) -> Response:
    typed, now = posted(request), services.clock.now()
    kind = kind_typed(typed, REGISTER)
    period = period_typed(typed, REGISTER, local_date(now))
    stream = line(typed, f"{REGISTER}-stream")
    try:
        cases = export_register(services, period, stream, person, kind)
    except NotPossible as refused:
        raise refused_beside(REGISTER, refused) from None
    streams = (stream,) if stream else STREAMS
    columns = register.columns_of(services.partnership, streams, cases)
    if kind == CSV:
        rows = (register.row(case, columns, now, _WORDS) for case in cases)
        text = csv_text(register.header(columns), rows)
    else:
        facts = {**file_facts(services, person), "period": [str(period.first), str(period.last)]}
        items = (register.document(case, columns, now) for case in cases)
        text = json_text(facts, "cases", items)
    return a_file(f"register {period}{stream and f' {stream}'}", kind, text)


def audit_trail(request: Request, services: Services, person: Person) -> Response:
    """The trail of some days or of a case; or a page of its parts when it is too large for one."""
    try:
        return _audit(request, services, person)
    except Wrong as wrong:
        return shown(request, services, person, wrong.errors)
    except NotAllowed:
        return access.not_allowed(request, services, person)


def _audit(request: Request, services: Services, person: Person) -> Response:
    typed = posted(request)
    kind, asked = kind_typed(typed, AUDIT), _asked(services, typed)
    try:
        entries = read_trail(services, asked, person)
    except NotPossible as refused:
        raise refused_beside(AUDIT, refused) from None
    parts = audit_file.parts(entries, asked.after, MOST_BYTES)
    if len(parts) > 1:
        note_export(services, asked, person, "parts")
        return _parts(request, services, person, parts)
    note_export(services, asked, person, kind)
    name = " ".join(filter(None, (asked.reference, "audit", str(asked.period or ""), _part(typed))))
    return a_file(name, kind, _audit_text(services, person, entries, kind))


def _part(typed: Posted) -> str:
    number = line(typed, "part")
    return f"part {number}" if re.fullmatch("[1-9][0-9]{0,3}", number) else ""


def _asked(services: Services, typed: Posted) -> Asked:
    """What is wanted of the trail. Raises `Wrong`."""
    said = line(typed, f"{AUDIT}-reference")
    reference = read_reference(said, services.partnership.reference_prefix) or ""
    if said and not is_reference(reference):
        example = example_of(services.partnership.reference_prefix)
        text = f"Enter the whole reference, as in the email: {example}"
        raise Wrong({f"{AUDIT}-reference": text})
    places = {name: line(typed, name) for name in ("after", "until")}
    known = {name: place for name, place in places.items() if audit_file.is_place(place)}
    blank = all(is_blank_day(typed, f"{AUDIT}-{end}") for end in ("from", "to"))
    if reference and blank:
        return Asked(None, reference, **known)
    today = services.clock.now().astimezone(UTC).date()
    most = None if reference else MOST_DAYS
    return Asked(period_typed(typed, AUDIT, today, most), reference, **known)


def _audit_text(
    services: Services, person: Person, entries: tuple[AuditEntry, ...], kind: str
) -> str:
    if kind == CSV:
        return csv_text(audit_file.HEADER, map(audit_file.row, entries))
    return json_text(file_facts(services, person), "entries", map(audit_file.document, entries))


def _parts(
    request: Request, services: Services, person: Person, parts: list[audit_file.Part]
) -> Response:
    home = f"{request.base_url}{PATH}/{AUDIT}"
    asked = {name: value for name, value in request.query.items() if name.startswith(AUDIT)}
    rows = [
        {
            "text": f"Part {number} of {len(parts)}",
            "hint": f"{len(part.entries):,} entries, from {_second(part.entries[0])} "
            f"to {_second(part.entries[-1])}",
            "href": f"{home}?{urlencode({**asked, **_range(part), 'part': str(number)})}",
        }
        for number, part in enumerate(parts, start=1)
    ]
    return staff_page(
        request,
        services,
        person,
        "staff/export_parts.html",
        title="Audit trail in parts",
        parts=rows,
        back_href=request.base_url + PATH,
    )


def _range(part: audit_file.Part) -> dict[str, str]:
    return {**({"after": part.after} if part.after else {}), "until": part.until}


def _second(entry: AuditEntry) -> str:
    return f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def calendar(request: Request, services: Services, person: Person) -> Response:
    """All open deadlines, or those of the person's own cases, for a diary."""
    mine = request.query.get("whose") == "me"
    try:
        entries = export_calendar(services, person, mine=mine)
    except NotAllowed:
        return access.not_allowed(request, services, person)
    except NotPossible as refused:
        return _no_diary(request, services, person, 413, "Too many deadlines", str(refused))
    if not entries:
        whose = "a case that is assigned to you" if mine else "any open case"
        text = f"There is nothing to put in a diary: no deadline of {whose} is open."
        return _no_diary(request, services, person, 404, "No deadline is open", text)
    now = services.clock.now()
    content = calendar_of(
        services.partnership, entries, made_at=now, sign_in_url=services.settings.staff_url
    )
    name = f"{'my ' if mine else ''}deadlines {local_date(now)}"
    return a_file(name, CALENDAR, content.decode())


def _no_diary(
    request: Request, services: Services, person: Person, status: int, title: str, text: str
) -> Response:
    links = [("Back to Export", PATH)]
    return messages.inside(request, services, person, status, title, [text], links)
