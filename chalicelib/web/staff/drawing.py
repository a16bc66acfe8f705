"""A staff page in its layout: who is signed in, where they may go, and a way out."""

from __future__ import annotations

from typing import Any

from chalicelib.referrals.staff import Person, Right
from chalicelib.use_cases.ports import Services
from chalicelib.web.draft_session import CSRF_FIELD
from chalicelib.web.drawing import draw
from chalicelib.web.http import Request, Response

KEPT_NOTICE = (
    "You were signed out before this could be saved, so nothing was changed. "
    "Check what you typed, then send it again."
)
_LINKS = (
    ("Open cases", "/staff/cases", Right.READ_CASES),
    ("Statistics", "/staff/statistics", Right.READ_CASES),
    ("Disposal", "/staff/disposal", Right.DISPOSE),
    ("Audit trail", "/staff/audit", Right.READ_AUDIT),
    ("Export", "/staff/export", Right.SIGNED_IN),
)


def staff_page(
    request: Request,
    services: Services,
    person: Person,
    template: str,
    *,
    title: str,
    status: int = 200,
    **context: Any,
) -> Response:
    """A page for a person who is signed in. Its forms send `hidden` back.

    With fields that were kept, the first notice says so."""
    notices = [KEPT_NOTICE] if request.kept else []
    return draw(
        request,
        services,
        template,
        title=title,
        status=status,
        **{
            **context,
            "csrf": request.csrf,
            "hidden": {**context.get("hidden", {}), CSRF_FIELD: request.csrf},
            "notices": [*notices, *context.get("notices", ())],
            "person_name": person.name,
            "person_roles": ", ".join(role_words(person)),
            "sign_out_action": f"{request.base_url}/staff/sign-out",
            "account_href": f"{request.base_url}/staff/account",
            "staff_links": _links(request, person),
        },
    )


def role_words(person: Person) -> list[str]:
    """Their roles as people say them."""
    return sorted(role.value.replace("_", " ").capitalize() for role in person.roles)


def _links(request: Request, person: Person) -> list[dict[str, Any]]:
    return [
        {"text": text, "href": f"{request.base_url}{path}", "current": request.path == path}
        for text, path, right in _LINKS
        if person.may(right)
    ]
