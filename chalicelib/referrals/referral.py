"""A referral as received, and everything that is stored with it in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.delivery import Delivery
from chalicelib.referrals.draft import Draft


@dataclass(frozen=True)
class Referral:
    """What a referrer sent.

    `questions` holds the texts as answered: question name -> `{"text", "noun", "options"}` with the
    labels of the options that were chosen. `roles` maps a role to the question that plays it.
    `channel` is `web` or `api`. `told` is what whoever sent it was then told happens next, of the
    web in Markdown; empty of a referral from before it was kept.
    """

    reference: str
    stream: str
    form: str
    form_version: str
    received_at: datetime
    channel: str
    answers: Mapping[str, Any]
    questions: Mapping[str, Mapping[str, Any]]
    roles: Mapping[str, str]
    told: str = ""

    def answer(self, role: str) -> Any:
        """The answer to the question that plays a role, or None."""
        name = self.roles.get(role)
        return None if name is None else self.answers.get(name)


@dataclass(frozen=True)
class AuditEntry:
    """Who did what, and when. Never what was answered.

    `reference` is the case's, empty for what concerns none. `actor` is the person's id, `name` who
    that was; what the service or the command did has no name. `details` are short texts: names and
    ids, dates before and after.
    """

    id: str
    reference: str
    at: datetime
    actor: str
    action: str
    details: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True)
class SubmissionToken:
    """What one press of the submit button, or one idempotency key, made. `body` is its SHA-256."""

    id: str
    reference: str
    received_at: datetime
    body: str


@dataclass(frozen=True)
class Submission:
    """All rows of one submission; `deliveries` are outbox rows and reminders, `case` its clocks.

    `draft` is the draft as read, None for the API.
    """

    referral: Referral
    case: Case
    deliveries: tuple[Delivery, ...]
    audit: AuditEntry
    token: SubmissionToken
    draft: Draft | None
