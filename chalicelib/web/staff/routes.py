"""Every address of the staff pages, with the right that each asks for.

Loaded only when a path is one of them: a first visitor of the public pages does not wait for it.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.referrals.staff import Person, Right
from chalicelib.use_cases.ports import Services
from chalicelib.web import message_pages
from chalicelib.web.http import Request, Response, redirect
from chalicelib.web.route import READ, Route, StaffRoute
from chalicelib.web.staff import (
    audit_pages,
    case_files,
    case_list,
    case_page,
    clock_forms,
    conflict_forms,
    decision_form,
    disposal_forms,
    disposal_pages,
    export_files,
    export_page,
    hold_forms,
    information_forms,
    link_forms,
    pack_form,
    pack_page,
    redirect_form,
    sign_in_pages,
    stage_forms,
    statistics_pages,
)
from chalicelib.web.staff.access import admit
from chalicelib.web.staff.case_form import CaseForm, form_page
from chalicelib.web.staff.messages import not_found

POST = ("POST",)
FORM = (*READ, "POST")


def _home(request: Request, services: Services, person: Person) -> Response:
    """Where each role's work is."""
    pages = ((Right.READ_CASES, "cases"), (Right.READ_AUDIT, "audit"), (Right.SIGNED_IN, "account"))
    page = next(page for right, page in pages if person.may(right))
    return redirect(f"{request.base_url}/staff/{page}")


def _form(tail: str, form: CaseForm, right: Right) -> StaffRoute:
    path = f"/staff/cases/{{reference}}/{tail}"
    return StaffRoute(path, FORM, form_page(form, path), right)


