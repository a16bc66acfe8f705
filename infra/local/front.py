"""What a browser sees of the local run: the deployed API, the sign-in page of its user pool, which
in AWS has an address of its own, and /_local/ beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from infra.local import pages
from infra.local.mailbox import Mail, Mailbox
from infra.local.schedules import FireError, NoSchedule, Schedules
from infra.local.upstream import Upstream

PREFIX = "/_local"
HTML = "text/html; charset=utf-8"
JSON = "application/json"
HTTP = {200: "200 OK", 303: "303 See Other", 404: "404 Not Found", 405: "405 Method Not Allowed"}
BAD_GATEWAY = "502 Bad Gateway"
# The user pool's pages and documents. The service has no page of these names.
SIGN_IN = re.compile(r"/(?:oauth2/.+|login|logout|[a-z0-9-]+_[A-Za-z0-9]+/\.well-known/.+)")


@dataclass(frozen=True)
class Answer:
    """One answer of /_local/; `location` for a redirect, `save_as` for a file to keep."""

    body: str | bytes
    status: str = HTTP[200]
    kind: str = HTML
    location: str | None = None
    save_as: str | None = None


class Front:
    """The WSGI application."""

    def __init__(
        self, upstream: Upstream, mailbox: Mailbox, schedules: Schedules, sign_in: Upstream
    ) -> None:
        self._upstream = upstream
        self._sign_in = sign_in
        self._mailbox = mailbox
        self._schedules = schedules

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", errors="replace")
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            return _started(self._local(environ, path.removeprefix(PREFIX)), start_response)
        upstream = self._sign_in if SIGN_IN.fullmatch(path) else self._upstream
        return self._passed_on(upstream, environ, start_response)

    def _passed_on(
        self, upstream: Upstream, environ: dict[str, Any], start_response: Any
    ) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            status, reason, headers, content = upstream.send(
                environ["REQUEST_METHOD"], _target(environ), _headers(environ), body
            )
        except OSError:
            answer = Answer(pages.no_answer(), BAD_GATEWAY)
            return _started(answer, start_response)
        start_response(f"{status} {reason}", [*headers, ("Content-Length", str(len(content)))])
        return [content]

    def _local(self, environ: dict[str, Any], path: str) -> Answer:
        method, accept = environ["REQUEST_METHOD"], environ.get("HTTP_ACCEPT", "")
        if path.startswith("/schedules/") and path.endswith("/fire"):
            if method != "POST":
                return Answer("Send this with POST.\n", HTTP[405], "text/plain")
            name = unquote(path.removeprefix("/schedules/").removesuffix("/fire"))
            return self._fire(name, as_page="text/html" in accept)
        if path == "/outbox.json":
            return _json([mail.outline() for mail in self._mailbox.mails()])
        if path == "/schedules.json":
            return _json([schedule.outline() for schedule in self._schedules.all()])
        return self._page(path.rstrip("/"))

    def _page(self, path: str) -> Answer:
        if path == "":
            return Answer(pages.overview(self._mailbox.mails(), self._schedules.all()))
        if path.startswith("/mail/"):
            mail_id, _, number = path.removeprefix("/mail/").partition("/")
            if mail := self._mailbox.find(mail_id):
                return _attached(mail, number) if number else Answer(pages.message(mail))
        return Answer(pages.not_found(), HTTP[404])

    def _fire(self, name: str, *, as_page: bool) -> Answer:
        try:
            self._schedules.fire(name)
        except NoSchedule:
            return _json({"error": "there is no such schedule", "name": name}, HTTP[404])
        except FireError as error:
            return _json({"error": "the function failed", "said": str(error)}, BAD_GATEWAY)
        if as_page:
            return Answer("", HTTP[303], location=f"{PREFIX}/")
        return _json({"fired": name})


def _attached(mail: Mail, number: str) -> Answer:
    """A mail's first attachment is number 1. Only ever a file to keep, never a page."""
    for place, file in enumerate(mail.attachments, start=1):
        if number == str(place):
            return Answer(file.content, kind=file.media_type, save_as=file.name)
    return Answer(pages.not_found(), HTTP[404])


def _json(value: Any, status: str = HTTP[200]) -> Answer:
    return Answer(json.dumps(value, indent=1, ensure_ascii=False), status, JSON)


def _started(answer: Answer, start_response: Any) -> list[bytes]:
    content = answer.body.encode() if isinstance(answer.body, str) else answer.body
    headers = [
        ("Content-Type", answer.kind),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
    ]
    if answer.location:
        headers.append(("Location", answer.location))
    if answer.save_as:
        headers.append(
            ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(answer.save_as)}")
        )
        headers.append(("X-Content-Type-Options", "nosniff"))
    start_response(answer.status, headers)
    return [content]


def _target(environ: dict[str, Any]) -> str:
    path = environ.get("REQUEST_URI", "").split("?")[0] or quote(
        environ["PATH_INFO"].encode("latin-1")
    )
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def _headers(environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield key.removeprefix("HTTP_").replace("_", "-").title(), value
    if environ.get("CONTENT_TYPE"):
        yield "Content-Type", environ["CONTENT_TYPE"]
