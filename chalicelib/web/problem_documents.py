"""The API's answers to a request that it refuses: RFC 9457 problem documents.

A problem document never repeats a value that was sent: whoever sent it may keep it in a log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.web.http import Response

PROBLEM_JSON = "application/problem+json"

# More than this says nothing that helps, and an answer of a function has a limit of 6 MB.
MAX_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of refusal. `type` is stable: agencies' programs compare it."""

    slug: str
    status: int
    title: str

    @property
    def type(self) -> str:
        return f"/problems/{self.slug}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to put right: a JSON pointer into the body, the rule's name, a sentence."""

    pointer: str
    rule: str
    message: str


ADDRESS_NOT_FOUND = Kind("address-not-found", 404, "There is nothing at this address")
FORM_NOT_FOUND = Kind("form-not-found", 404, "There is no such form")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "This address does not take this method")
MEDIA_TYPE = Kind("media-type-not-supported", 415, "The body must be JSON")
BODY_TOO_LARGE = Kind("body-too-large", 413, "The body is too large")
KEY_REFUSED = Kind("idempotency-key-refused", 400, "An Idempotency-Key header is needed")
BODY_NOT_JSON = Kind("body-not-json", 400, "The body could not be read as JSON")
FORM_VERSION_CHANGED = Kind("form-version-changed", 409, "The form has changed")
KEY_REUSED = Kind("idempotency-key-reused", 422, "This key was used for another referral")
ANSWERS_REFUSED = Kind("answers-refused", 422, "Some answers need to be put right")
NOT_SENT = Kind("referral-not-taken", 503, "The referral was not taken")
FAULT = Kind("fault", 500, "There is a problem with the service")

KINDS = (
    FAULT,
    ADDRESS_NOT_FOUND,
    FORM_NOT_FOUND,
    METHOD_NOT_ALLOWED,
    MEDIA_TYPE,
    BODY_TOO_LARGE,
    KEY_REFUSED,
    BODY_NOT_JSON,
    FORM_VERSION_CHANGED,
    KEY_REUSED,
    ANSWERS_REFUSED,
    NOT_SENT,
)


class Refusal(Exception):
    """A request that the API refuses. Raised anywhere below the handler, drawn by `respond`."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        problems: Sequence[Entry] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind.slug)
        self.kind = kind
        self.detail = detail
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


def respond(refusal: Refusal) -> Response:
    """The response that carries a refusal, with every problem up to `MAX_PROBLEMS`."""
    kind = refusal.kind
    document: dict[str, Any] = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": refusal.detail,
    }
    if refusal.problems:
        document["problems"] = [
            {"pointer": entry.pointer, "rule": entry.rule, "message": entry.message}
            for entry in refusal.problems[:MAX_PROBLEMS]
        ]
        document["problem_count"] = len(refusal.problems)
    return Response(
        status=kind.status,
        body=json.dumps(document, ensure_ascii=False),
        content_type=PROBLEM_JSON,
        headers={"Cache-Control": "no-store", **refusal.headers},
    )


def pointer_to(path: Sequence[str | int]) -> str:
    """A JSON pointer: `~` and `/` of a name escaped (RFC 6901, section 3); the whole body is ""."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
