"""The mail of a local run: what was sent is what a person and a program can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.adapters.ses_mailer import SesMailer
from chalicelib.referrals.emails import Attachment, Message
from infra.local import pages
from infra.local.aws import client
from infra.local.emulator import Emulator
from infra.local.mailbox import File, Mail, Mailbox

FROM = "notifications@suffolk.example"
CALENDAR = Attachment("SUF-1.ics", "text/calendar", "SUMMARY:é <b>\r\n".encode())
PLAIN = Message(("team@suffolk.example",), "Plain", "Text", "<p>HTML</p>")
REMINDER = Message(("team@suffolk.example",), "Reminder", "Text", "<p>HTML</p>", (CALENDAR,))


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An emulator that has sent a plain message, then one with a file."""
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        ses = client("sesv2", emulator.endpoint)
        ses.create_email_identity(EmailIdentity=FROM)
        mailer = SesMailer(lambda: ses, from_address=FROM, configuration_set="")
        mailer.send(PLAIN, delivery_id="a" * 32)
        mailer.send(REMINDER, delivery_id="b" * 32)
        yield emulator.endpoint


@pytest.mark.emulator
def test_a_file_is_in_the_mailbox_as_it_was_sent(endpoint: str, tmp_path: Path) -> None:
    (file,) = Mailbox(endpoint, tmp_path / "mail.json").mails()[1].attachments

    assert (file.name, file.media_type) == (CALENDAR.name, CALENDAR.media_type)
    assert file.content == CALENDAR.content


@pytest.mark.emulator
def test_a_mail_without_files_has_none(endpoint: str, tmp_path: Path) -> None:
    assert Mailbox(endpoint, tmp_path / "mail.json").mails()[0].attachments == ()


@pytest.mark.emulator
def test_mail_and_files_are_there_after_a_restart(endpoint: str, tmp_path: Path) -> None:
    mailbox = Mailbox(endpoint, tmp_path / "mail.json")
    before = mailbox.mails()

    mailbox.keep()

    assert Mailbox(endpoint, tmp_path / "mail.json").mails()[:2] == before


@pytest.mark.emulator
def test_mail_kept_before_there_were_files_is_still_read(endpoint: str, tmp_path: Path) -> None:
    kept = tmp_path / "mail.json"
    names = ("id", "sender", "to", "subject", "text", "html", "sent_at")
    kept.write_text(json.dumps([dict.fromkeys(names, "old")]), encoding="utf-8")

    earliest = Mailbox(endpoint, kept).mails()[0]
    assert (earliest.subject, earliest.attachments) == ("old", ())


def mail() -> Mail:
    file = File("<i>.ics", "text/<b>", "U1VNTUFSWTo8aW1nPg==")  # SUMMARY:<img>
    return Mail("m1", FROM, "team@x.example", "Subject", "Text", "", "2026-01-01Z", (file,))


def test_a_program_reads_name_type_and_content_of_a_file() -> None:
    assert mail().outline()["attachments"] == [
        {"name": "<i>.ics", "media_type": "text/<b>", "text": "SUMMARY:<img>"}
    ]


def test_a_person_reads_a_file_and_can_keep_it() -> None:
    page = pages.message(mail())

    assert "<pre>SUMMARY:&lt;img&gt;</pre>" in page
    assert 'href="/_local/mail/m1/1"' in page


def test_no_markup_of_a_file_reaches_the_page() -> None:
    page = pages.message(mail())

    assert not any(markup in page for markup in ("<i>", "<b>", "<img>"))
