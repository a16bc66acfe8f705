"""Submit a referral: all is stored in one transaction, and only then is a reference shown."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.referrals.draft import Draft
from chalicelib.referrals.packing import digest, ensure_storable
from chalicelib.referrals.reference import new_reference
from chalicelib.referrals.referral import SubmissionToken
from chalicelib.use_cases.compose_submission import compose, referral_from
from chalicelib.use_cases.ports import AlreadySubmitted, ReferenceTaken, Services, StoreBusy

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form
    from chalicelib.forms.problems import Problem

# One in 5 x 10^10 times the number of referrals stored: a second collision is not bad luck.
REFERENCE_ATTEMPTS = 4


class Invalid(Exception):
    """The answers do not satisfy the form. Holds problems, never answers."""

    def __init__(self, problems: "tuple[Problem, ...]") -> None:
        super().__init__("the answers do not satisfy the form")
        self.problems = problems


class KeyReused(Exception):
    """An idempotency key came a second time with other content."""


@dataclass(frozen=True)
class Receipt:
    """What a person is shown once a referral is stored."""

    reference: str
    received_at: datetime
    stream: str
    form: str


def submit_draft(deps: Services, form: "Form", draft: Draft, told: str = "") -> Receipt:
    """Store a draft as a referral: one transaction. `form` is the draft's own version.

    `told` is what the confirmation page is about to say happens next.

    Safe to repeat from any tab: a draft that was sent gives the same receipt. Raises `Invalid`;
    `DraftChanged` when another tab saved answers since the draft was read; `StoreBusy` when the
    person should press the button again.
    """
    if draft.reference is not None and draft.submitted_at is not None:
        return Receipt(draft.reference, draft.submitted_at, form.stream, form.name)
    from chalicelib.forms.journey import walk

    # What the person was told was dropped is not on the path, and is not sent.
    answers = walk(form, draft.answers).answers
    _ensure_valid(form, answers)
    try:
        return _store(deps, form, answers, token_id=draft.id, draft=draft, told=told)
    except AlreadySubmitted:
        token = deps.referrals.find_token(draft.id)
        if token is None:
            raise StoreBusy from None
        return Receipt(token.reference, token.received_at, form.stream, form.name)


def submit_document(
    deps: Services,
    form: "Form",
    answers: Mapping[str, Any],
    idempotency_key: str,
    told: str = "",
) -> tuple[Receipt, bool]:
    """Store answers that came as a document; the second value says whether this call stored them.

    `told` is what its sender is about to be told happens next.

    The same key with the same content gives the same receipt, for ever. Raises `Invalid`,
    `KeyReused`, `DraftTooLarge`, `StoreBusy`.
    """
    earlier = sent_before(deps, form, answers, idempotency_key)
    if earlier is not None:
        return earlier, False
    body, token_id = _body_digest(form, answers), _key_id(idempotency_key)
    ensure_storable(answers)
    _ensure_valid(form, answers)
    deps.archive.keep(form)
    try:
        stored = _store(deps, form, answers, token_id=token_id, draft=None, body=body, told=told)
        return stored, True
    except AlreadySubmitted:
        token = deps.referrals.find_token(token_id)
        if token is None:
            raise StoreBusy from None
        return _same(form, token, body), False


def sent_before(
    deps: Services, form: "Form", answers: Mapping[str, Any], idempotency_key: str
) -> Receipt | None:
    """The receipt of the same content under the same key, whichever version of the form it met.

    None when the key is new: one read. Raises `KeyReused`.
    """
    token = deps.referrals.find_token(_key_id(idempotency_key))
    return None if token is None else _same(form, token, _body_digest(form, answers))


def _store(
    deps: Services,
    form: "Form",
    answers: Mapping[str, Any],
    *,
    token_id: str,
    draft: Draft | None,
    body: str = "",
    told: str,
) -> Receipt:
    received_at = deps.clock.now()
    for _ in range(REFERENCE_ATTEMPTS):
        referral = referral_from(
            form,
            answers,
            reference=new_reference(deps.partnership.reference_prefix),
            received_at=received_at,
            channel="api" if draft is None else "web",
            told=told,
        )
        submission = compose(
            deps.partnership,
            referral,
            token_id=token_id,
            body=body,
            draft=draft,
            counts=form.counts,
        )
        try:
            deps.referrals.submit(submission)
        except ReferenceTaken:
            continue
        return Receipt(referral.reference, received_at, form.stream, form.name)
    raise StoreBusy


def _ensure_valid(form: "Form", answers: Mapping[str, Any]) -> None:
    from chalicelib.forms.answers import check_submission

    problems = check_submission(form, answers)
    if problems:
        raise Invalid(problems)


def _body_digest(form: "Form", answers: Mapping[str, Any]) -> str:
    return digest({"form": form.name, "answers": answers})


def _key_id(idempotency_key: str) -> str:
    # The prefix keeps a key from ever meeting a draft's id.
    return hashlib.sha256(b"idempotency-key:" + idempotency_key.encode("utf-8")).hexdigest()


def _same(form: "Form", token: SubmissionToken, body: str) -> Receipt:
    if token.body != body:
        raise KeyReused
    return Receipt(token.reference, token.received_at, form.stream, form.name)
