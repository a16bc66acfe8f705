"""API Gateway's proxy event as a request."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from chalicelib.web.http import Request, read_cookies


def read_event(event: Mapping[str, Any], public_url: str) -> Request:
    """`public_url` says how people reach us: https or not, and below which path.

    Without one of ours, links begin with API Gateway's stage, which is what its path has before
    ours."""
    headers = {name.lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    context = event.get("requestContext") or {}
    path = unquote(str(event.get("path") or context.get("resourcePath") or "/"), errors="replace")
    public = urlsplit(public_url)
    return Request(
        method=str(context.get("httpMethod") or event.get("httpMethod") or "GET"),
        path=path if path.startswith("/") else f"/{path}",
        headers=headers,
        cookies=read_cookies(headers.get("cookie", "")),
        body=_body(event),
        base_url=public.path.rstrip("/") if public_url else _stage(context, path),
        query=dict(event.get("queryStringParameters") or _last(event)),
        secure=public.scheme != "http",
        request_id=str(context.get("requestId", "")),
    )


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            return base64.b64decode(body)
        except (binascii.Error, ValueError):
            return b""
    # A lone surrogate stands for a byte that was no UTF-8: kept so that it is refused as such.
    return body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass")


def _stage(context: Mapping[str, Any], path: str) -> str:
    whole = unquote(str(context.get("path") or ""), errors="replace")
    return whole[: -len(path)] if path != "/" and whole.endswith(path) else whole.rstrip("/")


def _last(event: Mapping[str, Any]) -> dict[str, str]:
    several = event.get("multiValueQueryStringParameters") or {}
    return {name: values[-1] for name, values in several.items() if values}
