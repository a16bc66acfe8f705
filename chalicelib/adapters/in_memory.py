"""In-memory twins of the stores: the same behaviour as DynamoDB, for tests and the preview.

One `Table` is shared by all the stores, as one table is in production. Values go through the same
packing as stored rows, so that nothing lives here that could not be stored there. The outbox, the
cases and the mailboxes have files of their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.case_document import copied
from chalicelib.referrals.case import Case
from chalicelib.referrals.delivery import Delivery, Kind
from chalicelib.referrals.disposal import Proof
from chalicelib.referrals.draft import Draft
from chalicelib.referrals.information import Addition
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.referral import AuditEntry, Referral, Submission, SubmissionToken
from chalicelib.referrals.staff import Person
from chalicelib.referrals.staff_session import SignIn, StaffSession
from chalicelib.use_cases.ports import AlreadySubmitted, DraftChanged, ReferenceTaken

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form


@dataclass
class Table:
    """All rows of one instance, and the lock that makes a write one step.

    `lost_at` and `found_at` are of the team's mailboxes, by stream.
    """

    drafts: dict[str, Draft] = field(default_factory=dict)
    seals: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    forms: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    tokens: dict[str, SubmissionToken] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    reminders: dict[str, set[str]] = field(default_factory=dict)
    additions: dict[str, list[Addition]] = field(default_factory=dict)
    proofs: dict[str, Proof] = field(default_factory=dict)
    rules: str | None = None
    lost_at: dict[str, datetime] = field(default_factory=dict)
    found_at: dict[str, datetime] = field(default_factory=dict)
    lost_by: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, StaffSession] = field(default_factory=dict)
    people: dict[str, tuple[Person, datetime]] = field(default_factory=dict)
    signed_out_at: dict[str, datetime] = field(default_factory=dict)
    sign_ins: dict[str, SignIn] = field(default_factory=dict)
    used_sign_ins: set[str] = field(default_factory=set)
    lock: RLock = field(default_factory=RLock)

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Write deliveries; `reminders` has the ids of those that are reminders, by reference."""
        for delivery in deliveries:
            self.deliveries[delivery.id] = delivery
            if delivery.kind is Kind.REMINDER_EMAIL:
                self.reminders.setdefault(delivery.reference, set()).add(delivery.id)


class InMemoryDrafts:
    """Twin of `DynamoDrafts`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def create(self, draft: Draft) -> None:
        with self._table.lock:
            self._table.drafts[draft.id] = _stored(draft)

    def find(self, draft_id: str) -> Draft | None:
        with self._table.lock:
            return self._table.drafts.get(draft_id)

    def save(self, draft: Draft, expected_version: int) -> None:
        with self._table.lock:
            _ensure_current(self._table.drafts.get(draft.id), expected_version)
            self._table.drafts[draft.id] = _stored(draft)

    def keep_seal(self, code_hash: str, sealed: bytes, expires_at: datetime) -> None:
        with self._table.lock:
            self._table.seals[code_hash] = (sealed, expires_at)

    def find_seal(self, code_hash: str) -> tuple[bytes, datetime] | None:
        with self._table.lock:
            return self._table.seals.get(code_hash)


class InMemoryArchive:
    """Twin of `DynamoArchive`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, form: "Form") -> None:
        with self._table.lock:
            self._table.forms.setdefault((form.name, form.version), form.document)

    def find(self, name: str, version: str) -> Mapping[str, Any] | None:
        with self._table.lock:
            kept = self._table.forms.get((name, version))
        if kept is None:
            return None
        document: Mapping[str, Any] = unpack(pack(kept))
        return document


class InMemoryReferrals:
    """Twin of `DynamoReferrals`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def submit(self, submission: Submission) -> None:
        table, referral = self._table, submission.referral
        with table.lock:
            used = table.tokens.get(submission.token.id)
            if used is not None:
                raise AlreadySubmitted(used.reference)
            if submission.draft is not None:
                _ensure_current(table.drafts.get(submission.draft.id), submission.draft.version)
            if referral.reference in table.referrals:
                raise ReferenceTaken
            self._write(submission)

    def _write(self, submission: Submission) -> None:
        table, referral = self._table, submission.referral
        table.tokens[submission.token.id] = submission.token
        table.referrals[referral.reference] = replace(
            referral, answers=unpack(pack(referral.answers))
        )
        table.cases[referral.reference] = copied(submission.case)
        table.add(submission.deliveries)
        table.audit.append(submission.audit)
        draft = submission.draft
        if draft is not None:
            table.drafts[draft.id] = replace(
                draft,
                answers={},
                seen=frozenset(),
                version=draft.version + 1,
                reference=referral.reference,
                submitted_at=referral.received_at,
            )

    def find(self, reference: str) -> Referral | None:
        with self._table.lock:
            return self._table.referrals.get(reference)

    def find_token(self, token_id: str) -> SubmissionToken | None:
        with self._table.lock:
            return self._table.tokens.get(token_id)


def _stored(draft: Draft) -> Draft:
    return replace(draft, answers=unpack(pack(draft.answers)))


def _ensure_current(stored: Draft | None, expected_version: int) -> None:
    if stored is None or stored.version != expected_version or stored.reference is not None:
        raise DraftChanged
