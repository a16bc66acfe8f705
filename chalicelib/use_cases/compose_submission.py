"""Compose everything that is stored when a referral is submitted. Pure but for random ids."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.referrals.deadlines import compute, next_due, plan_reminders, triggers
from chalicelib.referrals.delivery import (
    SCHEDULE_GRACE,
    STREAM_GRACE,
    Delivery,
    Kind,
    reminder_delivery_id,
)
from chalicelib.referrals.draft import Draft
from chalicelib.referrals.referral import (
    AuditEntry,
    Deadline,
    Referral,
    Reminder,
    Submission,
    SubmissionToken,
)
from chalicelib.referrals.times import local_date
from chalicelib.referrals.working_days import england_and_wales
from chalicelib.use_cases.answered_texts import answered_texts

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form
    from chalicelib.referrals.partnership import Partnership

AT_WORK = frozenset({"professional", "elected_member", "coroner"})


def referral_from(
    form: "Form", answers: Mapping[str, Any], *, reference: str, received_at: datetime, channel: str
) -> Referral:
    """The referral of a form's answers."""
    return Referral(
        reference=reference,
        stream=form.stream,
        form=form.name,
        form_version=form.version,
        received_at=received_at,
        channel=channel,
        answers=answers,
        questions=answered_texts(form, answers),
        roles=dict(form.roles),
    )


def compose(
    partnership: "Partnership", referral: Referral, *, token_id: str, body: str, draft: Draft | None
) -> Submission:
    """The referral with its deadlines, reminders, outbox rows, audit row and submission token."""
    deadlines, reminders = _clocks(partnership, referral)
    deliveries = [_team_email(partnership, referral, deadlines)]
    if may_email(referral):
        deliveries.append(_outbox_row(referral, Kind.RECEIPT_EMAIL))
    for reminder in reminders:
        deliveries.append(_reminder_row(referral, reminder))
        deliveries.append(_outbox_row(referral, Kind.SCHEDULE_REMINDER, reminder=reminder.id))
    return Submission(
        referral=referral,
        deadlines=deadlines,
        deliveries=tuple(deliveries),
        audit=AuditEntry(
            id=_random_id(),
            reference=referral.reference,
            at=referral.received_at,
            actor="referrer" if referral.channel == "web" else "agency system",
            action="submitted",
        ),
        token=SubmissionToken(token_id, referral.reference, referral.received_at, body),
        draft=draft,
    )


def may_email(referral: Referral) -> bool:
    """Whether the referrer may be sent a receipt.

    A relative's mailbox may be read by the person who did the harm: they are emailed only when they
    said that it is safe. Who refers in their work is not asked.
    """
    if not isinstance(referral.answer("referrer_email"), str):
        return False
    safe = referral.answer("safe_to_email")
    at_work = referral.answer("submitter_type") in AT_WORK
    return safe == "yes" or (safe is None and at_work)


def _clocks(
    partnership: "Partnership", referral: Referral
) -> tuple[tuple[Deadline, ...], tuple[Reminder, ...]]:
    local = partnership.calendar
    calendar = england_and_wales(local.extra_holidays, local.count_from)
    rules = {rule.id: rule for rule in partnership.rules(referral.stream)}
    known = triggers(referral.received_at, referral.roles, referral.answers)
    deadlines = compute(rules.values(), known, calendar)
    reminders = tuple(
        reminder
        for deadline in deadlines
        for reminder in plan_reminders(
            rules[deadline.rule], deadline, calendar, referral.received_at
        )
    )
    return deadlines, reminders


def _team_email(
    partnership: "Partnership", referral: Referral, deadlines: Sequence[Deadline]
) -> Delivery:
    today = local_date(referral.received_at)
    due_on = next_due(partnership.rules(referral.stream), deadlines, today)
    return Delivery(
        id=_random_id(),
        kind=Kind.TEAM_EMAIL,
        reference=referral.reference,
        stream=referral.stream,
        check_at=referral.received_at + STREAM_GRACE,
        at=referral.received_at,
        due_on=due_on,
    )


def _outbox_row(referral: Referral, kind: Kind, *, reminder: str | None = None) -> Delivery:
    return Delivery(
        id=_random_id(),
        kind=kind,
        reference=referral.reference,
        stream=referral.stream,
        check_at=referral.received_at + STREAM_GRACE,
        reminder=reminder,
    )


def _reminder_row(referral: Referral, reminder: Reminder) -> Delivery:
    return Delivery(
        id=reminder_delivery_id(referral.reference, reminder.id),
        kind=Kind.REMINDER_EMAIL,
        reference=referral.reference,
        stream=referral.stream,
        check_at=reminder.at + SCHEDULE_GRACE,
        reminder=reminder.id,
        label=reminder.label,
        at=reminder.at,
        due_on=reminder.due_on,
    )


def _random_id() -> str:
    return secrets.token_hex(16)
