"""Compose everything that is stored when a referral is submitted. Pure but for random ids."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.referrals.case import RECEIVED, Case
from chalicelib.referrals.case_change import recomputed
from chalicelib.referrals.clocks import Clocks, clocks_of
from chalicelib.referrals.coded_answers import counted
from chalicelib.referrals.deadlines import answered_dates, facts, next_due
from chalicelib.referrals.delivery import STREAM_GRACE, Delivery, Kind
from chalicelib.referrals.draft import Draft
from chalicelib.referrals.referral import AuditEntry, Referral, Submission, SubmissionToken
from chalicelib.referrals.reminders import plan
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.answered_texts import answered_texts

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form
    from chalicelib.referrals.partnership import Partnership

AT_WORK = frozenset({"professional", "elected_member", "coroner"})


def referral_from(
    form: "Form",
    answers: Mapping[str, Any],
    *,
    reference: str,
    received_at: datetime,
    channel: str,
    told: str = "",
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
        told=told,
    )


def compose(
    partnership: "Partnership",
    referral: Referral,
    *,
    token_id: str,
    body: str,
    draft: Draft | None,
    counts: Mapping[str, tuple[str, str]] | None = None,
) -> Submission:
    """The referral with its deadlines, reminders, outbox rows, audit row and submission token.

    `counts` are the form's, of what the yearly figures count.
    """
    now = referral.received_at
    case, clocks = open_case(partnership, referral)
    case = replace(case, counted=_counted(case, counts or {}, referral))
    reminders = plan(clocks.rules, None, case, (), clocks.calendar, now).add
    deliveries = [_team_email(clocks, case)]
    if may_email(referral):
        deliveries.append(outbox_row(referral.reference, referral.stream, Kind.RECEIPT_EMAIL, now))
    case = replace(case, emails=tuple(delivery.id for delivery in deliveries))
    if reminders:
        deliveries.append(outbox_row(referral.reference, referral.stream, Kind.SCHEDULES, now))
    return Submission(
        referral=referral,
        case=case,
        deliveries=(*deliveries, *reminders),
        audit=AuditEntry(
            id=random_id(),
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


def open_case(partnership: "Partnership", referral: Referral) -> tuple[Case, Clocks]:
    """The case of a referral as received, its deadlines computed."""
    clocks = clocks_of(partnership, referral.reference, referral.stream)
    case = Case(
        reference=referral.reference,
        stream=referral.stream,
        received_at=referral.received_at,
        answered=answered_dates(referral.received_at, referral.roles, referral.answers),
        facts=facts(clocks.rules, referral.roles, referral.answers),
    )
    return recomputed(case, clocks), clocks


def _counted(
    case: Case, counts: Mapping[str, tuple[str, str]], referral: Referral
) -> Mapping[str, tuple[str, ...]]:
    incident = case.answered.get("incident_on") or case.answered[RECEIVED]
    return counted(counts, referral.answers, referral.stream, incident.on)


def _team_email(clocks: Clocks, case: Case) -> Delivery:
    due_on = next_due(clocks.rules, case.deadlines, local_date(case.received_at))
    row = outbox_row(case.reference, case.stream, Kind.TEAM_EMAIL, case.received_at)
    return replace(row, at=case.received_at, due_on=due_on)


def outbox_row(reference: str, stream: str, kind: Kind, now: datetime) -> Delivery:
    """A new outbox row: the stream performs it, and reconcile does if the stream has not."""
    return Delivery(
        id=random_id(), kind=kind, reference=reference, stream=stream, check_at=now + STREAM_GRACE
    )


def random_id() -> str:
    """128 random bits in hexadecimal."""
    return secrets.token_hex(16)
