"""Beginning a form: anew, going on, or with what the other form already knows."""

from __future__ import annotations

from tests.unit.web.conftest import minimum
from tests.unit.web.test_journey_pages import at, first_page
from tests.visitor import Visitor


def test_a_draft_in_this_browser_can_be_gone_on_with(visitor: Visitor) -> None:
    at(visitor, "adult", "your-details")

    page = visitor.get("/adult")

    assert page.links["Go on with your notification"] == "/adult/your-details"


def test_a_new_notification_can_be_begun_beside_an_unsent_one(visitor: Visitor) -> None:
    at(visitor, "adult", "your-details")
    visitor.get("/adult")

    page = visitor.fill()

    assert page.path == "/adult/immediate-danger"
    assert "immediate_danger" not in page.fields()


def test_adult_and_child_can_be_in_progress_side_by_side(visitor: Visitor) -> None:
    at(visitor, "adult", "your-details")
    at(visitor, "child", "your-details")

    assert visitor.get("/adult/your-details").status == 200
    assert visitor.get("/child/your-details").status == 200


def test_the_other_form_begins_with_what_is_already_answered(visitor: Visitor) -> None:
    first_page(visitor, "adult")
    visitor.go_on("adults", minimum("adult"))
    visitor.get("/child?copy_from=adult")

    page = visitor.post("/child", {"copy_from": "adult"})
    assert page.path == "/child/immediate-danger"
    assert page.fields()["immediate_danger"] == ["no"]
    visitor.go_on("your-details", {})

    assert visitor.page is not None
    assert visitor.page.fields()["referrer_name"] == ["Sam Okafor"]


def test_nothing_is_offered_to_copy_where_nothing_was_answered(visitor: Visitor) -> None:
    page = visitor.get("/child?copy_from=adult")

    assert "other form" not in page.text


def test_a_blank_form_holds_every_question(visitor: Visitor, form: str) -> None:
    page = visitor.get(f"/{form}/blank")

    questions = visitor.services.forms[form].questions.values()
    missing = [question.name for question in questions if question.text not in page.text]
    assert missing == []
