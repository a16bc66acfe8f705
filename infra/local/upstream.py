"""Passes a request to the deployed API and its answer back, as a domain name of one's own would."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

Headers = Sequence[tuple[str, str]]

# Between two hosts only, or made anew on the way back.
HOP_BY_HOP = frozenset(
    (
        "connection",
        "content-length",
        "date",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
COMPRESSED = ("text/", "application/json", "application/problem+json", "image/svg+xml")
WORTH_COMPRESSING = 1400  # bytes, as the API's minimumCompressionSize


class Upstream:
    """The deployed API at `url`; safe to use from several threads.

    `host` is what it is told that it was called: links that it makes begin with that."""

    def __init__(self, url: str, host: str = "") -> None:
        self._url = urlsplit(url)
        self._host = host or self._url.netloc
        self._local = threading.local()

    def send(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> tuple[int, str, Headers, bytes]:
        """Status, reason, headers (each Set-Cookie apart) and body. Raises OSError."""
        passed = {name: value for name, value in headers if name.lower() not in HOP_BY_HOP}
        passed["Host"] = self._host
        wants_gzip = "gzip" in passed.pop("Accept-Encoding", "")
        try:
            answer, content = self._ask(method, f"{self._url.path}{target}", passed, body)
        except (http.client.HTTPException, ConnectionError):
            self._drop()  # the emulator closed an idle connection: once more on a new one
            answer, content = self._ask(method, f"{self._url.path}{target}", passed, body)
        kept = [(name, value) for name, value in answer.getheaders() if _is_kept(name)]
        if wants_gzip and _is_worth_it(answer, content):
            content = gzip.compress(content, mtime=0)
            kept += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        return answer.status, answer.reason, kept, content

    def _ask(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(self._url.netloc, timeout=60)
            self._local.connection = connection
        try:
            connection.request(method, target, body=body or None, headers=headers)
            answer = connection.getresponse()
            return answer, answer.read()
        except BaseException:
            self._drop()
            raise

    def close(self) -> None:
        """Closes this thread's connection."""
        self._drop()

    def _drop(self) -> None:
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection:
            connection.close()


def _is_kept(name: str) -> bool:
    return name.lower() not in HOP_BY_HOP and not name.lower().startswith("x-amz")


def _is_worth_it(answer: http.client.HTTPResponse, content: bytes) -> bool:
    kind = answer.headers.get("Content-Type", "")
    return (
        len(content) >= WORTH_COMPRESSING
        and kind.startswith(COMPRESSED)
        and "Content-Encoding" not in answer.headers
    )