CASE_FORMS: tuple[StaffRoute, ...] = (
    _form("acknowledge", stage_forms.ACKNOWLEDGE, Right.WORK_CASES),
    _form("assign", stage_forms.ASSIGN, Right.WORK_CASES),
    _form("stage", stage_forms.MOVE, Right.WORK_CASES),
    _form("information", information_forms.ASK, Right.WORK_CASES),
    _form("information/{request}/withdrawn", information_forms.WITHDRAW, Right.WORK_CASES),
    _form("redirect", redirect_form.REDIRECT, Right.WORK_CASES),
    _form("links/related", link_forms.RELATE, Right.WORK_CASES),
    _form("links/duplicate", link_forms.MERGE, Right.MANAGE),
    _form("links/ended", link_forms.UNLINK, Right.WORK_CASES),
    _form("packs", pack_form.MAKE, Right.WORK_CASES),
    _form("close", stage_forms.CLOSE, Right.WORK_CASES),
    _form("reopen", stage_forms.REOPEN, Right.MANAGE),
    _form("recommendation", decision_form.RECOMMEND, Right.RECOMMEND),
    _form("decision", decision_form.DECIDE, Right.DECIDE),
    _form("conflicts", conflict_forms.BAR, Right.MANAGE),
    _form("hold", hold_forms.HOLD, Right.MANAGE),
    _form("hold/released", hold_forms.RELEASE, Right.MANAGE),
    _form("disposal", disposal_forms.APPROVE, Right.DISPOSE),
    _form("disposal/taken-back", disposal_forms.TAKE_BACK, Right.DISPOSE),
    _form("conflicts/ended", conflict_forms.UNBAR, Right.MANAGE),
    _form("dates/{date}", clock_forms.RECORD_DATE, Right.WORK_CASES),
    _form("deadlines/{act}/met", clock_forms.MEET, Right.WORK_CASES),
    _form("deadlines/{act}/withdrawn", clock_forms.WITHDRAW, Right.WORK_CASES),
    _form("deadlines/{act}/not-applicable", clock_forms.SET_ASIDE, Right.WORK_CASES),
    _form("deadlines/{act}/in-force", clock_forms.PUT_IN_FORCE, Right.WORK_CASES),
)
# All that is open to somebody who is not signed in.
OPEN_ROUTES: tuple[Route, ...] = (
    Route("/staff/sign-in", READ, sign_in_pages.begin),
    Route("/staff/signed-in", READ, sign_in_pages.finish),
    Route("/staff/signed-out", READ, sign_in_pages.signed_out),
)
STAFF_ROUTES: tuple[StaffRoute, ...] = (
    StaffRoute("/staff", READ, _home, Right.SIGNED_IN),
    StaffRoute("/staff/account", READ, sign_in_pages.account, Right.SIGNED_IN),
    StaffRoute("/staff/sign-out", POST, sign_in_pages.sign_out, Right.SIGNED_IN),
    StaffRoute(
        "/staff/sign-out-everywhere", POST, sign_in_pages.sign_out_everywhere, Right.SIGNED_IN
    ),
    StaffRoute("/staff/cases", FORM, case_list.cases, Right.READ_CASES),
    StaffRoute("/staff/cases/{reference}", READ, case_page.case, Right.READ_CASES),
    StaffRoute("/staff/cases/{reference}/print", READ, case_page.printed_case, Right.READ_CASES),
    StaffRoute("/staff/cases/{reference}/packs/{pack}", READ, pack_page.pack, Right.READ_CASES),
    StaffRoute("/staff/cases/{reference}/history", READ, audit_pages.case_audit, Right.READ_AUDIT),
    StaffRoute("/staff/audit", READ, audit_pages.audit, Right.READ_AUDIT),
    StaffRoute("/staff/disposal", READ, disposal_pages.disposal, Right.DISPOSE),
    StaffRoute("/staff/disposed", READ, disposal_pages.proofs, Right.DISPOSE),
    StaffRoute("/staff/disposal/{reference}", READ, disposal_pages.proof, Right.DISPOSE),
    StaffRoute("/staff/statistics", READ, statistics_pages.statistics, Right.READ_CASES),
    StaffRoute("/staff/statistics.csv", READ, statistics_pages.statistics_csv, Right.READ_CASES),
    StaffRoute("/staff/export", READ, export_page.export_page, Right.SIGNED_IN),
    StaffRoute("/staff/export/register", READ, export_files.register_file, Right.EXPORT),
    StaffRoute("/staff/export/audit", READ, export_files.audit_trail, Right.READ_AUDIT),
    StaffRoute("/staff/calendar.ics", READ, export_files.calendar, Right.READ_CASES),
    StaffRoute("/staff/cases/{reference}/export", READ, case_files.case_export, Right.READ_CASES),
    StaffRoute("/staff/cases/{reference}/case.json", READ, case_files.case_json, Right.EXPORT),
    StaffRoute("/staff/cases/{reference}/case.csv", READ, case_files.case_csv, Right.EXPORT),
    StaffRoute(
        "/staff/cases/{reference}/calendar.ics", READ, case_files.case_calendar, Right.READ_CASES
    ),
    *CASE_FORMS,
)
# An address that is none: who is not signed in learns no more of it than of the others.
UNKNOWN = StaffRoute("/staff/*", FORM, not_found, Right.SIGNED_IN)


def answer(request: Request, services: Services) -> Response:
    """What /staff and everything below it answers: with a session and the right, but for three."""
    path = request.path.rstrip("/")
    for opened in OPEN_ROUTES:
        if opened.matches(path):
            if request.method not in opened.methods:
                return _other_method(request, services, opened.methods)
            return opened.handler(request, services)
    for route in STAFF_ROUTES:
        named = route.named(path)
        if named is not None:
            if request.method not in route.methods:
                return _other_method(request, services, route.methods)
            return admit(replace(request, named=named), services, route)
    return admit(request, services, UNKNOWN)


def name(path: str) -> str:
    """The route's own path, for logs: never one that somebody typed."""
    bare = path.rstrip("/")
    known: tuple[Route | StaffRoute, ...] = (*OPEN_ROUTES, *STAFF_ROUTES)
    return next((route.path for route in known if _is(route, bare)), UNKNOWN.path)


def _is(route: Route | StaffRoute, path: str) -> bool:
    return route.matches(path) if isinstance(route, Route) else route.named(path) is not None


def _other_method(request: Request, services: Services, methods: tuple[str, ...]) -> Response:
    return message_pages.method_not_allowed(request, services, ", ".join(methods))
