"""The calendar file of a deadline, as a diary opens it."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from chalicelib.referrals.calendar_file import deadline_calendar
from chalicelib.referrals.emails import Attachment
from chalicelib.referrals.partnership import load_partnership

FORMS = Path(__file__).resolve().parents[3] / "forms"
SUFFOLK = load_partnership(FORMS, "suffolk")
REFERENCE = "SUF-BCDF-3479"
MADE_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STAFF = "https://casereview.example/staff"
HOSTILE = [
    "Tell the referrer, the family; and the panel",
    "C:\\new, \\; and \\n",
    "First\r\nBEGIN:VALARM\nTRIGGER:-PT1M",
    "A\u2028B\x00C\x85D",
    "\u00e9" * 200,
    "\U0001f4c5" * 80,
    "e\u0301" * 90,
    'Say "done": 50%',
]


def made(**changes: Any) -> Attachment:
    facts: dict[str, Any] = {
        "reference": REFERENCE,
        "rule": "acknowledge",
        "label": "Acknowledge the referral",
        "due_on": date(2026, 11, 24),
        "made_at": MADE_AT,
        "sign_in_url": STAFF,
    }
    return deadline_calendar(changes.pop("partnership", SUFFOLK), **facts | changes)


def opened(**changes: Any) -> Any:
    """The only entry of the file, as the library's own reader sees it."""
    (entry,) = Calendar.from_ical(made(**changes).content).walk("VEVENT")
    return entry


def lines(content: bytes) -> list[str]:
    """The file's lines, unfolded by the rule of RFC 5545 and not by the library."""
    return content.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def values(**changes: Any) -> dict[str, str]:
    """The lines by name, values as written."""
    return dict(re.split("[;:]", line, maxsplit=1) for line in lines(made(**changes).content))


def test_the_file_is_named_after_the_reference() -> None:
    file = made()

    assert (file.name, file.media_type) == (f"{REFERENCE}.ics", "text/calendar")


def test_the_entry_fills_the_due_date() -> None:
    entry = opened()

    assert entry.decoded("dtstart") == date(2026, 11, 24)
    assert entry.decoded("dtend") == date(2026, 11, 25)


def test_the_entry_is_named_after_deadline_and_reference() -> None:
    assert str(opened()["summary"]) == f"Acknowledge the referral {REFERENCE}"


def test_the_entry_says_where_to_sign_in_and_how_it_is_classified() -> None:
    entry = opened()

    assert str(entry["url"]) == STAFF
    assert str(entry["description"]).splitlines() == [
        "Acknowledge the referral",
        f"Reference: {REFERENCE}",
        "Due: Tuesday 24 November 2026",
        f"Sign in: {STAFF}",
        SUFFOLK.classification,
    ]


def test_the_entry_is_private_and_makes_nobody_busy() -> None:
    written = values()

    assert (written["CLASS"], written["TRANSP"]) == ("PRIVATE", "TRANSPARENT")


def test_the_entry_is_published_by_the_partnership_and_invites_nobody() -> None:
    written = values()

    assert written["METHOD"] == "PUBLISH"
    assert written["ORGANIZER"].endswith(f":mailto:{SUFFOLK.contact.help_email}")
    assert "ATTENDEE" not in written


def test_the_file_has_exactly_one_entry_and_no_alarm() -> None:
    components = [line for line in lines(made().content) if line.startswith("BEGIN:")]

    assert components == ["BEGIN:VCALENDAR", "BEGIN:VEVENT"]


def test_a_later_reminder_of_a_moved_deadline_is_the_same_entry_and_newer() -> None:
    first = opened()
    later = opened(due_on=date(2026, 12, 1), made_at=MADE_AT + timedelta(days=1))

    assert later["uid"] == first["uid"]
    assert later["sequence"] > first["sequence"]
    assert later.decoded("dtstamp") > first.decoded("dtstamp")


def test_an_entry_keeps_its_id_whatever_else_changes() -> None:
    # Written down: another id would put a second entry beside the first in every diary.
    assert opened()["uid"] == "1bc4db6c-6f9d-59c0-bdcb-edd4cf8cdeb1"


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "consider"},
        {"reference": "SUF-BCDF-3477"},
        {"partnership": replace(SUFFOLK, id="norfolk")},
    ],
    ids=str,
)
def test_another_duty_case_or_partnership_is_another_entry(change: dict[str, Any]) -> None:
    assert opened(**change)["uid"] != opened()["uid"]


def test_the_sequence_is_a_number_that_every_diary_can_hold() -> None:
    assert 0 < opened(made_at=datetime(2100, 1, 1, tzinfo=UTC))["sequence"] < 2**31


def test_the_time_of_making_is_said_in_utc() -> None:
    summer = datetime.fromisoformat("2026-07-01T09:00:00+01:00")

    assert values(made_at=summer)["DTSTAMP"] == "20260701T080000Z"


@pytest.mark.parametrize("label", HOSTILE, ids=ascii)
def test_no_line_is_longer_than_a_diary_must_read(label: str) -> None:
    content = made(label=label).content

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


@pytest.mark.parametrize("label", HOSTILE, ids=ascii)
def test_every_line_ends_as_the_standard_says(label: str) -> None:
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", made(label=label).content) is None


@pytest.mark.parametrize("label", HOSTILE, ids=ascii)
def test_every_line_is_a_name_and_a_value_without_control_characters(label: str) -> None:
    for line in lines(made(label=label).content):
        assert re.fullmatch(r'[A-Z-]+(;[A-Z-]+=("[^"]*"|[^":;,]*))*:[^\x00-\x1f\x7f]*', line)


@pytest.mark.parametrize("label", HOSTILE, ids=ascii)
def test_a_label_can_add_nothing_to_the_entry(label: str) -> None:
    assert set(values(label=label)) == set(values())


@pytest.mark.parametrize("label", HOSTILE, ids=ascii)
def test_a_label_is_read_back_as_it_was_on_one_line(label: str) -> None:
    shown = re.sub("[\x00-\x1f\x85\u2028]+", " ", label)

    assert str(opened(label=label)["summary"]) == f"{shown} {REFERENCE}"


@given(label=st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_label_gives_a_file_of_the_same_form(label: str) -> None:
    content = made(label=label).content

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert [re.split("[;:]", line)[0] for line in lines(content)] == [
        re.split("[;:]", line)[0] for line in lines(made().content)
    ]


@pytest.mark.parametrize("breaking", ["\r\nATTENDEE:mailto:x@x.example", '"; X=1:'])
def test_nothing_can_break_out_of_link_organiser_or_description(breaking: str) -> None:
    hostile = replace(
        SUFFOLK,
        name=f"Suffolk{breaking}",
        classification=f"OFFICIAL{breaking}",
        contact=replace(SUFFOLK.contact, help_email=f"help@x.example{breaking}"),
    )

    assert set(values(partnership=hostile, sign_in_url=f"{STAFF}{breaking}")) == set(values())


def test_the_library_is_loaded_only_when_a_file_is_made() -> None:
    script = "import sys, chalicelib.referrals.calendar_file; sys.exit('icalendar' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], cwd=FORMS.parent).returncode == 0
