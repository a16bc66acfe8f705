"""Signing in and out: the way to the identity provider, back from it, and out again."""

from __future__ import annotations

from urllib.parse import urlencode

from chalicelib.referrals.staff import Person
from chalicelib.referrals.staff_session import StaffSession
from chalicelib.use_cases import sign_in, staff_session
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request, Response, redirect
from chalicelib.web.staff import cookies, messages
from chalicelib.web.staff.access import SIGNED_OUT
from chalicelib.web.staff.drawing import role_words, staff_page
from chalicelib.web.staff.return_path import safe_return

LONGEST_PARAMETER = 4000  # a provider's codes can be long; nothing of ours is


def begin(request: Request, services: Services) -> Response:
    """Straight to the provider, or back when somebody is signed in already."""
    return_to = safe_return(request.query.get("return", ""))
    if _session(request, services):
        return redirect(f"{request.base_url}{return_to}")
    browser = cookies.browser_token(request)
    try:
        url = sign_in.begin(services, browser=browser, return_to=return_to)
    except sign_in.NotSignedIn as failed:
        return messages.not_signed_in(request, services, failed.reason, _again(return_to))
    return cookies.with_browser(request, redirect(url), browser)


def finish(request: Request, services: Services) -> Response:
    """The provider sent the browser back, with a code or with an error."""
    state, code = (request.query.get(name, "")[:LONGEST_PARAMETER] for name in ("state", "code"))
    if not code:
        sign_in.declined(services, state=state)
        return messages.not_signed_in(request, services, "sign-in refused")
    try:
        done = sign_in.finish(
            services,
            state=state,
            code=code,
            browser=cookies.known_browser(request),
            before=cookies.session_token(request),
        )
    except sign_in.NotSignedIn as failed:
        return _failed(request, services, failed)
    response = redirect(f"{request.base_url}{done.return_to}")
    return cookies.with_session(request, response, done.token)


def _failed(request: Request, services: Services, failed: sign_in.NotSignedIn) -> Response:
    before = failed.sign_in
    if before is None:
        return messages.not_signed_in(request, services, failed.reason)
    again = _again(before.return_to)
    if before.kept:  # a new way there for what was typed
        browser = cookies.known_browser(request)
        try:
            again = sign_in.begin(
                services,
                browser=browser,
                return_to=before.return_to,
                kept=before.kept,
                kept_by=before.kept_by,
            )
        except sign_in.NotSignedIn:
            return messages.not_signed_in(request, services, failed.reason)
    return messages.not_signed_in(request, services, failed.reason, again)


def sign_out(request: Request, services: Services, person: Person) -> Response:
    session = _session(request, services)
    if session is not None:
        staff_session.end(services, session)
    return _out(request, services)


def sign_out_everywhere(request: Request, services: Services, person: Person) -> Response:
    session = _session(request, services)
    if session is not None:
        staff_session.end_everywhere(services, session)
    return _out(request, services)


def _out(request: Request, services: Services) -> Response:
    """Out here already. The provider's page for it follows by `Refresh`, as our own policy lets no
    form lead to another site."""
    url = sign_in.sign_out_url(services)
    if url is None:
        return cookies.without_session(request, redirect(f"{request.base_url}{SIGNED_OUT}"))
    response = messages.outside(
        request,
        services,
        200,
        "You are signed out here",
        ["You are now being signed out of your work account’s sign-in page too."],
        [("Go on if nothing happens", url)],
    )
    return cookies.without_session(request, response.with_headers({"Refresh": f"0; url={url}"}))


def signed_out(request: Request, services: Services) -> Response:
    if _session(request, services):
        return redirect(f"{request.base_url}/staff")
    return messages.outside(
        request,
        services,
        200,
        "You are signed out",
        ["Close the browser if other people use this computer."],
        [("Sign in again", "/staff/sign-in")],
    )


def account(request: Request, services: Services, person: Person) -> Response:
    return staff_page(
        request,
        services,
        person,
        "staff/account.html",
        title="Your account",
        account=[
            {"key": "Name", "value_lines": [person.name]},
            {"key": "Roles", "value_lines": role_words(person)},
        ],
        sign_out_everywhere_action=f"{request.base_url}/staff/sign-out-everywhere",
    )


def _session(request: Request, services: Services) -> StaffSession | None:
    token = cookies.session_token(request)
    found = staff_session.find_session(services, token) if token else None
    return staff_session.current(services, found)


def _again(return_to: str) -> str:
    return f"/staff/sign-in?{urlencode({'return': return_to})}"
