"""A redacted pack, to be read through and then printed, and the packs of a case."""

from __future__ import annotations

from datetime import date
from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.redacted_pack import Pack
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.referrals.times import local_date, say_date, say_time
from chalicelib.use_cases.make_pack import OpenedPack, PackExpired, open_pack
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request, Response
from chalicelib.web.staff import access, messages
from chalicelib.web.staff.case_status import case_address
from chalicelib.web.staff.case_words import STREAMS
from chalicelib.web.staff.drawing import staff_page
from chalicelib.web.staff.pack_view import pack_additions, pack_decisions, pack_sections


def pack(request: Request, services: Services, person: Person) -> Response:
    """One pack, until it expires. Opening it is recorded by the use case."""
    reference = request.named["reference"]
    try:
        opened = open_pack(services, reference, request.named["pack"], person)
    except NotAllowed:
        return access.not_allowed(request, services, person)
    except PackExpired:
        return _expired(request, services, person, reference)
    except NotPossible as refused:
        return messages.inside(
            request, services, person, 409, "This pack cannot be shown", [str(refused)]
        )
    return staff_page(
        request,
        services,
        person,
        "staff/pack.html",
        title=f"Redacted pack of case {reference}",
        back_href=case_address(request, reference),
        **_shown(services, opened),
    )


def _shown(services: Services, opened: OpenedPack) -> dict[str, Any]:
    made, case = opened.pack, opened.opened.case
    stream = STREAMS.get(case.stream, case.stream)
    return {
        "heading": case.reference,
        "caption": f"Redacted pack, {stream.lower()} case",
        "watermark": _watermark(made, case),
        "mark": f"{made.recipient} · until {_short(made.expires_on)}",
        "about": [
            {"key": "For", "value_lines": [made.recipient]},
            {"key": "Purpose", "value_lines": [opened.redaction.redactor.text(made.purpose)]},
            {"key": "Made by", "value_lines": [f"{made.name} on {say_time(made.at)}"]},
            {"key": "Destroy it after", "value_lines": [say_date(made.expires_on)]},
        ],
        "sections": pack_sections(opened),
        "additions": pack_additions(opened),
        "decisions": pack_decisions(services, opened),
    }


def _watermark(made: Pack, case: Case) -> str:
    return (
        f"{case.reference}, redacted pack for {made.recipient}. Made by {made.name} on "
        f"{_short(local_date(made.at))}. Destroy after {_short(made.expires_on)}."
    )


def _short(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _expired(request: Request, services: Services, person: Person, reference: str) -> Response:
    case = f"/staff/cases/{reference}"
    links = [("Open the case", case)]
    if person.may(Right.WORK_CASES):
        links.insert(0, ("Make another pack", f"{case}/packs"))
    said = [
        "It opens no more, and nothing of it was shown. See that what was printed is destroyed.",
        "If it is still needed, make another one: the parts are chosen again for its purpose."
        if person.may(Right.WORK_CASES)
        else "If it is still needed, ask your partnership’s business support to make another one.",
    ]
    return messages.inside(request, services, person, 410, "This pack has expired", said, links)


def pack_parts(case: Case, base: str, today: date) -> list[dict[str, Any]]:
    """The packs of a case, newest first: [{title, tag, rows, href}]. No links without `base`."""
    return [_part(one, base, today) for one in reversed(case.work.packs)]


def _part(one: Pack, base: str, today: date) -> dict[str, Any]:
    expired = one.has_expired(today)
    rows = [("Purpose", one.purpose), ("Made by", f"{one.name} on {say_time(one.at)}")]
    rows.append(("Opened here until", say_date(one.expires_on)))
    return {
        "title": f"For {one.recipient}",
        "tag": "Expired" if expired else "",
        "rows": [{"key": key, "value_lines": [value]} for key, value in rows],
        "href": f"{base}/packs/{one.id}" if base and not expired else None,
    }
