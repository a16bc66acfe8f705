"""Save and come back, with a code and without an account."""

from __future__ import annotations

import re

from chalicelib.adapters.in_memory_delivery import InMemoryMailer
from tests.unit.web.conftest import minimum
from tests.unit.web.test_journey_pages import at, reference_on
from tests.visitor import Visitor

CODE = re.compile(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}\b")


def saved_code(visitor: Visitor, **fields: str) -> str:
    visitor.get("/adult/save")
    page = visitor.fill(**fields)
    found = CODE.search(page.text)
    assert found, page.text
    return found.group()


def test_a_code_opens_the_draft_in_another_browser(visitor: Visitor) -> None:
    at(visitor, "adult", "who-you-are")
    code = saved_code(visitor)
    elsewhere = Visitor(visitor.services)

    elsewhere.get("/resume")
    page = elsewhere.fill(code=code)

    assert page.path.startswith("/adult/who-you-are")


def test_a_code_is_read_as_people_type_it(visitor: Visitor) -> None:
    at(visitor, "adult", "who-you-are")
    code = saved_code(visitor)
    elsewhere = Visitor(visitor.services)

    elsewhere.get("/resume")
    page = elsewhere.fill(code=f"  {code.lower().replace('-', ' ')} ")

    assert page.path.startswith("/adult/who-you-are")


def test_a_wrong_code_says_what_to_check_and_stays_in_the_box(visitor: Visitor) -> None:
    visitor.get("/resume")

    page = visitor.fill(code="BBBBB-CCCCC-DDDDD-FFFFF")

    assert page.status == 422
    assert page.errors
    assert page.fields()["code"] == ["BBBBB-CCCCC-DDDDD-FFFFF"]


def test_an_empty_code_is_asked_for(visitor: Visitor) -> None:
    visitor.get("/resume")

    assert visitor.fill().errors == ["Enter your resume code"]


def test_a_code_is_emailed_only_when_that_is_safe(visitor: Visitor) -> None:
    at(visitor, "adult", "who-you-are")
    visitor.get("/adult/save")

    page = visitor.fill(email="sam@agency.example")

    assert page.status == 422
    assert _mailer(visitor).sent == []


def test_a_code_is_emailed_to_a_safe_address(visitor: Visitor) -> None:
    at(visitor, "adult", "who-you-are")

    code = saved_code(visitor, email="sam@agency.example", safe_to_email="yes")

    assert any(code in message.text for _, message in _mailer(visitor).sent)


def test_saving_from_a_page_keeps_what_was_typed_there(visitor: Visitor) -> None:
    at(visitor, "adult", "your-details")

    page = visitor.post(
        "/adult/your-details",
        {**visitor.page.fields(), "referrer_name": "Sam Okafor", "then": "save"},  # type: ignore[union-attr]
    )

    assert page.path.endswith("/save")
    assert visitor.get("/adult/your-details").fields()["referrer_name"] == ["Sam Okafor"]


def test_leaving_forgets_the_draft_in_this_browser(visitor: Visitor) -> None:
    at(visitor, "adult", "your-details")

    response = visitor.send("GET", "/leave")

    assert response.status == 303
    assert visitor.get("/adult/your-details").status == 404


def test_a_draft_older_than_its_time_cannot_be_opened_though_it_is_still_stored(
    visitor: Visitor,
) -> None:
    from tests.unit.web.clock import later

    at(visitor, "adult", "your-details")

    page = Visitor(later(visitor.services, days=31), visitor.cookies).get("/adult/your-details")

    assert page.status == 410


def test_a_code_for_a_sent_notification_shows_its_reference(visitor: Visitor) -> None:
    at(visitor, "adult", "who-you-are")
    code = saved_code(visitor)
    visitor.get("/adult/who-you-are")
    visitor.go_on("check-answers", minimum("adult"))
    reference = reference_on(visitor.fill().text)
    elsewhere = Visitor(visitor.services)

    elsewhere.get("/resume")

    assert reference in elsewhere.fill(code=code).text


def test_a_code_asks_before_it_takes_the_place_of_another_unsent_draft(visitor: Visitor) -> None:
    at(visitor, "adult", "who-you-are")
    code = saved_code(visitor)
    elsewhere = Visitor(visitor.services)
    at(elsewhere, "adult", "your-details")
    elsewhere.get("/resume")

    asked = elsewhere.fill(code=code)
    assert "another notification that is not sent" in asked.text
    assert elsewhere.get("/adult/your-details").status == 200
    elsewhere.get("/resume")
    elsewhere.fill(code=code)
    page = elsewhere.fill()

    assert page.path.startswith("/adult/who-you-are")


def _mailer(visitor: Visitor) -> InMemoryMailer:
    mailer = visitor.services.mailer
    assert isinstance(mailer, InMemoryMailer)
    return mailer
