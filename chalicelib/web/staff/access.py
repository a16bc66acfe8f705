"""Who may see a staff page, or do what it does: refused unless every check says yes."""

from __future__ import annotations

import hmac
from dataclasses import replace
from urllib.parse import quote

from chalicelib.referrals.reference import is_reference
from chalicelib.referrals.staff import Person
from chalicelib.referrals.staff_session import Fields, StaffSession
from chalicelib.use_cases import audit, sign_in, staff_session
from chalicelib.use_cases.ports import Services
from chalicelib.web.draft_session import CSRF_FIELD, csrf_token, is_own_post
from chalicelib.web.http import Request, Response, redirect
from chalicelib.web.route import StaffRoute
from chalicelib.web.staff import messages
from chalicelib.web.staff.cookies import browser_token, session_token, with_browser
from chalicelib.web.staff.return_path import asked_for

SIGNED_OUT = "/staff/signed-out"
not_allowed = messages.not_allowed


def admit(request: Request, services: Services, route: StaffRoute) -> Response:
    """What the route answers to whoever is signed in and may, else a refusal that is audited."""
    token = session_token(request)
    found = staff_session.find_session(services, token) if token else None
    session = staff_session.current(services, found)
    posted = request.method == "POST"
    if posted and not is_own_post(request, services):
        _refuse(request, services, route, "foreign origin", session or found)
        return messages.foreign(request, services)
    if session is None:
        return _signed_out(request, services, route, found)
    if not session.person.may(route.access):
        _refuse(request, services, route, "wrong role", session)
        return not_allowed(_inside(request, token), services, session.person)
    if posted and not _has_token(request, token):
        _refuse(request, services, route, "outdated form", session)
        return _shown_again(request, services, route, session.person, token)
    return _answered(request, services, route, session, token)


def _answered(
    request: Request, services: Services, route: StaffRoute, session: StaffSession, token: str
) -> Response:
    path = _path(request)
    kept: Fields = {}
    if request.method == "GET":
        kept = staff_session.kept_fields(services, session, path)
    response = route.handler(_inside(request, token, kept), services, session.person)
    done = request.method == "POST" and response.status in (200, 303)
    if done and session.kept_for == path:
        staff_session.forget_kept(services, session)
    return response


def _signed_out(
    request: Request, services: Services, route: StaffRoute, over: StaffSession | None
) -> Response:
    """To the sign-in, and from there back here. `over` is the session that ended, if known."""
    posted, token = request.method == "POST", session_token(request)
    # Nobody's first visit is news: anybody could fill the trail with them.
    if posted or token:
        _refuse(request, services, route, "unknown session" if token else "no session", over)
    if posted and "GET" not in route.methods:
        return redirect(f"{request.base_url}{SIGNED_OUT}")
    if not posted:
        return redirect(f"{request.base_url}{_sign_in(request)}")
    # Without the token of that session's own pages, somebody else may have typed it.
    if over is None or not _has_token(request, token):
        return messages.not_kept(request, services, _sign_in(_bare(request)))
    return _kept_for_later(request, services, over.person)


def _kept_for_later(request: Request, services: Services, owner: Person) -> Response:
    browser, bare, typed = browser_token(request), _bare(request), _fields(request)
    try:
        url = sign_in.begin(
            services, browser=browser, return_to=asked_for(bare), kept=typed, kept_by=owner.id
        )
    except (sign_in.NotSignedIn, sign_in.TooMuchToKeep):
        return messages.not_kept(request, services, _sign_in(bare), typed)
    return with_browser(request, messages.sign_in_to_go_on(request, services, url), browser)


def _sign_in(request: Request) -> str:
    return f"/staff/sign-in?return={quote(asked_for(request), safe='/')}"


def _shown_again(
    request: Request, services: Services, route: StaffRoute, person: Person, token: str
) -> Response:
    """The page with all that was posted, to be sent once more: nothing else was done with it."""
    if "GET" not in route.methods:
        return messages.outdated(_inside(request, token), services, person)
    shown = replace(_inside(request, token, _fields(request)), method="GET", body=b"")
    response = route.handler(shown, services, person)
    return replace(response, status=403) if response.status == 200 else response


def _inside(request: Request, token: str, kept: Fields | None = None) -> Request:
    return replace(request, csrf=csrf_token(token), kept=kept or {})


def _fields(request: Request) -> dict[str, list[str]]:
    return {name: values for name, values in request.form.items() if name != CSRF_FIELD}


def _has_token(request: Request, token: str) -> bool:
    given = request.form.get(CSRF_FIELD, [""])[0]
    return hmac.compare_digest(given.encode(), csrf_token(token).encode())


def _bare(request: Request) -> Request:
    return replace(request, path=_path(request), query={})


def _path(request: Request) -> str:
    return request.path.rstrip("/")


def _refuse(
    request: Request,
    services: Services,
    route: StaffRoute,
    why: str,
    session: StaffSession | None,
) -> None:
    if session is None:
        staff_session.note_nobody(services, why, route.path)
        return
    reference = request.named.get("reference", "")
    audit.note(
        services,
        session.person,
        "refused",
        reference=reference if is_reference(reference) else "",
        details={"why": why, "page": route.path},
    )
