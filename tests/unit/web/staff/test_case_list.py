"""The list of open cases: overdue first, filtered, paged, and one found by its reference."""

from __future__ import annotations

import pytest

from tests.unit.web.staff.conftest import ADMIN, MANAGER, SUPPORT, Office
from tests.visitor import Page

LIST = "/staff/cases"


def listed(page: Page) -> list[str]:
    """The references in the table, in order."""
    return [text for text, href in page.links.items() if href.startswith(f"{LIST}/SUF-")]


def test_without_a_case_the_list_says_so(office: Office) -> None:
    page = office.at_desk().get(LIST)

    assert "There is no open case" in page.text


def test_the_list_begins_with_what_is_late(office: Office) -> None:
    adult = office.receive("adult")
    child = office.receive("child")

    page = office.at_desk().get(LIST)

    # Of a child's case the partners decide within a working day, before an adult's is acknowledged.
    assert listed(page) == [child, adult]


def test_a_late_case_says_how_late(office: Office) -> None:
    office.receive("adult")
    office.instance.clock.move(days=6)

    page = office.at_desk().get(LIST)

    assert "2 days late" in page.text
    assert "Tue 24 Nov 2026" in page.text
    assert "Acknowledge the referral" in page.text


@pytest.mark.parametrize(("stream", "left"), [("adult", 0), ("child", 1)])
def test_the_list_shows_one_stream(office: Office, stream: str, left: int) -> None:
    references = [office.receive("adult"), office.receive("child")]

    page = office.at_desk().get(f"{LIST}?stream={stream}")

    assert listed(page) == [references[left]]


def test_the_list_shows_one_stage_or_what_nobody_works_on(office: Office) -> None:
    first, second = office.receive(), office.receive()
    office.open(first, "acknowledge")
    office.at_desk().fill()
    office.open(first, "assign")
    office.at_desk().fill(assignee="me")

    assert listed(office.at_desk().get(f"{LIST}?stage=acknowledged")) == [first]
    assert listed(office.at_desk().get(f"{LIST}?assignee=me")) == [first]
    assert listed(office.at_desk().get(f"{LIST}?assignee=nobody")) == [second]
    office.at_desk(SUPPORT)
    page = office.at_desk(SUPPORT).get(f"{LIST}?assignee={MANAGER.id}")
    assert listed(page) == [first]


def test_a_filter_that_matches_nothing_says_so(office: Office) -> None:
    office.receive()

    page = office.at_desk().get(f"{LIST}?stage=published")

    assert "No open case matches" in page.text
    assert page.links["Show all open cases"] == LIST


@pytest.mark.parametrize("query", ["stream=x", "stage=closed", "assignee=x", "after=x"])
def test_a_filter_or_page_that_there_is_not_shows_the_whole_list(
    office: Office, query: str
) -> None:
    reference = office.receive()

    assert listed(office.at_desk().get(f"{LIST}?{query}")) == [reference]


def test_the_list_goes_on_page_by_page_and_back_to_the_first(office: Office) -> None:
    references = {office.receive() for _ in range(27)}

    first = office.at_desk().get(LIST)
    following = next(href for text, href in first.links.items() if "Next page" in text)
    second = office.at_desk().get(following)

    assert (len(listed(first)), len(listed(second))) == (25, 2)
    assert {*listed(first), *listed(second)} == references
    assert second.links["Back to the first page"] == LIST
    assert not any("Next page" in text for text in second.links)


def test_a_case_is_found_by_its_reference_however_it_is_typed(office: Office) -> None:
    reference = office.receive()
    office.at_desk().get(LIST)

    page = office.at_desk().fill(reference=f"  {reference.lower().replace('-', ' ')} ")

    assert page.path == f"{LIST}/{reference}"


def test_a_search_that_finds_nothing_keeps_what_was_typed_out_of_the_address(
    office: Office,
) -> None:
    office.receive()
    office.at_desk().get(LIST)

    page = office.at_desk().fill(reference="Ada Byron")

    assert page.status == 422
    assert page.path == LIST
    assert page.errors == [
        "There is no case with this reference that you may open. Check the reference."
    ]
    assert page.fields()["reference"] == ["Ada Byron"]


def test_a_search_for_nothing_asks_for_the_reference(office: Office) -> None:
    office.at_desk().get(LIST)

    assert office.at_desk().fill().errors == ["Enter the reference of the case"]


def test_whoever_has_a_conflict_of_interest_misses_the_case_like_one_that_there_is_not(
    office: Office,
) -> None:
    reference = office.receive()
    office.at_desk(SUPPORT).get(LIST)
    office.open(reference, "conflicts")
    office.at_desk().fill(person=SUPPORT.id, reason="A neighbour")
    browser = office.at_desk(SUPPORT)

    assert reference not in browser.get(LIST).html
    assert listed(browser.get(LIST)) == []
    barred = browser.fill(reference=reference).errors
    browser.get(LIST)
    assert barred == browser.fill(reference="SUF-BBBB-CCCC").errors


def test_who_runs_the_service_sees_no_list(office: Office) -> None:
    office.receive()

    assert office.at_desk(ADMIN).get(LIST).status == 403
