"""A quick way out, for people who may be watched while they write."""

from __future__ import annotations

from tests.unit.web.conftest import minimum
from tests.unit.web.test_journey_pages import first_page
from tests.visitor import Visitor

AFTER = ("your-details", "/agencies", "check-answers")


def test_a_relative_can_leave_from_every_kind_of_page(visitor: Visitor) -> None:
    first_page(visitor, "adult")
    answers = {**minimum("adult"), "submitter_type": "family_or_friend"}

    for page in AFTER:
        visitor.go_on(page, answers)
        assert visitor.page is not None
        assert "/leave" in visitor.page.links.values(), page


def test_a_professional_is_not_offered_to_leave(visitor: Visitor) -> None:
    first_page(visitor, "adult")

    for page in AFTER:
        visitor.go_on(page, minimum("adult"))
        assert visitor.page is not None
        assert "/leave" not in visitor.page.links.values(), page
