"""What a page needs of a request and gives as a response, whoever carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"
HTML = "text/html; charset=utf-8"

# A field of 1 MB must come back to be mended; API Gateway carries 10 MB, a function's answer 6 MB.
MAX_BODY = 2 * 1024 * 1024
MAX_FIELDS = 1000
MAX_RESPONSE = 5_500_000


class Refused(Exception):
    """A request that no page can read. `status` is the HTTP status, `reason` a fixed name.

    Reasons: too_large, too_many_fields, not_utf8, not_a_form.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are in lower case; `path` has no stage; `base_url` is what every
    link begins with: empty on a domain of our own, `/<stage>` on API Gateway's.

    On staff pages `named` has the parts of the path that the route names, `csrf` is what the forms
    of the page send back, and `kept` holds fields that were posted too late: to be shown again."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base_url: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    secure: bool = True
    request_id: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    csrf: str = ""
    kept: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def form(self) -> dict[str, list[str]]:
        """The posted fields, every value in order. Raises Refused."""
        return posted_fields(self)


@dataclass(frozen=True, slots=True)
class Response:
    """One response; `cookies` are whole Set-Cookie values."""

    status: int
    body: str
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()

    def with_cookie(self, cookie: str) -> Response:
        return replace(self, cookies=(*self.cookies, cookie))

    def with_headers(self, headers: Mapping[str, str]) -> Response:
        return replace(self, headers={**self.headers, **headers})


def html(body: str, status: int = 200) -> Response:
    return Response(status=status, body=body)


def redirect(url: str) -> Response:
    """303: the browser asks for the next page with GET, so that a reload posts nothing again."""
    return Response(status=303, body="", headers={"Location": url})


def read_cookies(header: str) -> dict[str, str]:
    """Name to value. Cookies of other services on a parent domain can be malformed: each is read
    by itself, so that none of them hides ours."""
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip().strip('"') for name, found, value in pairs if found}


def posted_fields(request: Request) -> dict[str, list[str]]:
    content_type = request.headers.get("content-type", FORM).split(";")[0].strip().lower()
    if content_type != FORM:
        raise Refused(415, "not_a_form")
    if len(request.body) > MAX_BODY:
        raise Refused(413, "too_large")
    try:
        text = request.body.decode("utf-8", errors="strict")
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except UnicodeDecodeError:
        raise Refused(400, "not_utf8") from None
    except ValueError:
        raise Refused(413, "too_many_fields") from None
    return _grouped(pairs)


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields
