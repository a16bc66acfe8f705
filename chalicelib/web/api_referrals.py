"""One referral from an agency's own system: the request's envelope, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.forms.definition import Form
from chalicelib.forms.problems import Problem, message
from chalicelib.referrals.draft import DraftTooLarge
from chalicelib.use_cases.ports import Services, StoreBusy
from chalicelib.use_cases.submit_referral import (
    Invalid,
    KeyReused,
    Receipt,
    sent_before,
    submit_document,
)
from chalicelib.web import problem_documents as problems
from chalicelib.web.http import Request
from chalicelib.web.json_body import read_json
from chalicelib.web.problem_documents import Entry, Refusal, pointer_to
from chalicelib.web.words import in_words_of

MAX_BYTES = 512 * 1024
# The same lengths as in the description: long enough to be unique, short enough to be a key.
_KEY = re.compile(r"[!-~]{8,200}")
_ENVELOPE = {
    "missing": ("required", "Add answers: an object with an answer for each question."),
    "dict_type": ("type", "Send the answers as an object: question name to answer."),
    "string_type": ("type", "Send the version as the string that the form's definition gives."),
    "extra_forbidden": ("unknown", "Leave this out: only answers and form_version are read."),
    "model_type": ("type", 'Send an object: {"answers": {...}}.'),
}


class Created(NamedTuple):
    """What a stored referral is answered with."""

    status: int
    told: Mapping[str, Any]
    headers: Mapping[str, str]


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    answers: dict[str, Any]
    form_version: str | None = None


def receive(request: Request, services: Services, form: Form) -> Created:
    """Store the referral that a request carries, once for each idempotency key. Raises Refusal."""
    _check_media_type(request)
    if len(request.body) > MAX_BYTES:
        raise _too_large()
    key = _idempotency_key(request)
    sent = _envelope(_tidy(read_json(request.body)))
    try:
        receipt, created = _submit(request, services, form, sent, key)
    except Invalid as error:
        raise _answers_refused(services, form, error) from None
    except (KeyReused, DraftTooLarge, StoreBusy) as error:
        raise _not_stored(error) from None
    if created:
        return Created(201, _told(receipt, services, form.version), {})
    stored = services.referrals.find(receipt.reference)
    version = stored.form_version if stored else form.version
    return Created(201, _told(receipt, services, version), {"Idempotency-Replayed": "true"})


def _submit(
    request: Request, services: Services, form: Form, sent: _Envelope, key: str
) -> tuple[Receipt, bool]:
    if sent.form_version in (None, form.version):
        told = _what_happens_next(services, form.stream)
        return submit_document(services, form, sent.answers, key, told)
    # A repeat must find its reference even when the form has changed since it was first sent.
    earlier = sent_before(services, form, sent.answers, key)
    if earlier is None:
        raise _version_changed(request, form)
    return earlier, False


def _check_media_type(request: Request) -> None:
    content_type = request.headers.get("content-type", "")
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    encodings = {part.partition("=")[2].strip('"') for part in parameters if "charset" in part}
    if kind != "application/json" or not encodings <= {"utf-8", "utf8", "us-ascii"}:
        raise Refusal(
            problems.MEDIA_TYPE, "Send JSON in UTF-8, with Content-Type: application/json."
        )


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise Refusal(
            problems.KEY_REFUSED,
            "Send an Idempotency-Key header of 8 to 200 visible ASCII characters without blanks: "
            "a new random value, such as a UUID, for each referral, and the same one when you "
            "repeat it.",
        )
    return key


def _tidy(value: Any) -> Any:
    """Line endings of other systems made the one kind that texts are stored with."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, dict):
        return {name: _tidy(part) for name, part in value.items()}
    return [_tidy(part) for part in value] if isinstance(value, list) else value


def _envelope(value: Any) -> _Envelope:
    try:
        return _Envelope.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        raise Refusal(
            problems.ANSWERS_REFUSED,
            'The body is one object: {"answers": {...}, "form_version": "..."}.',
            problems=[_envelope_entry(part["type"], part["loc"]) for part in found],
        ) from None


def _envelope_entry(kind: str, path: tuple[str | int, ...]) -> Entry:
    rule, sentence = _ENVELOPE[kind]
    return Entry(pointer_to(path), rule, sentence)


def _version_changed(request: Request, form: Form) -> Refusal:
    schema = f"{request.base_url}/api/forms/{form.name}/schema"
    return Refusal(
        problems.FORM_VERSION_CHANGED,
        f"The answers were written for another version of the form. Fetch {schema} again, "
        f"check the answers against it and send them with form_version {form.version}.",
    )


def _answers_refused(services: Services, form: Form, error: Invalid) -> Refusal:
    def entry(problem: Problem) -> Entry:
        said = in_words_of(services.partnership, form.stream, message(form, problem))
        return Entry(pointer_to(("answers", *problem.path)), problem.rule, said)

    found = [entry(problem) for problem in error.problems]
    return Refusal(
        problems.ANSWERS_REFUSED,
        "Nothing was stored. Put right what is listed and send the referral again.",
        problems=found,
    )


def _not_stored(error: KeyReused | DraftTooLarge | StoreBusy) -> Refusal:
    match error:
        case KeyReused():
            return Refusal(
                problems.KEY_REUSED,
                "This Idempotency-Key came before with other content. Use a new key for a new "
                "referral; to repeat one, send exactly what was sent before.",
            )
        case DraftTooLarge():
            return _too_large()
    return Refusal(
        problems.NOT_SENT,
        "It is not known whether the referral was stored. Send the same request again with the "
        "same Idempotency-Key: it is stored once.",
        headers={"Retry-After": "5"},
    )


def _too_large() -> Refusal:
    return Refusal(
        problems.BODY_TOO_LARGE, f"Send no more than {MAX_BYTES // 1024} KiB in one referral."
    )


def _told(receipt: Receipt, services: Services, form_version: str) -> dict[str, Any]:
    return {
        "reference": receipt.reference,
        "received_at": receipt.received_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "form": receipt.form,
        "form_version": form_version,
        "what_happens_next": _what_happens_next(services, receipt.stream),
    }


def _what_happens_next(services: Services, stream: str) -> str:
    """The promises of the confirmation page, in plain text for another system to show."""
    partnership = services.partnership
    said = [f"{partnership.name} has been told of this referral."]
    if acknowledgement := partnership.timing.get("acknowledgement"):
        said.append(f"It will be acknowledged within {acknowledgement}.")
    if consideration := partnership.timing.get(f"consideration_{stream}"):
        said.append(f"The partnership aims to consider it within {consideration}.")
    others = (
        "the local authority’s own Serious Incident Notification"
        if stream == "child"
        else "any other report that you must make"
    )
    said.append(
        f"To add something, contact {partnership.contact.help_email} and give only the "
        f"reference. This does not report a live concern, and does not replace {others}."
    )
    return " ".join(said)
