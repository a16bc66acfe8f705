"""Every address of the service, and what answers it.

The table is data so that a test can list it: a route is public because it says so here. The staff's
have a table of their own (web/staff/routes.py).
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.use_cases.ports import Services, StoreBusy
from chalicelib.web import api, form_routes, message_pages, resume_pages, site_pages, static_assets
from chalicelib.web.draft_session import is_own_post
from chalicelib.web.headers import secured
from chalicelib.web.http import MAX_RESPONSE, Refused, Request, Response
from chalicelib.web.journey import CHECK_ANSWERS
from chalicelib.web.route import READ, Route

STAFF = "/staff"


def _asset(request: Request, services: Services) -> Response:
    name = request.path.removeprefix("/assets/")
    found = static_assets.serve(name, services.partnership)
    return found or message_pages.not_found(request, services)


def _resume(request: Request, services: Services) -> Response:
    if request.method != "POST":
        return resume_pages.resume_page(request, services)
    posted = request.form
    if not is_own_post(request, services):
        return message_pages.not_own_post(request, services, "/resume")
    return resume_pages.resume_draft(request, services, posted)


def _information(request: Request, services: Services) -> Response:
    # Loaded only when it is asked for: a first visitor does not wait for it.
    from chalicelib.web.information_pages import answer_question

    return answer_question(request, services)


ROUTES: tuple[Route, ...] = (
    Route("/", READ, site_pages.home),
    Route("/privacy", READ, site_pages.privacy),
    Route("/accessibility", READ, site_pages.accessibility),
    Route("/resume", (*READ, "POST"), _resume),
    Route("/information", (*READ, "POST"), _information),
    Route("/leave", READ, resume_pages.leave),
    Route("/health", READ, api.health),
    Route("/assets/*", READ, _asset),
    # The API says itself which methods it takes: its refusals are problem documents.
    Route("/api/*", ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"), api.handle),
)


def respond(request: Request, services: Services) -> Response:
    """The response to any request, with every header it must carry. Never raises on bad input."""
    asked = replace(request, method="GET") if request.method == "HEAD" else request
    try:
        response = _routed(asked, services)
    except Refused as refused:
        if refused.reason == "too_large":
            response = message_pages.too_large(asked, services)
        else:
            response = message_pages.unreadable(asked, services, refused.status, refused.reason)
    except StoreBusy:
        response = message_pages.busy(asked, services, request.path)
    if len(response.body) > MAX_RESPONSE:
        response = message_pages.too_large(asked, services)
    if request.method == "HEAD":
        response = replace(response, body="")
    return secured(request, response)


def _routed(request: Request, services: Services) -> Response:
    path = request.path.rstrip("/") or "/"
    if is_staff(path):
        from chalicelib.web.staff import routes as staff_routes

        return staff_routes.answer(request, services)
    for route in ROUTES:
        if route.matches(request.path if route.path.endswith("/*") else path):
            if request.method not in route.methods:
                return message_pages.method_not_allowed(request, services, ", ".join(route.methods))
            return route.handler(request, services)
    name, _, tail = path.removeprefix("/").partition("/")
    form = services.forms.get(name)
    if form is None:
        return message_pages.not_found(request, services)
    if request.method not in ("GET", "POST"):
        return message_pages.method_not_allowed(request, services, form_routes.ALLOWED)
    return form_routes.handle(request, services, form, tail)


def is_staff(path: str) -> bool:
    """Whether a path is one of the staff pages, or would be if there were such a page."""
    return path == STAFF or path.startswith(f"{STAFF}/")


def route_name(request: Request, services: Services) -> str:
    """A fixed name for logs: a path is what a person typed."""
    if is_staff(request.path):
        from chalicelib.web.staff import routes as staff_routes

        return staff_routes.name(request.path)
    for route in ROUTES:
        if route.matches(request.path):
            return route.path
    name, _, tail = request.path.removeprefix("/").partition("/")
    if name not in services.forms:
        return "unknown"
    form = services.forms[name]
    parts = tail.split("/")
    known = [part for part in parts if part == CHECK_ANSWERS or form.page(part) or form.group(part)]
    return "/".join((f"/{name}", *known))
