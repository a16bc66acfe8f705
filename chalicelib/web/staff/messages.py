"""Pages that refuse a member of staff, or say what went wrong on the way in, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.referrals.staff import Person
from chalicelib.referrals.staff_session import Fields
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.sign_in import Reason
from chalicelib.web.drawing import draw
from chalicelib.web.http import Request, Response
from chalicelib.web.staff.drawing import staff_page

Links = Sequence[tuple[str, str]]
VERSION_FIELD = "version"  # of the case that a form was drawn from
NOT_ALLOWED = "You do not have access to this page"
ASK = (
    "If you need it for your work, ask your partnership’s business manager, who decides who may "
    "do what. Give them the address of the page, and no details of a case."
)


def outside(
    request: Request,
    services: Services,
    status: int,
    title: str,
    paragraphs: Sequence[str],
    links: Links = (("Sign in", "/staff/sign-in"),),
    typed: Sequence[Mapping[str, Any]] = (),
) -> Response:
    """A page for somebody who is not signed in. A link is of ours when it begins with a slash."""
    return draw(
        request,
        services,
        "staff/message.html",
        title=title,
        status=status,
        paragraphs=list(paragraphs),
        links=_links(request, links),
        typed=list(typed),
    )


def inside(
    request: Request,
    services: Services,
    person: Person,
    status: int,
    title: str,
    paragraphs: Sequence[str],
    links: Links = (("Go to the start of the staff pages", "/staff"),),
) -> Response:
    return staff_page(
        request,
        services,
        person,
        "staff/message.html",
        title=title,
        status=status,
        paragraphs=list(paragraphs),
        links=_links(request, links),
    )


def not_allowed(request: Request, services: Services, person: Person) -> Response:
    """One page for every "no": it says nothing of whether what was asked for exists."""
    said = ["Your account does not give you this page, or there is no such page.", ASK]
    return inside(request, services, person, 403, NOT_ALLOWED, said)


def not_found(request: Request, services: Services, person: Person) -> Response:
    said = ["Check the address, or go to what you need from the start."]
    return inside(request, services, person, 404, "Page not found", said)


def outdated(request: Request, services: Services, person: Person) -> Response:
    """For a button without a page of its own: there is nothing to show again."""
    said = ["The page that this came from was opened before you signed in. Nothing was changed."]
    return inside(request, services, person, 403, "Open the page again", said)


def foreign(request: Request, services: Services) -> Response:
    return outside(
        request,
        services,
        403,
        "We could not check where this came from",
        [
            "Nothing was changed. For your safety, a page can only be sent from this website, in "
            "the browser in which it was opened.",
            "If you were not sending anything here, close the page that you came from and tell the "
            "person who runs this service.",
        ],
        [("Go to the start of the staff pages", "/staff")],
    )


def sign_in_to_go_on(request: Request, services: Services, url: str) -> Response:
    """A post without a session. No redirect: a browser would not follow it to another site."""
    return outside(
        request,
        services,
        403,
        "Sign in to go on",
        [
            "You have been signed out, so nothing was changed.",
            "What you typed is kept for one hour. Sign in, and the page comes back with it: check "
            "it, then send it again.",
        ],
        [("Sign in", url)],
    )


def not_kept(
    request: Request, services: Services, sign_in: str, typed: Fields | None = None
) -> Response:
    """`typed` is shown to be copied: given only when it is of the session that has ended."""
    how = (
        "It is shown below."
        if typed
        else "Use your browser’s back button to return to the page where you typed it."
    )
    return outside(
        request,
        services,
        403,
        "Sign in to go on",
        [
            "You are not signed in, so nothing was changed.",
            f"What you typed could not be kept: copy it before you sign in. {how}",
        ],
        [("Sign in", sign_in)],
        _typed(typed or {}),
    )


def _typed(fields: Fields) -> list[dict[str, Any]]:
    """What was typed, by the names of its boxes; not the version that the form sends along."""
    return [
        {"key": name.replace("_", " ").strip().capitalize(), "value_lines": lines}
        for name, values in fields.items()
        if name != VERSION_FIELD
        and (lines := [line for value in values for line in value.splitlines() if line])
    ]


_WHY: dict[Reason, tuple[int, str, tuple[str, ...]]] = {
    "not set up": (
        501,
        "Signing in is not set up",
        (
            "This instance of the service has no identity provider, so nobody can sign in. "
            "Notifications are still received, stored and announced by email.",
            "Ask the person who runs this service to set it up.",
        ),
    ),
    "provider down": (
        503,
        "You cannot sign in at the moment",
        (
            "The service that checks who you are does not answer. Nothing is lost.",
            "Try again in a few minutes. If it still does not work, tell the person who runs this "
            "service.",
        ),
    ),
    "sign-in expired": (
        400,
        "Sign in again",
        (
            "This sign-in took too long, was used before, or began in another browser.",
            "Sign in again from here. If your browser refuses cookies, allow them for this "
            "website first.",
        ),
    ),
    "sign-in refused": (
        403,
        "You were not signed in",
        (
            "The service that checks who you are did not confirm it.",
            "Try once more. If it happens again, tell the person who runs this service.",
        ),
    ),
    "no role": (
        403,
        "Your account has no role here yet",
        (
            "We know who you are, but nobody has said what you may do here.",
            "Ask your partnership’s business manager to have you added to the right group, then "
            "sign in again.",
        ),
    ),
}


def not_signed_in(
    request: Request, services: Services, reason: Reason, again: str = "/staff/sign-in"
) -> Response:
    status, title, paragraphs = _WHY[reason]
    links: Links = () if reason == "not set up" else [("Sign in", again)]
    return outside(request, services, status, title, paragraphs, links)


def _links(request: Request, links: Links) -> list[dict[str, str]]:
    base = request.base_url
    return [
        {"text": text, "href": f"{base}{url}" if url.startswith("/") else url}
        for text, url in links
    ]
