"""The two cookies of a member of staff: of their session, and of the browser that signs in."""

from __future__ import annotations

from chalicelib.use_cases.staff_session import new_token
from chalicelib.web.http import Request, Response

SESSION = "staff"
BROWSER = "staff-browser"
BROWSER_SECONDS = 3600


def session_token(request: Request) -> str:
    """The token that the browser sent; empty when it sent none."""
    return request.cookies.get(_named(request, SESSION), "")


def with_session(request: Request, response: Response, token: str) -> Response:
    """The cookie of a session goes when the browser closes: the server says when it is over."""
    return response.with_cookie(_cookie(request, SESSION, token))


def without_session(request: Request, response: Response) -> Response:
    return response.with_cookie(_cookie(request, SESSION, "", 0))


def browser_token(request: Request) -> str:
    """What binds a sign-in to this browser; the same in all its tabs, so that each may finish."""
    return request.cookies.get(_named(request, BROWSER), "") or new_token()


def known_browser(request: Request) -> str:
    return request.cookies.get(_named(request, BROWSER), "")


def with_browser(request: Request, response: Response, token: str) -> Response:
    return response.with_cookie(_cookie(request, BROWSER, token, BROWSER_SECONDS))


def _named(request: Request, name: str) -> str:
    # __Host- binds the cookie to this host and to TLS; browsers refuse it on plain http.
    return f"__Host-{name}" if request.secure else name


def _cookie(request: Request, name: str, value: str, seconds: int | None = None) -> str:
    age = "" if seconds is None else f"; Max-Age={seconds}"
    secure = "; Secure" if request.secure else ""
    # Lax, not Strict: the browser comes back from the provider's site with it.
    return f"{_named(request, name)}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secure}"
