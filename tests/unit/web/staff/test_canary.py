"""What a notification says stands in no title, address, header or log line of a staff page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.web.http import Request
from chalicelib.web.request_log import log_request
from chalicelib.web.routes import route_name
from tests.unit.use_cases.instance import ANSWERS
from tests.unit.web.staff.conftest import CHAIR, Office

MARK = "zqx"
TAILS = (
    "",
    "print",
    "history",
    "acknowledge",
    "assign",
    "information",
    "stage",
    "redirect",
    "links/related",
    "links/duplicate",
    "links/ended",
    "close",
    "recommendation",
    "conflicts",
    "hold",
    "hold/released",
    "disposal",
    "disposal/taken-back",
    "dates/decided_on",
    "deadlines/panel-considers/met",
)


def marked(answers: Any, at: str = "") -> Any:
    """The same answers with a marker of its own in every text that a person types."""
    if isinstance(answers, dict):
        return {name: marked(value, name) for name, value in answers.items()}
    if isinstance(answers, list):
        return [marked(value, at) for value in answers]
    typed = isinstance(answers, str) and answers.startswith(("Canary", "canary"))
    return f"{MARK}{at}{answers}" if typed else answers


@pytest.fixture
def walked(office: Office) -> list[tuple[str, Any]]:
    """Every staff page with a case full of markers: (address, page)."""
    reference = office.receive(**marked(ANSWERS["adult"]))
    desk = office.at_desk()
    paths = ["/staff/cases", "/staff/audit", *(f"/staff/cases/{reference}/{t}" for t in TAILS)]
    pages = [(path.rstrip("/"), desk.get(path.rstrip("/"))) for path in paths]
    pages.append(("decision", office.open(reference, "decision", CHAIR)))
    return pages


def test_the_markers_are_on_the_page_of_the_case(walked: list[tuple[str, Any]]) -> None:
    assert sum(MARK in page.html for _, page in walked) == 2, "the case, and the case on paper"


def test_no_title_and_no_address_tells_anything(walked: list[tuple[str, Any]]) -> None:
    for path, page in walked:
        told = [path, page.path, page.title, page.heading, *page.links.values()]
        assert [one for one in told if MARK in one.lower()] == [], path


def test_no_header_and_no_log_line_tells_anything(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = office.receive(**marked(ANSWERS["adult"]))
    desk = office.at_desk()
    services = office.instance.services
    for tail in TAILS:
        path = f"/staff/cases/{reference}/{tail}".rstrip("/")
        response = desk.send("GET", path)
        route = route_name(Request("GET", path), services)
        log_request(Request("GET", path), response, route, 1.0)
        assert MARK not in json.dumps(dict(response.headers)), tail
        assert MARK not in "".join(response.cookies), tail

    printed = capsys.readouterr().out
    assert MARK not in printed
    assert reference not in printed, "a log line names the route, not the case"


def test_the_audit_trail_keeps_no_answer(office: Office) -> None:
    reference = office.receive(**marked(ANSWERS["adult"]))
    office.open(reference)
    office.open(reference, "print")

    assert MARK not in repr(office.instance.table.audit)
