"""Before a form: what it is for, what is needed, and how to go on with one begun earlier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.forms.answers import check_submission
from chalicelib.forms.definition import Form
from chalicelib.forms.journey import walk
from chalicelib.use_cases import keep_draft
from chalicelib.use_cases.ports import Services
from chalicelib.web.draft_session import forget_cookie, open_session, set_cookie
from chalicelib.web.drawing import draw, safe_markdown
from chalicelib.web.http import Request, Response, redirect
from chalicelib.web.journey import Journey, open_journey

COPY_FIELD = "copy_from"
AFRESH_FIELD = "afresh"


def start(journey: Journey) -> Response:
    """The start page; with an unsent draft in this browser it offers to go on."""
    form, request = journey.form, journey.request
    draft = journey.session.draft
    unsent = draft is not None and not journey.submitted
    unfinished = journey.path.first_unfinished(journey.seen)
    source = request.query.get(COPY_FIELD, "")
    return draw(
        request,
        journey.services,
        "start.html",
        title=form.text["name"],
        form_title=form.text["name"],
        duration=form.text["duration"],
        body_html=safe_markdown(request, journey.services, form.stream, form.text["start"]),
        start_href=journey.url(journey.path.places[0]),
        continue_href=journey.url(unfinished or "check-answers") if unsent else None,
        resume_href=f"{request.base_url}/resume",
        blank_href=journey.url("blank"),
        copy_from=source if _can_copy(journey, source) else None,
        action=f"{request.base_url}/{form.name}",
        back_href=f"{request.base_url}/",
        stream=form.stream,
    )


def begin(journey: Journey, posted: Mapping[str, list[str]]) -> Response:
    """Begins this form: anew, or with what the person answered in the other one (rule R6)."""
    source = (posted.get(COPY_FIELD) or [""])[0]
    if _can_copy(journey, source):
        return _with_copy(journey, source)
    form = journey.services.forms[journey.form.name]
    response = redirect(journey.url(walk(form, {}).places[0]))
    if AFRESH_FIELD not in posted:
        return response
    return response.with_cookie(forget_cookie(journey.request, form.name))


def _with_copy(journey: Journey, source: str) -> Response:
    other = open_journey(journey.request, journey.services, journey.services.forms[source])
    form = journey.services.forms[journey.form.name]
    answers = shared_answers(form, other.path.answers)
    token = keep_draft.new_token()
    keep_draft.start_draft(journey.services, form, answers, frozenset(), token=token)
    days = journey.services.partnership.privacy.draft_days
    response = redirect(journey.url(walk(form, answers).places[0]))
    return response.with_cookie(set_cookie(journey.request, form.name, token, days))


def shared_answers(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to questions that `form` asks too, less any that it would refuse."""
    same = {name: value for name, value in answers.items() if name in form.questions}
    refused = {problem.path[0] for problem in check_submission(form, same) if problem.path}
    return {name: value for name, value in same.items() if name not in refused}


def _can_copy(journey: Journey, source: str) -> bool:
    services: Services = journey.services
    request: Request = journey.request
    unsent = journey.session.draft is not None and not journey.submitted
    if unsent or source == journey.form.name or source not in services.forms:
        return False
    return open_session(request, services, services.forms[source]).draft is not None
