"""What API Gateway answers by itself, when a request never reaches the function.

As a page for people and as a problem document (RFC 9457) for programs: API Gateway picks the one
whose media type the request's Accept header names. They are part of the API's definition, not
resources beside it, because API Gateway keeps to what its last deployment held: a change of the
definition makes SAM deploy anew, a resource of its own would change and never be served.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SAFE = "Everything that you saved on earlier pages is still there."
_AGAIN = (
    "If you were sending something, go back in your browser and press the same button again. "
    "Pressing it twice is safe: a notification is never stored twice."
)


@dataclass(frozen=True)
class Refusal:
    """`slug` ends the problem's type, as in chalicelib/web/problem_documents.py, and `detail` is
    for programs. `status` None keeps the one of what went wrong; `wait` is in seconds."""

    title: str
    paragraphs: tuple[str, ...]
    slug: str
    detail: str = "The request was turned away before it reached the service."
    status: int | None = None
    wait: int | None = None


# By API Gateway's names. A type that is not here is answered as DEFAULT_4XX or DEFAULT_5XX.
REFUSALS: Mapping[str, Refusal] = {
    "DEFAULT_4XX": Refusal(
        "This could not be taken",
        (f"The service could not read what your browser sent. {_SAFE}", _AGAIN),
        slug="request-refused",
    ),
    "DEFAULT_5XX": Refusal(
        "There is a problem with the service",
        (f"{_SAFE} Try again in a few minutes.", _AGAIN),
        slug="fault",
        detail="It is not known what became of the request. Send it again with the same key.",
        wait=60,
    ),
    # Its name for an address or a method that is not there.
    "MISSING_AUTHENTICATION_TOKEN": Refusal(
        "Page not found",
        ("Check that the web address is correct and that you copied all of it.", _SAFE),
        slug="address-not-found",
        status=404,
    ),
    "REQUEST_TOO_LARGE": Refusal(
        "There is too much text to save",
        (
            f"What you sent is larger than one notification can hold. {_SAFE}",
            "Go back in your browser, copy your text to keep it, shorten it and press the same "
            "button again.",
        ),
        slug="body-too-large",
        status=413,
    ),
    "THROTTLED": Refusal(
        "The service is busy",
        (f"Too many people are using it at this moment. {_SAFE} Wait for a minute.", _AGAIN),
        slug="too-many-requests",
        status=429,
        wait=60,
    ),
    # The firewall has one rule, and it counts.
    "WAF_FILTERED": Refusal(
        "Too many requests",
        (f"Your network has sent too many requests. {_SAFE} Wait for five minutes.", _AGAIN),
        slug="too-many-requests",
        status=429,
        wait=300,
    ),
}
_STYLE = (
    "body{margin:0;font:1.1875rem/1.4 arial,sans-serif;color:#0b0c0c;background:#fff}"
    "header{background:${BrandColour};color:${BrandTextColour};font-weight:700}"
    "header,main{padding:1rem max(1rem,calc(50% - 30rem))}"
    "h1{font-size:2rem;line-height:1.2}p{max-width:40rem}"
    "a{color:#1a65a6}a:focus{outline:3px solid #fd0;color:#0b0c0c;background:#fd0}"
)
# In the page: API Gateway's headers are written in single quotes, which a policy needs itself.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def document() -> dict[str, Any]:
    """The part of the template that holds them."""
    answers = {kind: _answer(refusal) for kind, refusal in REFUSALS.items()}
    return {"Resources": {"RestAPI": {"Properties": {"GatewayResponses": answers}}}}


def _answer(refusal: Refusal) -> dict[str, Any]:
    headers = _HEADERS | ({"Retry-After": str(refusal.wait)} if refusal.wait else {})
    answer: dict[str, Any] = {
        "ResponseParameters": {"Headers": {name: f"'{text}'" for name, text in headers.items()}},
        "ResponseTemplates": {
            "text/html": {"Fn::Sub": page(refusal)},
            "application/json": problem(refusal),
            "application/problem+json": problem(refusal),
        },
    }
    return answer | ({"StatusCode": str(refusal.status)} if refusal.status else {})


def page(refusal: Refusal) -> str:
    """HTML, with the instance's parameters in the notation of Fn::Sub."""
    title = html.escape(refusal.title)
    told = "".join(f"<p>{html.escape(text)}</p>" for text in refusal.paragraphs)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{title} - ${{PartnershipName}}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<style>{_STYLE}</style></head><body><header>${{PartnershipName}}</header>"
        f'<main><h1>{title}</h1>{told}<p><a href="${{PublicUrl}}/">Go to the start</a></p>'
        '<p>If someone is in immediate danger, call <a href="tel:999">999</a>.</p>'
        "</main></body></html>"
    )


def problem(refusal: Refusal) -> str:
    """A problem document; it repeats nothing of the request."""
    fields: dict[str, Any] = {"type": f"/problems/{refusal.slug}", "title": refusal.title}
    if refusal.status:
        fields["status"] = refusal.status
    wait = f" Wait for {refusal.wait} seconds." if refusal.wait else ""
    fields["detail"] = refusal.detail + wait
    return json.dumps(fields, separators=(",", ":"))
