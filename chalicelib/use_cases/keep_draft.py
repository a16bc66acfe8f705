"""Begin, open and save a draft. The table never holds the token, only its hash."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.referrals.draft import Draft
from chalicelib.referrals.draft import DraftTooLarge as DraftTooLarge
from chalicelib.referrals.packing import ensure_storable
from chalicelib.use_cases.ports import DraftChanged, Services

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form


def new_token() -> str:
    """256 random bits for the person's cookie."""
    return secrets.token_urlsafe(32)


def draft_id(token: str) -> str:
    """The id a token opens: its SHA-256 in hex. Any text has one; a forged one opens nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def start_draft(
    deps: Services, form: "Form", answers: Mapping[str, Any], seen: Iterable[str], *, token: str
) -> Draft:
    """Store a new draft pinned to the form's version: one write, and the version once a process.

    Raises `DraftTooLarge`.
    """
    ensure_storable(answers)
    now = deps.clock.now()
    draft = Draft(
        id=draft_id(token),
        form=form.name,
        form_version=form.version,
        answers=dict(answers),
        seen=frozenset(seen),
        version=1,
        started_at=now,
        expires_at=now + timedelta(days=deps.partnership.privacy.draft_days),
    )
    # The version first: a draft must never point at a definition that nobody kept.
    deps.archive.keep(form)
    deps.drafts.create(draft)
    return draft


def open_draft(deps: Services, token: str) -> Draft | None:
    """The draft of a token: one read. None when there is none, or its time is over."""
    draft = deps.drafts.find(draft_id(token))
    if draft is None or draft.expires_at <= deps.clock.now():
        return None
    return draft


def save_draft(
    deps: Services, draft: Draft, answers: Mapping[str, Any], seen: Iterable[str]
) -> Draft:
    """Store new answers over a draft as it was read: one conditional write.

    Raises `DraftChanged` when another tab saved or sent it since, `DraftTooLarge` when the answers
    could not be stored as a referral.
    """
    if draft.reference is not None:
        raise DraftChanged
    ensure_storable(answers)
    saved = replace(draft, answers=dict(answers), seen=frozenset(seen), version=draft.version + 1)
    deps.drafts.save(saved, draft.version)
    return saved


def form_of(deps: Services, draft: Draft, current: "Form") -> "Form | None":
    """The form version that the draft was begun with; None when nobody knows it any more."""
    if (draft.form, draft.form_version) == (current.name, current.version):
        return current
    document = deps.archive.find(draft.form, draft.form_version)
    if document is None:
        return None
    from chalicelib.forms.load import form_from_document

    return form_from_document(document)
