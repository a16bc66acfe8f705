"""One line for each request: fixed names and ids, never a path that a person typed."""

from __future__ import annotations

import json
import sys

from chalicelib.web.http import Request, Response


def log_request(request: Request, response: Response, route: str, milliseconds: float) -> None:
    _write(
        event="request",
        method=request.method if request.method in ("GET", "HEAD", "POST") else "other",
        route=route,
        status=response.status,
        milliseconds=round(milliseconds, 1),
        request_id=request.request_id,
    )


def log_failure(route: str, error: BaseException) -> None:
    """The error's type and where it was raised; its message could hold an answer."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f"{last.tb_frame.f_code.co_name}:{last.tb_lineno}" if last else ""
    _write(
        event="request.failed",
        route=route,
        error=type(error).__name__,
        where=where,
    )


def _write(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()
