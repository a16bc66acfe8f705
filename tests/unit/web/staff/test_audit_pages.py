"""The audit trail on its pages: of a day and of a case, for those who may read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.referrals.staff import Person
from chalicelib.use_cases.audit import note
from tests.unit.web.staff.conftest import ADMIN, AUDITOR, CHAIR, MANAGER, MEMBER, SUPPORT, Office

AUDIT = "/staff/audit"
OTHER_MANAGER = replace(MANAGER, id="p-other", name="Oz Other")


def test_a_day_shows_who_did_what_newest_first(office: Office) -> None:
    reference = office.receive()
    office.open(reference, person=SUPPORT)

    page = office.at_desk(AUDITOR).get(AUDIT)

    assert "Friday 20 November 2026" in page.text
    assert (
        f"Opened a case {reference} 2026-11-20 14:30:00 UTC, Sal Support (p-support)" in page.text
    )
    assert page.links[reference] == f"/staff/cases/{reference}"


def test_another_day_is_chosen_or_reached_day_by_day(office: Office) -> None:
    office.receive()
    office.instance.clock.move(days=1)

    today = office.at_desk(AUDITOR).get(AUDIT)
    before = office.at_desk(AUDITOR).get(today.links["Day before"])

    assert "Submitted" not in today.text
    assert "Submitted" in before.text
    assert "Day after" in before.links


def test_a_day_that_there_is_not_is_refused_beside_its_boxes(office: Office) -> None:
    page = office.at_desk(AUDITOR).get(f"{AUDIT}?on-day=31&on-month=2&on-year=2026")

    assert page.status == 422
    assert page.error_targets == ["#on-day"]


def test_a_day_with_nothing_says_so(office: Office) -> None:
    page = office.at_desk(AUDITOR).get(f"{AUDIT}?on-day=1&on-month=2&on-year=2025")

    assert "Nothing is recorded on this day" in page.text


@pytest.mark.parametrize("tail", ["after=x", "after=2026-11-20"])
def test_a_page_of_the_trail_that_there_is_not_begins_again(office: Office, tail: str) -> None:
    reference = office.receive()

    assert reference in office.at_desk(AUDITOR).get(f"{AUDIT}?{tail}").text


def test_a_long_day_goes_on_page_by_page(office: Office) -> None:
    references = {office.receive() for _ in range(55)}

    first = office.at_desk(AUDITOR).get(AUDIT)
    older = next(href for text, href in first.links.items() if "Older entries" in text)
    second = office.at_desk(AUDITOR).get(older)

    shown = {text for page in (first, second) for text in page.links if text in references}
    assert shown == references


def test_a_page_from_which_everything_is_left_out_leads_on_and_does_not_say_nothing_happened(
    office: Office,
) -> None:
    late = office.receive()
    office.at_desk(MANAGER)
    # Entries of one instant have no order of their own.
    office.instance.clock.move(minutes=1)
    for _ in range(120):
        note(office.instance.services, SUPPORT, "opened a case", late)
    office.instance.clock.move(minutes=1)
    office.at_desk(OTHER_MANAGER).get(f"/staff/cases/{late}/conflicts")
    office.at_desk(OTHER_MANAGER).fill(person=MANAGER.id, reason="A neighbour")

    page = office.at_desk(MANAGER).get(AUDIT)
    while "Nothing to show on this page" not in page.text:
        page = office.at_desk(MANAGER).get(page.links["Older entries of this day"])

    assert "Nothing is recorded on this day" not in page.text
    assert late not in page.text
    assert "Older entries of this day" in page.links


def test_a_case_has_a_trail_of_its_own(office: Office) -> None:
    reference, other = office.receive(), office.receive()
    office.open(reference)

    page = office.open(reference, "history", AUDITOR)

    assert "Opened a case 2026-11-20 14:30:00 UTC, Mo Manager (p-manager)" in page.text
    assert other not in page.text


def test_a_moved_deadline_is_told_by_its_name(office: Office) -> None:
    reference = office.receive()
    office.open(reference, "acknowledge")
    office.at_desk().fill()

    page = office.open(reference, "history", AUDITOR)

    assert "Acknowledge the referral2026-11-24 open to" in page.text


def test_who_runs_the_service_reads_the_trail_without_a_way_into_a_case(office: Office) -> None:
    reference = office.receive()

    page = office.at_desk(ADMIN).get(AUDIT)

    assert reference in page.text
    assert reference not in page.links


@pytest.mark.parametrize("person", [SUPPORT, MEMBER, CHAIR], ids=lambda person: person.name)
def test_others_read_no_trail(office: Office, person: Person) -> None:
    reference = office.receive()

    assert office.at_desk(person).get(AUDIT).status == 403
    assert office.open(reference, "history", person).status == 403
    assert "Latest in the audit trail" not in office.open(reference, person=person).text


def test_reading_the_trail_is_in_it(office: Office) -> None:
    office.at_desk(MANAGER).get(AUDIT)

    assert office.actions() == ["read the audit trail"]
