"""One request to a service from outside: no account, no cookie, no redirect followed."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

SECONDS = 40  # for a request: the gateway gives up after 29
MOST_BYTES = 8 * 1024 * 1024
_PRINTABLE = re.compile(r"[!-~]+")


class BadAddress(Exception):
    """A text is no address of a site; the text says why, and how one is written."""


class NotReached(Exception):
    """There was no answer; the text says why, as far as is known."""


@dataclass(frozen=True)
class Answer:
    """What came back, whatever the status. `seconds` are not measured here."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    @property
    def kind(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def document(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.text)


class Site:
    """A service at `base`, an address without a slash at the end."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self._opener = urllib.request.build_opener(_Stay(), *_direct_to(self.base))

    @property
    def secure(self) -> bool:
        return self.base.startswith("https:")

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Raises `NotReached`."""
        request = urllib.request.Request(
            self.base + path, data=body, method=method, headers=dict(headers or {})
        )
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return Answer(answer.status, answer.headers, answer.read(MOST_BYTES))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read(MOST_BYTES))
        except urllib.error.URLError as error:
            raise NotReached(f"no answer: {error.reason}") from None
        except (HTTPException, OSError, ValueError) as error:  # a name that cannot be written
            raise NotReached(f"no answer: {type(error).__name__}") from None


def address(text: str) -> str:
    """A site's address as it is asked, without a slash at the end. Raises `BadAddress`."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
        host.encode("idna")  # no label is empty or has over 63 letters
    except ValueError:
        host, port = "", None
    path = parts.path.rstrip("/") if host else ""
    fine = host and port != 0 and parts.scheme in ("http", "https") and "@" not in parts.netloc
    if not fine or parts.query or parts.fragment or not _PRINTABLE.fullmatch(f"{host}{path}"):
        example = "https://notifications.suffolk.example"
        raise BadAddress(f"{text!r} is no address of a site. Write it as in {example}.")
    return f"{parts.scheme}://{parts.netloc}{path}"


def is_local(base: str) -> bool:
    """Whether it is an address of this very machine."""
    return urlsplit(base).hostname in ("127.0.0.1", "localhost", "::1")


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _direct_to(base: str) -> list[urllib.request.BaseHandler]:
    """A proxy for the outside world knows nothing of this machine."""
    return [urllib.request.ProxyHandler({})] if is_local(base) else []
