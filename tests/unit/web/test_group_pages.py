"""A repeated group: add, change, remove."""

from __future__ import annotations

from tests.unit.web.conftest import minimum
from tests.unit.web.test_journey_pages import at, first_page
from tests.visitor import Visitor


def with_agency(visitor: Visitor, name: str) -> None:
    """One more agency, from the list page."""
    visitor.fill(add_another="yes")
    visitor.fill(agency_name=name)


def test_a_group_that_nobody_must_fill_starts_with_a_question(visitor: Visitor) -> None:
    at(visitor, "adult", "/agencies")

    assert visitor.page is not None
    assert "add_another" in visitor.page.names()


def test_an_unanswered_list_page_asks_again(visitor: Visitor) -> None:
    at(visitor, "adult", "/agencies")

    page = visitor.fill()

    assert page.status == 422
    assert page.error_targets == ["#add_another"]
    assert "add_another" in page.ids()


def test_added_items_are_listed_by_name(visitor: Visitor) -> None:
    at(visitor, "adult", "/agencies")

    with_agency(visitor, "Harbour Clinic")
    with_agency(visitor, "North Fire Service")

    assert visitor.page is not None
    assert "Harbour Clinic" in visitor.page.text
    assert "North Fire Service" in visitor.page.text


def test_removing_asks_first_and_no_keeps_the_item(visitor: Visitor) -> None:
    at(visitor, "adult", "/agencies")
    with_agency(visitor, "Harbour Clinic")

    page = visitor.get("/adult/agencies/1/remove")
    assert "Harbour Clinic" in page.text
    page = visitor.fill(remove="no")

    assert "Harbour Clinic" in page.text


def test_removing_the_first_item_moves_the_second_up(visitor: Visitor) -> None:
    at(visitor, "adult", "/agencies")
    with_agency(visitor, "Harbour Clinic")
    with_agency(visitor, "North Fire Service")

    visitor.get("/adult/agencies/1/remove")
    page = visitor.fill(remove="yes")

    assert "Harbour Clinic" not in page.text
    assert "North Fire Service" in page.text
    assert visitor.get("/adult/agencies/2/remove").status == 404


def test_an_item_that_is_not_there_is_not_found(visitor: Visitor) -> None:
    at(visitor, "adult", "/agencies")

    assert visitor.get("/adult/agencies/7/remove").status == 404
    assert visitor.get("/adult/agencies/0/remove").status == 404


def test_a_removed_item_is_not_sent(visitor: Visitor) -> None:
    at(visitor, "adult", "/agencies")
    with_agency(visitor, "Harbour Clinic")
    visitor.get("/adult/agencies/1/remove")
    visitor.fill(remove="yes")

    visitor.go_on("check-answers", minimum("adult"))

    assert visitor.page is not None
    assert "Harbour Clinic" not in visitor.page.text


def test_the_first_adult_is_opened_at_once_and_named_in_check_answers(visitor: Visitor) -> None:
    first_page(visitor, "adult")
    answers = {**minimum("adult"), "adult_forename": "Ada", "adult_surname": "Byron"}

    visitor.go_on("check-answers", answers)

    assert visitor.page is not None
    assert "Ada Byron" in visitor.page.text


def test_a_second_adult_has_answers_of_their_own(visitor: Visitor) -> None:
    first_page(visitor, "adult")
    answers = {**minimum("adult"), "adult_forename": "Ada", "adult_surname": "Byron"}
    visitor.go_on("/adults", answers)
    visitor.fill(add_another="yes")

    second = {**minimum("adult"), "adult_forename": "Grace", "adult_surname": "Murray"}
    visitor.go_on("check-answers", second)

    assert visitor.page is not None
    assert "Ada Byron" in visitor.page.text
    assert "Grace Murray" in visitor.page.text


def test_removing_twice_from_a_page_left_open_removes_one(visitor: Visitor) -> None:
    at(visitor, "adult", "/agencies")
    for name in ("Harbour Clinic", "North Fire Service", "Village School"):
        with_agency(visitor, name)
    left_open = visitor.get("/adult/agencies/1/remove").fields()

    visitor.post("/adult/agencies/1/remove", {**left_open, "remove": "yes"})
    page = visitor.post("/adult/agencies/1/remove", {**left_open, "remove": "yes"})

    assert "Harbour Clinic" not in page.text
    assert "North Fire Service" in page.text
    assert "Village School" in page.text


def test_a_number_that_no_item_has_is_not_found_however_long(visitor: Visitor) -> None:
    at(visitor, "adult", "/agencies")
    with_agency(visitor, "Harbour Clinic")

    for number in ("01", "0000011234", "9" * 5000, "٣", "-1"):
        assert visitor.get(f"/adult/agencies/{number}/remove").status == 404
