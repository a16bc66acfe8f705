"""Sign in: send a browser to the identity provider, and open a session when it comes back."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from chalicelib.referrals.packing import pack
from chalicelib.referrals.staff import Person
from chalicelib.referrals.staff_session import Fields, SignIn
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.sign_in_ports import IdentityProvider, IdentityRefused, ProviderDown
from chalicelib.use_cases.staff_session import (
    NOBODY,
    find_session,
    hashed,
    new_token,
    note_nobody,
    open_session,
)

SIGN_IN_TIME = timedelta(minutes=10)
KEPT_TIME = timedelta(hours=1)
CAME_BACK = "/staff/signed-in"
MOST_KEPT = 200_000  # bytes, packed: well below what a row may hold
Reason = Literal["not set up", "provider down", "sign-in expired", "sign-in refused", "no role"]
_NOBODY = Person(NOBODY, "", frozenset())


class NotSignedIn(Exception):
    """Nobody was signed in; `reason` says why in fixed words.

    `sign_in` is the way that failed through no fault of its own: what it keeps is worth keeping.
    """

    def __init__(self, reason: Reason, sign_in: SignIn | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sign_in = sign_in


class TooMuchToKeep(Exception):
    """The posted fields are more than a sign-in can keep."""


@dataclass(frozen=True)
class SignedIn:
    """`token` is for the cookie, and stored nowhere. `return_to` is a path of ours."""

    token: str
    person: Person
    return_to: str


def begin(
    deps: Services,
    *,
    browser: str,
    return_to: str,
    kept: Fields | None = None,
    kept_by: str = "",
) -> str:
    """Where to send the browser, whose own token is `browser`: one write.

    `kept` is handed over to the person whose id is `kept_by`, and to nobody else.

    Raises `NotSignedIn` (not set up, provider down) and `TooMuchToKeep`.
    """
    if kept and len(pack(kept)) > MOST_KEPT:
        raise TooMuchToKeep
    provider = _provider(deps)
    state, nonce, verifier = new_token(), new_token(), new_token()
    try:
        url = provider.sign_in_url(state=state, nonce=nonce, verifier=verifier)
    except ProviderDown:
        raise NotSignedIn("provider down") from None
    deps.sign_ins.add(
        SignIn(
            id=hashed(state),
            browser=hashed(browser),
            verifier=verifier,
            nonce=nonce,
            return_to=return_to,
            expires_at=deps.clock.now() + (KEPT_TIME if kept else SIGN_IN_TIME),
            kept=kept or {},
            kept_by=kept_by,
        )
    )
    return url


def finish(deps: Services, *, state: str, code: str, browser: str, before: str = "") -> SignedIn:
    """Open a session for whoever came back. `before` is the token of a session to end, if any.

    Every outcome is in the audit trail before anything else is. Raises `NotSignedIn`.
    """
    provider = _provider(deps)
    sign_in = deps.sign_ins.use(hashed(state))
    if sign_in is None:
        note_nobody(deps, "sign-in expired", CAME_BACK)
        raise NotSignedIn("sign-in expired")
    if not _is_of(deps, sign_in, browser):
        raise _refused(deps, "sign-in expired")
    try:
        identity = provider.identify(
            code, nonce=sign_in.nonce, verifier=sign_in.verifier, now=deps.clock.now()
        )
    except ProviderDown:
        _refused(deps, "provider down")
        raise NotSignedIn("provider down", sign_in) from None
    except IdentityRefused as refused:
        raise _refused(deps, "sign-in refused", code=refused.code) from None
    person = identity.person
    if not person.roles:
        raise _refused(deps, "no role", person)
    note(deps, person, "signed in", details={"roles": ", ".join(sorted(person.roles))})
    _end_before(deps, before)
    return SignedIn(_opened(deps, person, sign_in), person, sign_in.return_to)


def _opened(deps: Services, person: Person, sign_in: SignIn) -> str:
    if not sign_in.kept:
        return open_session(deps, person)
    if sign_in.kept_by != person.id:
        deps.sign_ins.forget_kept(sign_in.id)
        return open_session(deps, person)
    return open_session(deps, person, kept_in=sign_in.id, kept_for=sign_in.return_to)


def declined(deps: Services, *, state: str) -> None:
    """The provider sent the browser back without a code: the way is used up, nobody is in."""
    if deps.sign_ins.use(hashed(state)) is None:
        note_nobody(deps, "sign-in refused", CAME_BACK)
    else:
        _refused(deps, "sign-in refused", code="declined")


def sign_out_url(deps: Services) -> str | None:
    """Where the browser signs out of the provider too; None when there is no such page now."""
    if deps.identity is None:
        return None
    try:
        return deps.identity.sign_out_url()
    except ProviderDown:
        return None


def _provider(deps: Services) -> IdentityProvider:
    if deps.identity is None:
        raise NotSignedIn("not set up")
    return deps.identity


def _is_of(deps: Services, sign_in: SignIn, browser: str) -> bool:
    same = hmac.compare_digest(sign_in.browser, hashed(browser))
    return same and deps.clock.now() < sign_in.expires_at


def _end_before(deps: Services, token: str) -> None:
    session = find_session(deps, token) if token else None
    if session is not None:
        deps.sessions.end(session.id)


def _refused(
    deps: Services, why: Reason, person: Person | None = None, code: str = ""
) -> NotSignedIn:
    """Each in the trail: a way to the provider is used once, so none can be told twice."""
    details = {"why": why, **({"code": code} if code else {})}
    note(deps, person or _NOBODY, "refused", details=details)
    return NotSignedIn(why)
