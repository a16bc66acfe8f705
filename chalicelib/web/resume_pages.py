"""Save and come back without an account: a code, shown once, that opens the draft again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chalicelib.forms.questions.email import EMAIL_PROBLEM, is_email
from chalicelib.use_cases import keep_draft
from chalicelib.use_cases.ports import MailFailed, Services
from chalicelib.use_cases.resume_draft import email_resume_code, issue_resume_code, resume
from chalicelib.web import draft_session
from chalicelib.web.drawing import draw
from chalicelib.web.http import Request, Response, redirect
from chalicelib.web.journey import Journey, open_journey
from chalicelib.web.today import LONDON

Posted = Mapping[str, Sequence[str]]
OTHER_DRAFT = (
    "This browser has another notification that is not sent yet. If you continue, it can only be "
    "opened with its own resume code."
)
UNKNOWN_CODE = (
    "This code does not open a notification. Check that you typed all 20 letters and numbers. "
    "A code stops working when its time is over."
)


def save_page(
    journey: Journey, *, problem: str | None = None, typed: Posted | None = None
) -> Response:
    typed = typed or {}
    unfinished = journey.path.first_unfinished(journey.seen)
    return draw(
        journey.request,
        journey.services,
        "save.html",
        title="Save and come back later",
        status=422 if problem else 200,
        error=problem is not None,
        error_summary=[{"text": problem, "href": "#email"}] if problem else [],
        email_error=problem,
        email=(typed.get("email") or [""])[0],
        safe="yes" in typed.get("safe_to_email", ()),
        form_title=journey.form.text["name"],
        draft_days=journey.services.partnership.privacy.draft_days,
        hidden={draft_session.CSRF_FIELD: journey.session.csrf},
        action=journey.url("save"),
        back_href=journey.url(unfinished or "check-answers"),
        stream=journey.form.stream,
    )


def save(journey: Journey, posted: Posted) -> Response:
    """Shows the code on this very page: it stands nowhere else, and nowhere after this."""
    draft, token = journey.session.draft, journey.session.token
    if draft is None or token is None:
        raise ValueError("a code is only given for a draft")
    address = (posted.get("email") or [""])[0].strip()
    safe = "yes" in posted.get("safe_to_email", ())
    problem = _address_problem(address, safe=safe)
    if problem:
        return save_page(journey, problem=problem, typed=posted)
    code = issue_resume_code(journey.services, token, draft)
    emailed = None
    if address:
        try:
            email_resume_code(journey.services, address, code, stream=journey.form.stream)
            emailed = True
        except MailFailed:
            emailed = False
    unfinished = journey.path.first_unfinished(journey.seen)
    local = code.expires_at.astimezone(LONDON)
    return draw(
        journey.request,
        journey.services,
        "saved.html",
        title="Your notification is saved",
        form_title=journey.form.text["name"],
        code=code.code,
        expires=f"{local.day} {local:%B %Y}",
        emailed=emailed,
        email=address,
        continue_href=journey.url(unfinished or "check-answers"),
        resume_href=f"{journey.request.base_url}/resume",
        stream=journey.form.stream,
    )


def resume_page(
    request: Request,
    services: Services,
    *,
    problem: str | None = None,
    typed: str = "",
    instead_of: str | None = None,
) -> Response:
    """`instead_of` names the form of which this browser has another unsent draft."""
    return draw(
        request,
        services,
        "resume.html",
        title="Come back to a saved notification",
        status=422 if problem else 200,
        error=problem is not None,
        error_summary=[{"text": problem, "href": "#code"}] if problem else [],
        code=typed,
        code_error=problem,
        notices=[OTHER_DRAFT] if instead_of else [],
        hidden={"instead": "yes"} if instead_of else {},
        other_href=f"{request.base_url}/{instead_of}/save" if instead_of else None,
        action=f"{request.base_url}/resume",
        back_href=f"{request.base_url}/",
    )


def resume_draft(request: Request, services: Services, posted: Posted) -> Response:
    typed = (posted.get("code") or [""])[0]
    if not typed.strip():
        return resume_page(request, services, problem="Enter your resume code")
    token = resume(services, typed[:100])
    draft = keep_draft.open_draft(services, token) if token else None
    if token is None or draft is None or draft.form not in services.forms:
        return resume_page(request, services, problem=UNKNOWN_CODE, typed=typed[:100])
    here = open_journey(request, services, services.forms[draft.form])
    other = here.session.draft is not None and not here.submitted and here.session.token != token
    if other and "instead" not in posted:
        return resume_page(request, services, typed=typed[:100], instead_of=draft.form)
    name = draft_session.cookie_name(request, draft.form)
    opened = Request(
        method="GET",
        path=request.path,
        headers=request.headers,
        cookies={**request.cookies, name: token},
        base_url=request.base_url,
        secure=request.secure,
    )
    journey = open_journey(opened, services, services.forms[draft.form])
    unfinished = journey.path.first_unfinished(journey.seen)
    tail = "confirmation" if journey.submitted else unfinished or "check-answers"
    days = services.partnership.privacy.draft_days
    cookie = draft_session.set_cookie(request, draft.form, token, days)
    return redirect(journey.url(tail)).with_cookie(cookie)


def leave(request: Request, services: Services) -> Response:
    """Exit this page: forgets the drafts of this browser, then shows something harmless."""
    response = redirect("https://www.bbc.co.uk/weather")
    for form in services.forms:
        response = response.with_cookie(draft_session.forget_cookie(request, form))
    return response.with_headers({"Clear-Site-Data": '"cache", "storage"'})


def _address_problem(address: str, *, safe: bool) -> str | None:
    if address and not is_email(address):
        return EMAIL_PROBLEM
    if address and not safe:
        return "Select that it is safe to email you, or delete the email address"
    return None
