"""Check answers and submit: the only place from which a notification is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chalicelib.forms.journey import Place, page_at, walk
from chalicelib.forms.problems import Problem, message
from chalicelib.use_cases.ports import DraftChanged
from chalicelib.use_cases.submit_referral import Invalid, submit_draft
from chalicelib.web import draft_session
from chalicelib.web.drawing import draw
from chalicelib.web.http import Response, redirect
from chalicelib.web.journey import CHECK_ANSWERS, Journey, reopened, state_of
from chalicelib.web.question_view import STATE_FIELD, may_be_at_risk
from chalicelib.web.site_texts import UnknownWord, partnership_text
from chalicelib.web.summary import sections

TITLE = "Check your answers before sending them"
CHANGED = (
    "Your answers were changed in another tab or on another device after you opened this page, so "
    "nothing was sent yet. Check them again, then send."
)


def show(journey: Journey, *, problems: Sequence[Problem] = (), changed: bool = False) -> Response:
    form = journey.form
    places = journey.path.places
    return draw(
        journey.request,
        journey.services,
        "check_answers.html",
        title=TITLE,
        status=422 if problems else 409 if changed else 200,
        notices=[CHANGED] if changed else [],
        error=bool(problems),
        error_summary=[
            {"text": message(form, problem), "href": _page_of(journey, problem)}
            for problem in problems
        ],
        form_title=form.text["name"],
        sections=sections(form, journey.answers, journey.url("")),
        dropped=[{"question": gone.question, "value": gone.value} for gone in journey.path.dropped],
        hidden={
            draft_session.CSRF_FIELD: journey.session.csrf,
            STATE_FIELD: state_of(journey.path.answers),
        },
        action=journey.url(CHECK_ANSWERS),
        back_href=journey.url(places[-1]),
        stream=form.stream,
        can_save=True,
        exit_this_page=may_be_at_risk(journey),
    )


def submit(journey: Journey, posted: Mapping[str, Sequence[str]]) -> Response:
    """Sends once, however often and from however many tabs it is pressed; and only what the
    person has seen: answers that another tab changed meanwhile are shown first."""
    draft = journey.session.draft
    if draft is None:
        raise ValueError("check answers is reached only with a draft")
    if posted.get(STATE_FIELD, [""])[0] not in ("", state_of(journey.path.answers)):
        return show(journey, changed=True)
    try:
        submit_draft(journey.services, journey.form, draft, _next_steps(journey))
    except Invalid as refused:
        return show(journey, problems=refused.problems)
    except DraftChanged:
        again = reopened(journey)
        if again.submitted:
            return redirect(again.url("confirmation"))
        return show(again, changed=True)
    return redirect(journey.url("confirmation"))


def _next_steps(journey: Journey) -> str:
    """What the confirmation page will say happens next, kept with what is sent."""
    try:
        return partnership_text(journey.services, f"next-{journey.form.stream}") or ""
    except UnknownWord:
        return ""  # a fault of that text keeps nobody from sending


def _page_of(journey: Journey, problem: Problem) -> str:
    """The page on which a refused answer can be changed."""
    path = walk(journey.form, journey.answers)
    names = [str(part) for part in problem.path if isinstance(part, str)]
    number = next((part + 1 for part in problem.path if isinstance(part, int)), None)
    for place in path.places:
        page = page_at(journey.form, place)
        if page and names and names[-1] in page.ask and place.item == number:
            return journey.url(Place(place.page, place.group, place.item)) + "?change=yes"
    return journey.url(path.places[0])
