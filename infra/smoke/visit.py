"""One request to a service from outside: no account, no cookie, no redirect followed."""

from __future__ import annotations

import json
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
        except (HTTPException, OSError) as error:
            raise NotReached(f"no answer: {type(error).__name__}") from None


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _direct_to(base: str) -> list[urllib.request.BaseHandler]:
    """A proxy for the outside world knows nothing of this machine."""
    local = urlsplit(base).hostname in ("127.0.0.1", "localhost", "::1")
    return [urllib.request.ProxyHandler({})] if local else []
