"""A live concern is passed on: the route is shown, and what was done is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.referrals.partnership import LiveRoute
from chalicelib.referrals.staff import Person
from tests.unit.web.staff.conftest import MANAGER, SUPPORT, Office
from tests.visitor import Page

TYPED = {"told": "Duty desk", "at": "2:05pm", "theirs": "X-1"}


def do(office: Office, reference: str, by: Person = SUPPORT, /, **typed: str) -> Page:
    office.open(reference, "redirect", by)
    return office.at_desk(by).fill(**{**TYPED, **typed})


def test_what_was_passed_on_is_shown_on_the_case_and_on_paper(office: Office) -> None:
    reference = office.receive()

    page = do(office, reference)

    assert "It is recorded that the live concern was passed on" in page.text
    for shown in (page, office.open(reference, "print")):
        assert "Duty desk, on 20 November 2026 at 2:05pm" in shown.text
        assert "Their reference X-1" in shown.text
        assert "Still to be considered Yes" in shown.text
        assert "by Sal Support on 20 November 2026" in shown.text


def test_the_live_route_is_shown_with_its_links(office: Office) -> None:
    reference = office.receive()
    services = office.instance.services
    route = LiveRoute("Call Customer First.", "Customer First", "https://a.example/x", "0800 1")
    routes = {"adult": replace(route, hours="day and night")}
    partnership = replace(services.partnership, live_routes=routes)
    office.at_desk(SUPPORT).services = replace(services, partnership=partnership)

    page = office.open(reference, "redirect", SUPPORT)

    assert page.links["Customer First"] == "https://a.example/x"
    assert page.links["Call 0800 1 (day and night)"] == "tel:08001"
    assert "Call Customer First." in page.text
    assert "call 999" in page.text


def test_only_who_may_close_the_case_is_offered_to_close_it_with_it(office: Office) -> None:
    reference = office.receive()

    offered = [
        office.open(reference, "redirect", person).html.count('value="closes"')
        for person in (SUPPORT, MANAGER)
    ]
    page = do(office, reference, MANAGER, afterwards="closes")

    assert offered == [0, 1]
    assert "OutcomeLive concern, redirected" in page.text


def test_what_is_not_offered_cannot_be_sent(office: Office) -> None:
    reference = office.receive()

    page = do(office, reference, SUPPORT, afterwards="closes")

    assert page.errors == ["Select whether it is still to be considered"]
    assert office.instance.table.cases[reference].version == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"told": ""}, ["Enter whom you told"]),
        ({"told": " "}, ["Enter whom you told"]),
        ({"at": ""}, ["Enter the time at which you told them"]),
        ({"at": "25:00"}, ["Enter a time, such as 2:30pm or 14:30"]),
        ({"at": "9"}, ["Enter a time, such as 2:30pm or 14:30"]),
        ({"at": "<b>"}, ["Enter a time, such as 2:30pm or 14:30"]),
        ({"on__day": ""}, ["The day on which you told them must include a day"]),
        (
            {"at": "2:31pm"},
            ["20 November 2026 at 2:31pm has not come yet. Check the date and the time."],
        ),
        ({"on__year": "2027"}, ["20 November 2027 at 2:05pm has not come yet."]),
        ({"on__year": "1989"}, ["Monday 20 November 1989 is too long ago. Check the year."]),
        ({"told": "x" * 201}, ["Shorten this to at most 200 characters."]),
        (
            {"told": "", "at": "", "on__day": "31", "on__month": "2"},
            ["Enter whom you told", "must be a real date", "Enter the time at which you told them"],
        ),
        (
            {"on__day": "29", "on__month": "3", "at": "1:30am"},
            ["The clocks went forward that night: there was no such time"],
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(
    office: Office, typed: dict[str, str], told: list[str]
) -> None:
    reference = office.receive()

    page = do(office, reference, SUPPORT, **typed)

    assert page.status == 422
    assert len(page.errors) == len(told)
    assert all(said in error for said, error in zip(told, page.errors, strict=True))
    assert page.fields()["theirs"] == ["X-1"]
    assert office.instance.table.cases[reference].version == 1


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ({"at": "14:30"}, datetime(2026, 11, 20, 14, 30, tzinfo=UTC)),
        ({"at": "midday"}, datetime(2026, 11, 20, 12, 0, tzinfo=UTC)),
        (
            {"at": "9.15 am", "on__day": "1", "on__month": "7"},
            datetime(2026, 7, 1, 8, 15, tzinfo=UTC),
        ),
        # Twice that night: the first is meant.
        (
            {"at": "01:30", "on__day": "25", "on__month": "10"},
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_time_is_of_london_however_it_is_typed(
    office: Office, typed: dict[str, Any], instant: datetime
) -> None:
    reference = office.receive()

    do(office, reference, SUPPORT, **typed)

    (kept,) = office.instance.table.cases[reference].work.redirections
    assert kept.told_at == instant


def test_a_closed_case_says_how_to_pass_a_live_concern_on_all_the_same(office: Office) -> None:
    reference = office.receive()
    do(office, reference, MANAGER, afterwards="closes")

    page = office.open(reference, "redirect", SUPPORT)

    assert "Pass a live concern on all the same: Concerned about someone." in page.text


def test_hostile_text_is_shown_as_text(office: Office) -> None:
    page = do(office, office.receive(), SUPPORT, told="<script>alert(1)</script>", theirs="{{7*7}}")

    assert "<script>alert" not in page.html
    assert "<script>alert(1)</script>, on 20 November" in page.text
    assert "{{7*7}}" in page.text
