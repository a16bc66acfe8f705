"""One request to another service over HTTPS, with an end to how long and how much."""

from collections.abc import Callable
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

# Seconds for each wait. API Gateway gives a request 29, in which a sign-in asks twice.
TIMEOUT = 6
MOST = 1_000_000  # bytes
_THIS_MACHINE = ("localhost", "127.0.0.1")

Fetch = Callable[[str, bytes | None], tuple[int, bytes]]


class NoAnswer(Exception):
    """There was none, or none that we read."""


class _NoRedirects(HTTPRedirectHandler):
    """An address that moved is no address of ours: what we send must not follow it."""

    def redirect_request(self, *_: Any) -> None:
        return None


def fetch(url: str, body: bytes | None) -> tuple[int, bytes]:
    """Status and content; a POST of a form when there is a body. Raises `NoAnswer`."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
        raise NoAnswer
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    request = Request(url, data=body, headers=headers)  # noqa: S310 - https, as checked above
    try:
        with build_opener(_NoRedirects).open(request, timeout=TIMEOUT) as answer:
            return answer.status, _content(answer)
    except HTTPError as error:
        with error:
            return error.code, _content(error)
    except (URLError, HTTPException, OSError):
        raise NoAnswer from None


def _content(answer: Any) -> bytes:
    try:
        content: bytes = answer.read(MOST + 1)
    except (HTTPException, OSError):
        raise NoAnswer from None
    # Asked for no more than it said, http.client takes an answer that was cut for a whole one.
    if len(content) > MOST or getattr(answer, "length", None):
        raise NoAnswer
    return content
