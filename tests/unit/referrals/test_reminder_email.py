"""What the reminder of a deadline says, and what goes with it."""

from collections.abc import Callable
from datetime import date

import pytest

from chalicelib.referrals.emails import Message, days_left, reminder_email
from tests.unit.referrals.email_samples import (
    CALENDAR,
    REFERENCE,
    STAFF,
    SUFFOLK,
    TEAM,
    TextOf,
    overdue,
    prompt,
    receipt,
    reminder,
    resume,
    team,
)


def test_a_reminder_says_what_is_due_when_and_how_long_is_left() -> None:
    text = reminder().text

    for fact in (REFERENCE, "Acknowledge the referral", "Tuesday 24 November 2026", "1 day", STAFF):
        assert fact in text


def test_a_reminder_is_recognised_by_its_subject() -> None:
    assert reminder().subject == f"Deadline reminder {REFERENCE}"


def test_a_reminder_after_the_due_date_says_overdue_first() -> None:
    text = overdue().text

    assert text.split("\n\n")[1].startswith("Deadline overdue\n")
    assert "Time left: 2 days overdue" in text


def test_on_its_due_date_a_deadline_is_not_overdue() -> None:
    text = reminder(today=date(2026, 11, 24)).text

    assert "overdue" not in text.lower()
    assert "Time left: due today" in text


def test_a_prompt_asks_whether_somebody_elses_duty_has_been_done() -> None:
    text = prompt().text

    assert text.split("\n\n")[1].startswith("Check that this has been done\n")
    assert "deadline" not in text.lower()


def test_a_prompt_calls_nobody_overdue() -> None:
    text = reminder(prompt=True, today=date(2026, 11, 30)).text

    assert "Due: Tuesday 24 November 2026" in text
    assert "overdue" not in text


def test_a_reminder_carries_its_calendar_file_and_says_so() -> None:
    message = reminder()

    assert message.attachments == (CALENDAR,)
    assert "A calendar file is attached." in message.text


def test_a_reminder_without_calendar_file_promises_none() -> None:
    message = reminder(calendar_file=None)

    assert message.attachments == ()
    assert "calendar" not in message.text


@pytest.mark.parametrize("email", [team, receipt, resume])
def test_only_reminders_have_attachments(email: Callable[..., Message]) -> None:
    assert email().attachments == ()


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


def test_a_label_with_markup_is_shown_not_obeyed() -> None:
    message = reminder_email(
        SUFFOLK,
        to=TEAM,
        reference=REFERENCE,
        label="<script>alert(1)</script>",
        due_on=date(2026, 11, 24),
        today=date(2026, 11, 23),
        sign_in_url=STAFF,
    )

    assert "script" not in TextOf(message.html).tags
    assert "<script>alert(1)</script>" in TextOf(message.html).text
