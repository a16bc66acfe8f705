"""The pages of the working tree as a WSGI application, with nothing outside the process."""

from __future__ import annotations

import contextlib
import html
import pickle
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.bootstrap import Services
    from chalicelib.web.http import Response

VERSION = str(time.time())  # of this process, so of the files that it has read
SCRIPT = """
const at = "%s";
setInterval(async () => {
  try {
    const now = await (await fetch("/_preview/version")).text();
    if (now !== at) location.replace(location.href);
  } catch { /* being restarted */ }
}, 700);
"""
TAG = '<script src="/_preview/reload.js"></script></body>'
Reply = tuple[str, list[tuple[str, str]], bytes]


class PreviewApp:
    """Every page, with a script that loads it again when the preview has been restarted."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return _reply(start_response, guarded(lambda: self._reply(environ)))

    def _reply(self, environ: dict[str, Any]) -> Reply:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", errors="replace")
        if path.startswith("/_preview/"):
            return _own(path)
        return _as_reply(self._respond(environ, path))

    def _respond(self, environ: dict[str, Any], path: str) -> Response:
        from urllib.parse import parse_qsl

        from chalicelib.web.http import Request, read_cookies
        from chalicelib.web.routes import respond

        headers = {
            key.removeprefix("HTTP_").replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_")
        }
        if environ.get("CONTENT_TYPE"):
            headers["content-type"] = environ["CONTENT_TYPE"]
        request = Request(
            method=environ["REQUEST_METHOD"],
            path=path,
            headers=headers,
            cookies=read_cookies(headers.get("cookie", "")),
            body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
            query=dict(parse_qsl(environ.get("QUERY_STRING", ""))),
            secure=False,
        )
        return respond(request, self._services)


def failed(error: BaseException) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """An application that shows only why the pages could not be loaded."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_preview/"):
            return _reply(start_response, _own(environ["PATH_INFO"]))
        return _reply(start_response, _broken(error))

    return application


def guarded(make: Callable[[], Reply]) -> Reply:
    """What `make` gives, or a page with the error: a form owner sees the finding, with its file."""
    try:
        return make()
    except Exception as error:  # whatever is wrong in the working tree is what the page must show
        return _broken(error)


def keep_drafts(services: Services, path: Path) -> None:
    """Writes the rows in memory down, for the process that takes over after a change."""
    table = vars(services.drafts)["_table"]
    rows = {name: rows for name, rows in vars(table).items() if isinstance(rows, dict | list)}
    path.write_bytes(pickle.dumps(rows))


def take_drafts(services: Services, path: Path) -> None:
    """Takes the rows over, each draft moved to the form as it is now; none if they do not fit.

    Raises DefinitionError, with the rows still there, while a form that has drafts is broken.
    """
    rows: dict[str, Any] = {"drafts": {}}
    with contextlib.suppress(Exception):  # no rows yet, or of a class that has changed
        rows = pickle.loads(path.read_bytes())  # noqa: S301 - written by the process before this one
    for key, draft in rows["drafts"].items():
        version = services.forms[draft.form].version
        rows["drafts"][key] = replace(draft, form_version=version)
    vars(vars(services.drafts)["_table"]).update(rows)


def _own(path: str) -> Reply:
    if path.endswith("/reload.js"):
        return "200 OK", [("Content-Type", "text/javascript")], (SCRIPT % VERSION).encode()
    return "200 OK", [("Content-Type", "text/plain")], VERSION.encode()


def _as_reply(response: Response) -> Reply:
    headers = [("Content-Type", response.content_type)]
    for name, value in response.headers.items():
        if name == "Content-Security-Policy":
            value = f"{value}; connect-src 'self'"  # the reload script asks for the version
        headers.append((name, value))
    headers += [("Set-Cookie", cookie) for cookie in response.cookies]
    body = response.body.replace("</body>", TAG)
    return f"{response.status} Preview", headers, body.encode()


def _broken(error: BaseException) -> Reply:
    said = str(error) if type(error).__name__ in ("DefinitionError", "PartnershipError") else ""
    shown = said or "".join(traceback.format_exception(error))
    page = (
        '<!DOCTYPE html><html lang="en"><title>Cannot be shown</title><h1>Cannot be shown</h1>'
        f"<pre>{html.escape(shown)}</pre><script src='/_preview/reload.js'></script></html>"
    )
    return "500 Broken", [("Content-Type", "text/html; charset=utf-8")], page.encode()


def _reply(start_response: Any, reply: Reply) -> list[bytes]:
    status, headers, content = reply
    start_response(status, [*headers, ("Content-Length", str(len(content)))])
    return [content]
