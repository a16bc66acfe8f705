"""Which draft a browser is working on: one cookie a form, and proof that a post is its own.

The cookie holds the draft's token; the table holds only the token's hash (ADR 0004).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from chalicelib.forms.definition import Form
from chalicelib.referrals.draft import Draft
from chalicelib.use_cases import keep_draft
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request

DAY = 86_400
CSRF_FIELD = "csrf"


@dataclass(frozen=True, slots=True)
class Session:
    """`form` is the version that the draft began with; without a draft, the current one.

    `expired` tells that the browser sent a token for which there is no draft (any more)."""

    form: Form
    token: str | None
    draft: Draft | None
    expired: bool = False

    @property
    def csrf(self) -> str:
        return csrf_token(self.token) if self.token else ""


def cookie_name(request: Request, form: str) -> str:
    # __Host- binds the cookie to this host and to TLS; browsers refuse it on plain http.
    return f"__Host-draft-{form}" if request.secure else f"draft-{form}"


def open_session(request: Request, services: Services, form: Form) -> Session:
    """One read when the browser has a draft, none when it has not."""
    token = request.cookies.get(cookie_name(request, form.name))
    if not token:
        return Session(form, None, None)
    draft = keep_draft.open_draft(services, token)
    if draft is None or draft.form != form.name:
        return Session(form, None, None, expired=True)
    pinned = keep_draft.form_of(services, draft, form)
    # A version that is in no archive cannot be drawn: the answers go on in the current one, and
    # the journey asks again what no longer fits.
    return Session(pinned or form, token, draft)


def set_cookie(request: Request, form: str, token: str, days: int) -> str:
    return _cookie(request, form, token, days * DAY)


def forget_cookie(request: Request, form: str) -> str:
    return _cookie(request, form, "", 0)


def _cookie(request: Request, form: str, value: str, max_age: int) -> str:
    secure = "; Secure" if request.secure else ""
    name = cookie_name(request, form)
    return f"{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}"


def csrf_token(token: str) -> str:
    """Bound to the draft's token, which no other site can read: nothing more to store or sign."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()[:32]


def is_own_post(request: Request, services: Services) -> bool:
    """False when the browser says that another site made the request (Fetch Metadata, Origin)."""
    site = request.headers.get("sec-fetch-site")
    if site == "same-origin":
        return True
    if site == "cross-site":
        return False
    origin = request.headers.get("origin")
    if not origin:
        return True
    own = {request.headers.get("host", ""), urlsplit(services.settings.public_url).netloc}
    return urlsplit(origin).netloc in own - {""}


def has_own_token(session: Session, posted: dict[str, list[str]]) -> bool:
    """True without a draft: there is nothing yet that a forged post could change."""
    if session.token is None:
        return True
    given = posted.get(CSRF_FIELD, [""])[0]
    return hmac.compare_digest(given.encode(), session.csrf.encode())
