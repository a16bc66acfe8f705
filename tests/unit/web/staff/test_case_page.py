"""The page of a case: what it shows, to whom, and what is offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.referrals.staff import Person
from chalicelib.use_cases.settle_deadline import put_in_force, withdraw_deadline
from tests.unit.web.staff.conftest import (
    ADMIN,
    AUDITOR,
    CHAIR,
    MANAGER,
    MEMBER,
    SUPPORT,
    Office,
)
from tests.visitor import text_in

LINKS = {
    "Acknowledge the referral": (MANAGER, SUPPORT),
    "Assign the case": (MANAGER, SUPPORT),
    "Record a recommendation": (MANAGER, MEMBER, CHAIR),
    "Record a decision": (MANAGER, CHAIR),
    "Close the case": (MANAGER,),
    "Conflicts of interest": (MANAGER,),
    "Audit trail of this case": (MANAGER, AUDITOR),
    "Print": (MANAGER, SUPPORT, MEMBER, CHAIR, AUDITOR),
}
READERS = (MANAGER, SUPPORT, MEMBER, CHAIR, AUDITOR)


@pytest.mark.parametrize("person", READERS, ids=lambda person: person.name)
def test_everybody_is_offered_what_they_may_do_and_nothing_else(
    office: Office, person: Person
) -> None:
    page = office.open(office.receive(), person=person)

    offered = {text for text in page.links if text in LINKS}
    assert offered == {text for text, people in LINKS.items() if person in people}


@pytest.mark.parametrize("person", READERS, ids=lambda person: person.name)
def test_every_link_that_is_offered_opens(office: Office, person: Person) -> None:
    page = office.open(office.receive(), person=person)

    links = [href for href in page.links.values() if href.startswith("/staff/")]
    assert [href for href in links if office.at_desk(person).get(href).status != 200] == []


def test_a_reader_is_offered_no_change(office: Office) -> None:
    page = office.open(office.receive(), person=AUDITOR)

    assert not any(text.startswith(("Change", "Mark as done", "Withdraw")) for text in page.links)


def test_the_notification_is_laid_out_by_section(office: Office) -> None:
    page = office.open(office.receive())

    headings = [text_in(element) for element in page.tree.iter("h2")]
    assert "What happened" in headings
    assert "Adult 1: Canaryforename Canarysurname" in page.text
    assert "Canary summary of neglect" in page.text


def test_the_notification_is_drawn_by_the_version_that_was_answered(office: Office) -> None:
    reference = office.receive()
    services = office.instance.services
    form = services.forms["adult"]
    question = replace(form.questions["summary"], row="Asked otherwise today")
    newer = replace(form, version="newer", questions={**form.questions, "summary": question})
    today = replace(services, forms={**services.forms, "adult": newer})
    office.at_desk().services = today

    page = office.open(reference)

    assert "Asked otherwise today" not in page.text
    assert "The form has changed since" in page.text


def test_without_its_version_the_questions_are_shown_as_they_were_stored(office: Office) -> None:
    reference = office.receive()
    office.instance.table.forms.clear()
    services = office.instance.services
    newer = replace(services.forms["adult"], version="newer")
    office.at_desk().services = replace(services, forms={**services.forms, "adult": newer})

    page = office.open(reference)

    asked = office.instance.table.referrals[reference].questions["summary"]["text"]
    assert asked in page.text
    assert "Canary summary of neglect" in page.text
    assert "Canaryforename" in page.text


def test_every_deadline_says_why_it_is_due_then(office: Office) -> None:
    page = office.open(office.receive())

    assert "Due Tue 24 Nov 2026, 4 days left" in page.text
    assert "2 working days after Friday 20 November 2026 (the referral was received)" in page.text


def test_the_page_says_what_the_referrer_was_told(office: Office) -> None:
    page = office.open(office.receive())

    assert "On 20 November 2026 at 2:30pm they were shown the reference" in page.text
    assert "We acknowledge your notification within 2 working days" in page.text


def test_the_page_says_what_the_referrer_was_told_then_whatever_is_said_today(
    office: Office,
) -> None:
    reference = office.receive()
    stored = office.instance.table.referrals
    assert "was not kept when this came in" in office.open(reference).text
    stored[reference] = replace(stored[reference], told="We *ring* you. <script>1</script>")

    for tail in ("", "print"):
        page = office.open(reference, tail)
        assert "as they were shown it: We ring you." in page.text
        assert "We acknowledge your notification" not in page.text
        assert "<script>1" not in page.html


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("We ring <b>you</b>.", "It was told what happens next: We ring <b>you</b>."),
        ("", "What they were told of what happens next was not kept when this came in."),
    ],
)
def test_what_an_agency_s_system_was_told_is_shown_as_text(
    office: Office, told: str, said: str
) -> None:
    reference = office.receive()
    stored = office.instance.table.referrals
    stored[reference] = replace(stored[reference], channel="api", told=told)

    assert said in office.open(reference).text


def test_the_page_says_what_became_of_each_email(office: Office) -> None:
    page = office.open(office.receive())

    assert "Email to the team: a notification has come in About to be sent" in page.text
    assert "To be sent on Friday 4 December 2026" in page.text


def test_opening_a_case_or_a_form_of_it_is_in_the_audit_trail(
    office: Office,
) -> None:
    reference = office.receive()
    office.open(reference)
    office.open(reference, "assign")
    office.open(reference, "print")

    assert office.actions()[-3:] == ["opened a case", "opened a form of a case", "printed a case"]


def test_paper_carries_the_marking_and_who_opened_it_when(office: Office) -> None:
    reference = office.receive()

    page = office.open(reference, "print")

    assert (
        f"OFFICIAL-SENSITIVE. {reference}, opened to print by Mo Manager on "
        "20 November 2026 at 2:30pm"
    ) in page.text
    assert "Not answered" in page.text, "what was left blank is not folded on paper"


@pytest.mark.parametrize("tail", ["", "print", "assign", "decision"])
def test_a_case_that_there_is_not_is_refused_like_one_that_may_not_be_opened(
    office: Office, tail: str
) -> None:
    reference = office.receive()
    person = CHAIR if tail == "decision" else SUPPORT
    office.at_desk(person)
    office.open(reference, "conflicts")
    office.at_desk().fill(person=person.id, reason="A neighbour")

    barred = office.open(reference, tail, person)
    missing = office.open("SUF-BBBB-CCCC", tail, person)

    assert (barred.status, missing.status) == (403, 403)
    assert barred.text == missing.text
    assert reference not in barred.html
    assert "Canary" not in barred.html


def test_what_was_settled_before_is_still_told_with_its_reason(office: Office) -> None:
    reference, services = office.receive(), office.instance.services
    withdraw_deadline(services, reference, "acknowledge", "The first reason", MANAGER)
    put_in_force(services, reference, "acknowledge", "The second reason", MANAGER)

    told = office.open(reference).text

    assert told.index("The second reason") < told.index("The first reason")


def test_who_runs_the_service_opens_no_case(office: Office) -> None:
    page = office.open(office.receive(), person=ADMIN)

    assert page.status == 403
    assert "Canary" not in page.html
