"""The service on a free port of this machine, with nothing behind it but this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.forms.definition import Form
from chalicelib.referrals.referral import Referral
from chalicelib.settings import Settings
from chalicelib.use_cases import keep_draft
from chalicelib.use_cases.ports import Clock
from chalicelib.web.http import Request, read_cookies
from chalicelib.web.routes import respond


@dataclass
class Site:
    """A running service. `keeps_cookies` is False for a browser that refuses them."""

    base: str
    services: Services
    keeps_cookies: bool = True

    def url(self, path: str) -> str:
        return self.base + path

    def form(self, name: str) -> Form:
        return self.services.forms[name]

    def referral(self, reference: str) -> Referral:
        found = self.services.referrals.find(reference)
        assert found is not None, f"nothing is stored under {reference}"
        return found

    def cookie_for(self, form: Form, answers: Mapping[str, Any], seen: frozenset[str]) -> Any:
        """A browser's cookie for a draft that was answered so far as told."""
        token = keep_draft.new_token()
        keep_draft.start_draft(self.services, form, answers, seen, token=token)
        return {"name": f"draft-{form.name}", "value": token, "url": self.base}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        site = cast(_Server, self.server).site
        response = respond(self._request(), site.services)
        body = response.body.encode()
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        for cookie in response.cookies if site.keeps_cookies else ():
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=parts.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            cookies=read_cookies(self.headers.get("Cookie", "")),
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            secure=False,
        )

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a line a request would bury what a test prints."""


@contextmanager
def serving(
    partnership: str, *, keeps_cookies: bool = True, clock: Clock | None = None
) -> Iterator[Site]:
    server = _Server(("127.0.0.1", 0), _Handler)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    settings = Settings(partnership=partnership, public_url=base)
    server.site = Site(base, in_memory_services(settings, clock), keeps_cookies)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
