"""What the emails say, and how they are drawn."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.referrals.emails import Message, team_email
from tests.unit.referrals.email_samples import (
    PLAIN_TAGS,
    RECEIVED_AT,
    REFERENCE,
    STAFF,
    SUFFOLK,
    TEAM,
    TextOf,
    added,
    overdue,
    prompt,
    question,
    receipt,
    reminder,
    resume,
    team,
)

EVERY = pytest.mark.parametrize(
    "email", [team, receipt, reminder, overdue, prompt, resume, added, question]
)
Email = Callable[..., Message]


def test_the_team_is_told_reference_stream_time_due_date_and_where_to_sign_in() -> None:
    text = team().text

    for fact in (
        REFERENCE,
        "an adult",
        "20 November 2026 at 2:30pm",
        "Tuesday 24 November 2026",
        STAFF,
        SUFFOLK.service_name,
        "OFFICIAL-SENSITIVE",
    ):
        assert fact in text


def test_the_team_is_told_of_no_due_date_when_there_is_none() -> None:
    message = team_email(
        SUFFOLK,
        to=TEAM,
        reference=REFERENCE,
        stream="child",
        received_at=RECEIVED_AT,
        next_due=None,
        sign_in_url=STAFF,
    )

    assert "due" not in message.text.lower()


@EVERY
def test_a_subject_holds_a_reference_at_most(email: Email) -> None:
    subject = email().subject.replace(REFERENCE, "").strip()

    assert subject in {
        "New case review notification",
        "We have received your notification",
        "Deadline reminder",
        "Your code to return to your form",
        "Information added",
        "We have a question about your notification",
    }


def test_the_receipt_says_what_happens_next_and_when() -> None:
    text = receipt().text

    for fact in (REFERENCE, "20 November 2026", "within 2 working days", "within 20 working days"):
        assert fact in text


def test_the_receipt_says_whom_to_ask_and_to_put_no_details_in_an_email() -> None:
    text = receipt().text

    assert SUFFOLK.contact.help_email in text
    assert "Do not put case details in an email" in text


def test_the_receipt_repeats_where_a_live_concern_goes() -> None:
    text = receipt().text

    assert "999" in text
    assert SUFFOLK.live_routes["adult"].url in text


def test_the_receipt_does_not_replace_the_local_authoritys_notification() -> None:
    told = "does not replace the local authority's Serious Incident Notification"

    assert told in receipt(stream="child").text
    assert "Serious Incident" not in receipt(stream="adult").text


def test_the_receipt_has_no_link_that_opens_a_case() -> None:
    assert STAFF not in receipt().text


def test_a_known_phone_number_is_given() -> None:
    contact = replace(SUFFOLK.contact, help_phone="01632 960000")
    routes = {
        stream: replace(route, phone="01632 960001", hours="9am to 5pm")
        for stream, route in SUFFOLK.live_routes.items()
    }

    text = receipt(replace(SUFFOLK, contact=contact, live_routes=routes)).text

    assert "01632 960000" in text
    assert "01632 960001 (9am to 5pm)" in text


def test_the_team_is_told_when_information_was_added_and_where_to_sign_in() -> None:
    text = added().text

    for fact in (REFERENCE, "an adult", "20 November 2026 at 2:30pm", STAFF):
        assert fact in text


def test_the_email_with_a_question_gives_reference_code_and_page_and_not_the_question() -> None:
    text = question().text

    for fact in (REFERENCE, "01234-56789-ABCDE-FGHJK", "https://casereview.example/information"):
        assert fact in text
    assert "999" in text
    assert SUFFOLK.live_routes["adult"].url in text
    assert STAFF not in text


def test_the_receipt_says_where_a_question_is_answered() -> None:
    assert "https://casereview.example/information" in receipt().text


def test_the_resume_email_gives_code_time_and_place() -> None:
    text = resume().text

    for fact in (
        "01234-56789-ABCDE-FGHJK",
        "20 December 2026",
        "https://casereview.example/resume",
    ):
        assert fact in text


@EVERY
def test_text_and_html_say_the_same(email: Email) -> None:
    message = email()
    shown = TextOf(message.html)
    seen = f"{shown.text} {' '.join(shown.links)}"

    for line in message.text.splitlines():
        words = re.sub(r"^\d+\. ", "", line).rstrip("=- ")
        for part in words.split(": "):
            assert " ".join(part.split()) in seen


@EVERY
def test_the_html_is_plain_enough_for_desktop_mail_readers(email: Email) -> None:
    message = email()

    tags = TextOf(message.html).tags

    assert tags <= PLAIN_TAGS


@EVERY
def test_the_html_loads_nothing(email: Email) -> None:
    assert re.search(r"\b(src|background)=|url\(|@import|<link", email().html) is None


@EVERY
def test_every_link_is_https(email: Email) -> None:
    assert all(link.startswith("https://") for link in TextOf(email().html).links)


@EVERY
def test_a_name_with_markup_is_shown_not_obeyed(email: Email) -> None:
    hostile = replace(SUFFOLK, name="<script>alert(1)</script> & Sons", service_name="<b>bold</b>")

    message = email(hostile)

    assert "script" not in TextOf(message.html).tags
    assert "<script>alert(1)</script> & Sons" in TextOf(message.html).text


@pytest.mark.parametrize("breaking", ["\r\nBcc: x@x.example", "\nX: y", "\x00", "\u2028X: y"])
def test_nothing_can_break_out_of_a_subject_or_an_address(breaking: str) -> None:
    message = team_email(
        SUFFOLK,
        to=(f"team@suffolk.example{breaking}",),
        reference=f"{REFERENCE}{breaking}",
        stream="adult",
        received_at=RECEIVED_AT,
        next_due=None,
        sign_in_url=STAFF,
    )

    assert re.search(r"[\r\n\x00\u2028]", message.subject + "".join(message.to)) is None
