"""Drafts, submissions, cases and forms to store."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.forms.definition import Form
from chalicelib.referrals.case import (
    Case,
    Deadline,
    DeadlineState,
    KnownDate,
    RecordedDate,
    Settled,
    Settlement,
)
from chalicelib.referrals.case_change import CaseChange
from chalicelib.referrals.delivery import Delivery, Kind, reminder_delivery_id
from chalicelib.referrals.draft import Draft
from chalicelib.referrals.referral import AuditEntry, Referral, Submission, SubmissionToken
from chalicelib.use_cases.compose_submission import random_id

NOW = datetime(2026, 11, 20, 14, 30, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
REFERENCE = "SUF-BCDF-3479"
REMINDER = "acknowledge#20261124#20261123"
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
        reference=REFERENCE,
        stream="adult",
        form="adult",
        form_version="0123456789abcdef",
        received_at=NOW,
        channel="web",
        answers=ANSWERS,
        questions={"summary": {"text": "What happened?", "noun": "what happened"}},
        roles={"referrer_email": "referrer_email"},
        told="We read “it”, and\n\n- tell you.",
    )
    return replace(referral, **changes)


def a_delivery(**changes: Any) -> Delivery:
    delivery = Delivery(
        id="a" * 32,
        kind=Kind.TEAM_EMAIL,
        reference=REFERENCE,
        stream="adult",
        check_at=NOW + timedelta(minutes=1),
        at=NOW,
        due_on=date(2026, 11, 24),
    )
    return replace(delivery, **changes)


def a_reminder(**changes: Any) -> Delivery:
    """A reminder whose id follows from its `reference=` and `reminder=`."""
    reference = changes.get("reference", REFERENCE)
    which = changes.get("reminder", REMINDER)
    reminder = Delivery(
        id=reminder_delivery_id(reference, which),
        kind=Kind.REMINDER_EMAIL,
        reference=reference,
        stream="adult",
        check_at=NOW + timedelta(days=3, minutes=10),
        reminder=which,
        label="Acknowledge the referral",
        at=NOW + timedelta(days=3),
        due_on=date(2026, 11, 24),
    )
    return replace(reminder, **changes)


def a_deadline(**changes: Any) -> Deadline:
    deadline = Deadline(
        rule="acknowledge",
        act="acknowledge",
        kind="deadline",
        label="Acknowledge the referral",
        trigger="received",
        trigger_on=date(2026, 11, 20),
        length=2,
        unit="working_days",
        counted="after",
        due_on=date(2026, 11, 24),
        due_at=datetime(2026, 11, 24, 23, 59, tzinfo=UTC),
        act_by=date(2026, 11, 24),
        responsible="business unit",
        status="local",
        source="Partnership's own standard",
    )
    return replace(deadline, **changes)


def a_case(**changes: Any) -> Case:
    """A case that has something of everything."""
    case = Case(
        reference=REFERENCE,
        stream="adult",
        received_at=NOW,
        answered={
            "received": KnownDate(date(2026, 11, 20)),
            "incident": KnownDate(date(2026, 2, 28), estimated=True),
        },
        facts={"outcome_status": ("died",), "la_told": ()},
        recorded={
            "incident": RecordedDate(None, "a.officer", NOW),
            "decided_on": RecordedDate(date(2026, 11, 20), "a.officer", NOW),
        },
        settled={
            "decide": Settlement(
                Settled.WITHDRAWN, date(2026, 11, 20), "a.officer", NOW, "Línea “dos”", 2
            ),
        },
        deadlines=(
            a_deadline(),
            a_deadline(
                rule="decide",
                act="decide",
                estimated=True,
                window_on=date(2026, 11, 23),
                occurrence=2,
                state=DeadlineState.WITHDRAWN,
                closed_on=date(2026, 11, 20),
            ),
        ),
        rules_version="0123456789abcdef",
        counted={"sex": ("female", ""), "disability": ("sensory autism", "none")},
    )
    return replace(case, **changes)


def a_change(before: Case | None = None, **changes: Any) -> CaseChange:
    """A change to the case after `before`, or that makes one; `reference=` names it throughout."""
    reference = changes.pop("reference", before.reference if before else REFERENCE)
    change = CaseChange(
        before=before,
        after=before.superseded_by() if before else a_case(reference=reference),
        add=(),
        cancel=(),
        outbox=None,
        audit=AuditEntry(random_id(), reference, LATER, "a.officer", "recorded a date"),
    )
    return replace(change, **changes)


def a_submission(**changes: Any) -> Submission:
    """A web submission of `a_draft`; `reference=` and `token=` change those throughout."""
    reference = changes.pop("reference", REFERENCE)
    token = changes.pop("token", "d" * 64)
    submission = Submission(
        referral=a_referral(reference=reference),
        case=a_case(reference=reference),
        deliveries=(a_delivery(reference=reference), a_reminder(reference=reference)),
        audit=AuditEntry(random_id(), reference, NOW, "referrer", "submitted"),
        token=SubmissionToken(token, reference, NOW, "body hash"),
        draft=a_draft(),
    )
    return replace(submission, **changes)
