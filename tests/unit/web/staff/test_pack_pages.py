"""Making a redacted pack, reading it, and what no pack may hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.referrals.name_words import SMALL_WORDS, words_of
from chalicelib.referrals.redacted_pack import Pack
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.make_pack import OpenedPack, redaction_for
from chalicelib.use_cases.read_case import OpenedCase, look_again
from chalicelib.web.staff.pack_view import pack_sections
from tests.unit.referrals.a_worked_case import a_decision
from tests.unit.use_cases.a_pack import MAKER, RICH, SECRETS, TYPED, a_pack
from tests.unit.use_cases.instance import an_instance
from tests.unit.web.staff.conftest import AUDITOR, CHAIR, MANAGER, MEMBER, SUPPORT, Office
from tests.visitor import Page, text_in


def make(office: Office, reference: str, by: Person = SUPPORT, **typed: Any) -> Page:
    """A person fills in the form with every part that is offered."""
    page = office.open(reference, "packs", by)
    every = [
        box.get("value", "") for box in page.tree.iter("input") if box.get("type") == "checkbox"
    ]
    given = {"purpose": "To look at records", "recipient": "Named nurse", "sections": every}
    return office.at_desk(by).fill(**{**given, **typed})


def main_text(page: Page) -> str:
    return text_in(next(page.tree.iter("main")))


def packs_of(office: Office, reference: str) -> tuple[Pack, ...]:
    return office.instance.table.cases[reference].work.packs


def decide(office: Office, reference: str, reasons: str) -> None:
    case = office.instance.table.cases[reference]
    one = a_decision(
        at=office.instance.services.clock.now(),
        reasons=reasons,
        decider="Chair Thistlewick",
        partner_views={"Police": reasons},
    )
    office.instance.table.cases[reference] = replace(
        case, work=replace(case.work, decisions=(one,))
    )


def test_a_pack_has_all_that_was_chosen_and_nobody_s_name(office: Office) -> None:
    reference = office.receive("adult", **RICH)
    decide(office, reference, f"The panel heard of {TYPED}")

    page = make(office, reference, purpose="Records of Zenobia")

    assert page.status == 200
    shown = main_text(page).lower()
    assert [secret for secret in SECRETS if secret in shown] == []
    for said in ("Adult A", "Person B", "Referrer", "58 years old", "Withheld", "The panel heard"):
        assert said in main_text(page), said


def test_every_sheet_says_for_whom_by_whom_and_until_when(office: Office) -> None:
    reference = office.receive("adult", **RICH)

    page = make(office, reference)

    mark = (
        f"OFFICIAL-SENSITIVE. {reference}, redacted pack for Named nurse. Made by Sal Support on "
        "20 November 2026. Destroy after 18 December 2026."
    )
    assert page.text.count(mark) == 2, "above and below"
    assert reference in page.title
    assert "Named nurse" not in page.title


def test_its_maker_is_told_to_read_it_first(office: Office) -> None:
    page = make(office, office.receive())

    assert "Read all of it before it goes to anybody" in page.text


def test_what_was_not_chosen_is_not_in_it(office: Office) -> None:
    reference = office.receive("adult", **RICH)
    decide(office, reference, "Reasons of the chair")

    page = make(office, reference, sections=["the-adult"])

    assert "Description of needs" in main_text(page)
    assert "lived at" not in main_text(page)
    assert "Reasons of the chair" not in main_text(page)


def test_more_words_are_hidden_when_they_are_given(office: Office) -> None:
    reference = office.receive(summary="Big Z fell near the old mill.")

    page = make(office, reference, hide="Big Z\r\nold mill\r\n")

    assert "[hidden] fell near the [hidden]." in page.text


def test_initials_that_the_text_has_are_filled_in(office: Office) -> None:
    adult = {"adult_forename": "Zenobia", "adult_surname": "Quillfeather"}
    reference = office.receive(adults=[adult], summary="ZQ fell. Z.Q. called a GP.")

    page = office.open(reference, "packs", SUPPORT)

    assert page.fields()["hide"] == ["ZQ\nZ.Q"]


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ({"purpose": ""}, "#purpose"),
        ({"recipient": " "}, "#recipient"),
        ({"sections": []}, "#sections"),
        ({"sections": ["audit"]}, "#sections"),
        ({"expires__day": "19", "expires__month": "11"}, "#expires-day"),
        ({"expires__day": "", "expires__month": "", "expires__year": ""}, "#expires-day"),
        ({"expires__year": "2030"}, "#expires-day"),
        ({"hide": "\n".join(["word"] * 3 + ["x" * 101])}, "#hide"),
        ({"recipient": "Canaryforename Canarysurname"}, "#recipient"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(
    office: Office, typed: dict[str, Any], target: str
) -> None:
    reference = office.receive()

    page = make(office, reference, **typed)

    assert page.status == 422
    assert page.error_targets == [target]
    assert packs_of(office, reference) == ()


def test_the_case_lists_its_packs_and_says_which_have_expired(office: Office) -> None:
    reference = office.receive()
    make(office, reference, recipient="Named nurse")
    office.instance.clock.move(days=29)
    office.at_desk(MANAGER)
    make(office, reference, MANAGER, recipient="Head of safeguarding")

    page = office.open(reference)

    assert "For Head of safeguarding" in page.text
    assert "For Named nurse Expired" in page.text
    assert [href for text, href in page.links.items() if text.startswith("Open this pack")] == [
        f"/staff/cases/{reference}/packs/{packs_of(office, reference)[1].id}"
    ]
    assert "Redacted pack made" in page.text


@pytest.mark.parametrize("person", [SUPPORT, MEMBER], ids=lambda person: person.name)
def test_an_expired_pack_says_to_make_another(office: Office, person: Person) -> None:
    reference = office.receive("adult", **RICH)
    make(office, reference)
    pack = packs_of(office, reference)[0]
    office.instance.clock.move(days=29)

    page = Office.open(office, reference, f"packs/{pack.id}", _again(office, person))

    assert page.status == 410
    assert "This pack has expired" in page.heading
    assert ("Make another pack" in page.links) is (person is SUPPORT)
    assert "Adult A" not in page.text


def _again(office: Office, person: Person) -> Person:
    """Signed in once more: a session lasts no four weeks."""
    office._browsers.clear()
    return person


@pytest.mark.parametrize("person", [MANAGER, SUPPORT, MEMBER, CHAIR, AUDITOR])
def test_whoever_reads_cases_reads_packs(office: Office, person: Person) -> None:
    reference = office.receive()
    make(office, reference)

    page = office.open(reference, f"packs/{packs_of(office, reference)[0].id}", person)

    assert page.status == 200
    assert office.actions()[-1] == "opened a redacted pack"


def test_a_barred_reader_and_a_pack_that_is_none_look_alike(office: Office) -> None:
    reference = office.receive()
    make(office, reference)
    pack = packs_of(office, reference)[0]
    office.at_desk(MEMBER)
    office.open(reference, "conflicts")
    office.at_desk().fill(person=MEMBER.id, reason="A neighbour")

    barred = office.open(reference, f"packs/{pack.id}", MEMBER)
    no_such = office.open(reference, f"packs/{'0' * 32}", SUPPORT)

    assert (barred.status, no_such.status) == (403, 403)
    assert main_text(barred) == main_text(no_such)
    assert "Make a redacted pack" not in office.open(reference, person=AUDITOR).links


def test_hostile_text_is_shown_as_text(office: Office) -> None:
    reference = office.receive(summary="<script>alert(1)</script> {{ 7 * 7 }} \u202eevil")

    page = make(office, reference, purpose="<img src=x>", recipient="<b>Nurse</b>")

    assert "<script>alert" not in page.html
    assert "<img src=x>" not in page.html
    assert "<b>Nurse" not in page.html
    assert "{{ 7 * 7 }}" in page.text


WORD = st.text(st.sampled_from("bcdfghjklmnpqrstvwxzéñøŁaeiou"), min_size=5, max_size=12)
SHAPES = (str, str.upper, str.title, lambda one: f"{one}’s", lambda one: f"({one})")


@cache
def template() -> tuple[Any, OpenedCase, Pack]:
    """One case for all examples, of which only the answers are others."""
    instance = an_instance()
    reference = instance.submit("adult", **RICH).reference
    pack = a_pack(instance, reference)
    return instance.services, look_again(instance.services, reference, MAKER), pack


def drawn(answers: dict[str, Any]) -> str:
    services, opened, pack = template()
    opened = replace(opened, referral=replace(opened.referral, answers=answers))
    redaction = redaction_for(services, opened)
    assert redaction is not None
    return str(pack_sections(OpenedPack(pack, opened, redaction)))


# Nine words that no page has.
NEUTRAL = tuple(f"qqz{letter}" for letter in "abcdefghi")


def numbers(digits: str) -> tuple[str, str, str]:
    """An NHS number, a phone number and a postcode."""
    return f"4{digits}", f"07{digits}", f"ip{digits[0]} {digits[1]}zz"


def answered(words: Sequence[str], digits: str, shape: Any) -> dict[str, Any]:
    """Answers that hold nine words where a form asks for such, and all of them in its texts."""
    fore, sur, other, street, town, nurse, who, referrer, found = words
    number, phone, post = numbers(digits)
    told = " then ".join(shape(one) for one in (*words, number, phone, post, f"CR/{digits[:6]}"))
    return {
        **RICH,
        "referrer_name": f"{referrer} Smith",
        "referrer_phone": phone,
        "police_status": "open",
        "police_crime_ref": f"cr/{digits[:6]}",
        "police_officer": f"DC {who.title()}, room {found}",
        "summary": told,
        "background": f"{told}; {fore.title()} {sur.title()}'s {street} road",
        "harm_location": f"behind {found}",
        "adults": [
            {
                "adult_forename": fore,
                "adult_surname": f"{sur}-{other}",
                "adult_address": {"line1": f"1 {street} Road", "town": town, "postcode": post},
                "adult_nhs_number": number,
                "adult_gp": f"Dr {nurse.title()}",
                "care_needs_text": told,
            }
        ],
        "network": [{"person_name": other, "relation": told, "contact_details": told}],
        "chronology": [{"event_description": told, "event_source": told}],
    }


# How long an example takes says nothing on a busy machine.
@settings(deadline=None, max_examples=40)
@given(
    words=st.lists(WORD, min_size=9, max_size=9, unique_by=lambda word: tuple(words_of(word))),
    digits=st.text("0123456789", min_size=9, max_size=9),
    shape=st.sampled_from(SHAPES),
)
def test_no_marked_name_address_identifier_or_contact_is_anywhere_in_a_pack(
    words: list[str], digits: str, shape: Any
) -> None:
    fore, sur, other, street, town, nurse, who, referrer, _ = words
    number, phone, post = numbers(digits)
    # What the page says by itself is no name.
    own = set(words_of(drawn(answered(NEUTRAL, digits, str)))) | SMALL_WORDS
    assume(not own & {word for one in words for word in words_of(one)})

    shown = drawn(answered(words, digits, shape))

    left = set(words_of(shown))
    # The only place of a street or a town is hidden as a phrase: a word of it alone is any word.
    whole = {fore, sur, other, nurse, who, referrer, town}
    assert {one for one in whole if set(words_of(one)) & left} == set()
    joined = "".join(letter for letter in shown.lower() if letter.isalnum())
    secrets = (number, phone, post.replace(" ", ""), f"cr{digits[:6]}")
    assert [one for one in secrets if one in joined] == []
    assert f"{street} road".lower() not in shown.lower()
