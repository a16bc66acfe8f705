"""One page of questions as a person sees it: empty, filled in, or with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.forms.definition import Page
from chalicelib.forms.journey import Place
from chalicelib.forms.problems import Problem, field_id, message
from chalicelib.web.components import draw_questions
from chalicelib.web.draft_session import CSRF_FIELD
from chalicelib.web.drawing import draw, safe_markdown
from chalicelib.web.http import Response
from chalicelib.web.journey import CHECK_ANSWERS, Journey, page_values, state_of
from chalicelib.web.words import in_words_of

STATE_FIELD = "page_state"
WARNED_FIELD = "warned"
CHANGE_FIELD = "change"

Told = list[tuple[Problem, str]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a page's boxes (`posted`), and what is said about it.

    `changing`: the person came from check answers and goes back there."""

    posted: Mapping[str, Sequence[str]]
    changing: bool = False
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    notices: Sequence[str] = ()
    status: int = 200


def draw_page(journey: Journey, place: Place, page: Page, filled: Filled) -> Response:
    template = "exit.html" if page.exit else "question.html" if page.ask else "guidance.html"
    return draw(
        journey.request,
        journey.services,
        template,
        title=_title(journey, place, page),
        error=bool(filled.problems),
        status=filled.status,
        **_frame(journey, place, page, filled),
        **_questions(journey, page, filled),
    )


def _frame(journey: Journey, place: Place, page: Page, filled: Filled) -> dict[str, Any]:
    """What surrounds the questions."""
    form = journey.form
    return {
        "form_title": form.text["name"],
        "section": form.sections[page.section],
        "progress": _progress(journey, page),
        "item_caption": _item_caption(journey, place),
        "guidance_html": safe_markdown(
            journey.request, journey.services, form.stream, page.guidance
        ),
        "hidden": _hidden(journey, place, page, filled),
        "action": journey.url(place) + ("?change=yes" if filled.changing else ""),
        "back_href": _back(journey, place, changing=filled.changing),
        "notices": list(filled.notices),
        "can_save": bool(page.ask),
        "exit_this_page": may_be_at_risk(journey),
        "stream": form.stream,
    }


def _questions(journey: Journey, page: Page, filled: Filled) -> dict[str, Any]:
    form = journey.form
    told: Told = [(problem, message(form, problem)) for problem in filled.problems]
    cautions: Told = [(warning, message(form, warning)) for warning in filled.warnings]
    alone = len(page.ask) == 1 and page.title is None
    drawn = draw_questions(
        # A warning is told above, not as an error beside the question: nothing is wrong.
        form,
        page,
        filled.posted,
        told,
        alone=alone,
        words=_words(journey),
    )
    return {
        "heading": None if alone else page.title,
        "components_html": drawn,
        "error_summary": _summary(told),
        "warning_summary": _summary(cautions),
        "skip_hint": bool(page.ask) and not page.required,
    }


def _summary(told: Told) -> list[dict[str, str]]:
    return [{"text": text, "href": f"#{field_id(problem)}"} for problem, text in told]


def _hidden(journey: Journey, place: Place, page: Page, filled: Filled) -> dict[str, str]:
    saved = page_values(journey.form, page, place, journey.answers)
    hidden = {STATE_FIELD: state_of(saved)}
    if journey.session.csrf:
        hidden[CSRF_FIELD] = journey.session.csrf
    if filled.warnings:
        hidden[WARNED_FIELD] = heard(filled.warnings)
    if filled.changing:
        hidden[CHANGE_FIELD] = "yes"
    return hidden


def heard(warnings: Sequence[Problem]) -> str:
    """Which warnings a person has seen: posting it again accepts them."""
    return ".".join(sorted(f"{warning.path[-1]}-{warning.rule}" for warning in warnings))


def _title(journey: Journey, place: Place, page: Page) -> str:
    title = page.title or journey.form.questions[page.ask[0]].text
    caption = _item_caption(journey, place)
    return _words(journey)(f"{title} ({caption})" if caption else title)


def _words(journey: Journey) -> Callable[[str], str]:
    return lambda text: in_words_of(journey.services.partnership, journey.form.stream, text)


def _item_caption(journey: Journey, place: Place) -> str | None:
    group = journey.form.group(place.group) if place.group else None
    return f"{group.item} {place.item}" if group and place.item else None


def _back(journey: Journey, place: Place, *, changing: bool) -> str:
    if changing:
        return journey.url(CHECK_ANSWERS)
    previous = journey.path.previous(place)
    if previous is None:
        return f"{journey.request.base_url}/{journey.form.name}"
    return journey.url(previous)


def _progress(journey: Journey, page: Page) -> str:
    keys = list(journey.form.sections)
    return f"Section {keys.index(page.section) + 1} of {len(keys)}"


def may_be_at_risk(journey: Journey) -> bool:
    """The quick way out is for people who may be watched: not for professionals at work."""
    role = journey.form.roles.get("submitter_type", "")
    return journey.answers.get(role) in ("family_or_friend", "the_adult", "the_child", "public")
