"""What the emails say, and how they are drawn."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from chalicelib.referrals.emails import (
    Message,
    days_left,
    receipt_email,
    reminder_email,
    resume_email,
    team_email,
)
from chalicelib.referrals.partnership import Partnership, load_partnership

FORMS = Path(__file__).resolve().parents[3] / "forms"
SUFFOLK = load_partnership(FORMS, "suffolk")
REFERENCE = "SUF-BCDF-3479"
RECEIVED_AT = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
STAFF = "https://casereview.example/staff"
TEAM = ("team@suffolk.example",)
PLAIN_TAGS = set("html head meta title body table tr td h1 h2 p a strong br ol li".split())  # noqa: SIM905


def team(partnership: Partnership = SUFFOLK) -> Message:
    return team_email(
        partnership,
        to=TEAM,
        reference=REFERENCE,
        stream="adult",
        received_at=RECEIVED_AT,
        next_due=date(2026, 11, 24),
        sign_in_url=STAFF,
    )


def receipt(partnership: Partnership = SUFFOLK, stream: str = "adult") -> Message:
    return receipt_email(
        partnership,
        to=("referrer@agency.example",),
        reference=REFERENCE,
        stream=stream,
        received_at=RECEIVED_AT,
    )


def reminder(partnership: Partnership = SUFFOLK) -> Message:
    return reminder_email(
        partnership,
        to=TEAM,
        reference=REFERENCE,
        label="Acknowledge the referral",
        due_on=date(2026, 11, 24),
        today=date(2026, 11, 23),
        sign_in_url=STAFF,
    )


def resume(partnership: Partnership = SUFFOLK) -> Message:
    return resume_email(
        partnership,
        to=("referrer@agency.example",),
        stream="adult",
        code="01234-56789-ABCDE-FGHJK",
        expires_at=RECEIVED_AT + timedelta(days=30),
        resume_url="https://casereview.example/resume",
    )


class TextOf(HTMLParser):
    """The text a person sees, and the tags and links that carry it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


EVERY = pytest.mark.parametrize("email", [team, receipt, reminder, resume])
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
    }


def test_a_reminder_says_what_is_due_when_and_how_long_is_left() -> None:
    text = reminder().text

    for fact in (REFERENCE, "Acknowledge the referral", "Tuesday 24 November 2026", "1 day", STAFF):
        assert fact in text


@pytest.mark.parametrize(
    ("due_on", "left"),
    [
        (date(2026, 11, 27), "3 days"),
        (date(2026, 11, 25), "1 day"),
        (date(2026, 11, 24), "due today"),
        (date(2026, 11, 23), "1 day overdue"),
        (date(2026, 11, 20), "4 days overdue"),
    ],
    ids=str,
)
def test_days_left_are_said(due_on: date, left: str) -> None:
    assert days_left(due_on, date(2026, 11, 24)) == left


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
