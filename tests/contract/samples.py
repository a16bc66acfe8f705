"""Drafts, submissions and forms to store."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.forms.definition import Form
from chalicelib.referrals.delivery import Delivery, Kind, reminder_delivery_id
from chalicelib.referrals.draft import Draft
from chalicelib.referrals.referral import (
    AuditEntry,
    Deadline,
    Referral,
    Submission,
    SubmissionToken,
)

NOW = datetime(2026, 11, 20, 14, 30, 0, 123456, tzinfo=UTC)
ANSWERS: dict[str, Any] = {
    "summary": "Línea una\nline two — “quoted” 🙂",
    "criteria": ["death", "unsure"],
    "age": 41,
    "ratio": 0.1,
    "declaration": True,
    "when": {"year": 2026, "month": 3, "estimated": True},
    "adults": [{"adult_forename": "Zoë"}, {}],
}


def a_form(version: str = "0123456789abcdef", **document: Any) -> Form:
    """A form of which only the name, version and document are read here."""
    return Form(
        name="adult",
        stream="adult",
        version=version,
        roles={},
        steps=(),
        questions={},
        sections={},
        text={},
        wording={},
        language="en",
        document={"form": "adult", **document},
    )


def a_draft(**changes: Any) -> Draft:
    draft = Draft(
        id="d" * 64,
        form="adult",
        form_version="0123456789abcdef",
        answers=ANSWERS,
        seen=frozenset({"your-details", "adults/1/name"}),
        version=1,
        started_at=NOW,
        expires_at=NOW + timedelta(days=30),
    )
    return replace(draft, **changes)


def a_referral(**changes: Any) -> Referral:
    referral = Referral(
        reference="SUF-BCDF-3479",
        stream="adult",
        form="adult",
        form_version="0123456789abcdef",
        received_at=NOW,
        channel="web",
        answers=ANSWERS,
        questions={"summary": {"text": "What happened?", "noun": "what happened"}},
        roles={"referrer_email": "referrer_email"},
    )
    return replace(referral, **changes)


def a_delivery(**changes: Any) -> Delivery:
    delivery = Delivery(
        id="a" * 32,
        kind=Kind.TEAM_EMAIL,
        reference="SUF-BCDF-3479",
        stream="adult",
        check_at=NOW + timedelta(minutes=1),
        at=NOW,
        due_on=date(2026, 11, 24),
    )
    return replace(delivery, **changes)


def a_reminder(**changes: Any) -> Delivery:
    reminder = Delivery(
        id=reminder_delivery_id("SUF-BCDF-3479", "acknowledge#1"),
        kind=Kind.REMINDER_EMAIL,
        reference="SUF-BCDF-3479",
        stream="adult",
        check_at=NOW + timedelta(days=3, minutes=10),
        reminder="acknowledge#1",
        label="Acknowledge the referral",
        at=NOW + timedelta(days=3),
        due_on=date(2026, 11, 24),
    )
    return replace(reminder, **changes)


def a_submission(**changes: Any) -> Submission:
    """A web submission of `a_draft`; `reference=` and `token=` change those throughout."""
    reference = changes.pop("reference", "SUF-BCDF-3479")
    token = changes.pop("token", "d" * 64)
    submission = Submission(
        referral=a_referral(reference=reference),
        deadlines=(_deadline(),),
        deliveries=(
            a_delivery(reference=reference),
            a_reminder(id=f"{reference}/acknowledge#1", reference=reference),
        ),
        audit=AuditEntry("e" * 32, reference, NOW, "referrer", "submitted"),
        token=SubmissionToken(token, reference, NOW, "body hash"),
        draft=a_draft(),
    )
    return replace(submission, **changes)


def _deadline() -> Deadline:
    return Deadline(
        rule="acknowledge",
        label="Acknowledge the referral",
        trigger="received",
        trigger_on=date(2026, 11, 20),
        due_on=date(2026, 11, 24),
        due_at=datetime(2026, 11, 24, 23, 59, tzinfo=UTC),
        act_by=date(2026, 11, 24),
        responsible="business unit",
        status="local",
        source="Partnership's own standard",
    )
