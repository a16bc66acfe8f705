"""One page of questions: asked with GET, answered with POST to the same address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.forms.answers import Parsed, fill_page, parse_page, with_page
from chalicelib.forms.definition import Page
from chalicelib.forms.journey import Dropped, Place, walk
from chalicelib.forms.problems import Problem, field_id, message
from chalicelib.referrals.draft import DraftTooLarge
from chalicelib.use_cases.ports import StoreBusy
from chalicelib.web import draft_session, message_pages
from chalicelib.web.components import draw_questions
from chalicelib.web.drawing import draw, safe_markdown
from chalicelib.web.http import Response
from chalicelib.web.journey import (
    RETRIES,
    DraftChanged,
    Journey,
    page_values,
    reopened,
    state_of,
)
from chalicelib.web.today import today

STATE_FIELD = "page_state"
WARNED_FIELD = "warned"
CHANGE_FIELD = "change"
SAVE_BUTTON = "then"
BUSY = "The service is busy and could not save this page yet. Wait a minute, then continue."


def show(journey: Journey, place: Place, page: Page) -> Response:
    saved = page_values(journey.form, page, place, journey.answers)
    posted = fill_page(journey.form, page, saved)
    changing = CHANGE_FIELD in journey.request.query
    notices = []
    if "not-yet" in journey.request.query:
        notices.append("Some questions before that page are still to be answered. Start here.")
    notices += _told_of_dropped(journey)
    return _page(journey, place, page, posted, changing=changing, notices=notices)


def answer(
    journey: Journey, place: Place, page: Page, posted: Mapping[str, Sequence[str]]
) -> Response:
    """Saves the page and goes on, or shows it again with everything that was typed."""
    changing = CHANGE_FIELD in posted
    parsed = parse_page(journey.form, page, posted, today=today(journey.services.clock))
    leaving = "save" in posted.get(SAVE_BUTTON, ())
    problems = _that_count(parsed.problems, leaving=leaving)
    if problems:
        return _page(journey, place, page, posted, changing=changing, problems=problems, status=422)
    unheard = _not_yet_warned(parsed, posted)
    if unheard and not leaving:
        return _page(journey, place, page, posted, changing=changing, warnings=parsed.warnings)
    if _changed_elsewhere(journey, place, page, parsed, posted):
        return _conflict(journey, place, page, posted, changing=changing)
    try:
        journey_now, dropped = _save(journey, place, parsed, finished=not leaving)
    except DraftTooLarge:
        return message_pages.too_large(journey.request, journey.services, _typed(page, posted))
    except StoreBusy:
        return _page(journey, place, page, posted, changing=changing, notices=[BUSY], status=503)
    if leaving:
        return journey_now.go(journey_now.url("save"))
    target = journey_now.after(place, changing=changing)
    return journey_now.go(f"{target}?dropped={len(dropped)}" if dropped else target)


def _that_count(problems: tuple[Problem, ...], *, leaving: bool) -> tuple[Problem, ...]:
    """Someone who saves to come back later need not have answered everything."""
    if not leaving:
        return problems
    return tuple(problem for problem in problems if problem.rule != "required")


def _not_yet_warned(parsed: Parsed, posted: Mapping[str, Sequence[str]]) -> bool:
    return bool(parsed.warnings) and _warned(parsed.warnings) not in posted.get(WARNED_FIELD, ())


def _warned(warnings: tuple[Problem, ...]) -> str:
    return ".".join(sorted(f"{warning.path[-1]}-{warning.rule}" for warning in warnings))


def _changed_elsewhere(
    journey: Journey,
    place: Place,
    page: Page,
    parsed: Parsed,
    posted: Mapping[str, Sequence[str]],
) -> bool:
    """Another tab saved the same page since this one was drawn, and with something else."""
    given = posted.get(STATE_FIELD, [""])[0]
    saved = page_values(journey.form, page, place, journey.answers)
    return bool(given) and given != state_of(saved) and saved != parsed.values


def _save(
    journey: Journey, place: Place, parsed: Parsed, *, finished: bool
) -> tuple[Journey, tuple[Dropped, ...]]:
    """Two tabs on different pages both win: what the other wrote is read again and kept."""
    for _ in range(RETRIES):
        answers = with_page(journey.form, journey.answers, place, parsed.values)
        seen = journey.seen | {place.url} if finished else journey.seen
        before = {(gone.name, gone.item) for gone in journey.path.dropped}
        dropped = walk(journey.form, answers).dropped
        newly = tuple(gone for gone in dropped if (gone.name, gone.item) not in before)
        try:
            return journey.saved(answers, seen), newly
        except DraftChanged:
            journey = reopened(journey)
    raise DraftChanged


def _conflict(
    journey: Journey,
    place: Place,
    page: Page,
    posted: Mapping[str, Sequence[str]],
    *,
    changing: bool,
) -> Response:
    from chalicelib.web.summary import page_rows

    saved = page_values(journey.form, page, place, journey.answers)
    told = [f"{row['key']}: {', '.join(row['value_lines'])}" for row in page_rows(journey, saved)]
    notices = [
        "This page was answered in another tab or on another device after you opened it here. "
        "What you typed is below. Continue to keep what is below instead of the other answers.",
        *told,
    ]
    return _page(
        journey, place, page, posted, changing=changing, notices=notices, status=409, conflict=True
    )


def _told_of_dropped(journey: Journey) -> list[str]:
    if "dropped" not in journey.request.query or not journey.path.dropped:
        return []
    lines = [f"{gone.question} You answered: {gone.value}" for gone in journey.path.dropped]
    return [
        "Because you changed an answer, these answers are no longer asked for and will not be "
        "sent. If you change it back, they return.",
        *lines,
    ]


def _typed(page: Page, posted: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    names = tuple(page.ask)
    return [
        {"label": name, "value": "\n".join(values)}
        for name, values in posted.items()
        if name.startswith(names) and any(values)
    ]


def not_own_post(
    journey: Journey, place: Place, page: Page, posted: Mapping[str, Sequence[str]]
) -> Response:
    """The post could not be tied to this browser's own page: nothing is changed, all is kept."""
    notices = [
        "We could not check that this page came from this browser, so it has not been saved yet. "
        "Check your answers below and continue again."
    ]
    return _page(
        journey,
        place,
        page,
        posted,
        changing=CHANGE_FIELD in posted,
        notices=notices,
        status=403,
    )


def _page(
    journey: Journey,
    place: Place,
    page: Page,
    posted: Mapping[str, Sequence[str]],
    *,
    changing: bool,
    problems: Sequence[Problem] = (),
    warnings: Sequence[Problem] = (),
    notices: Sequence[str] = (),
    status: int = 200,
    conflict: bool = False,
) -> Response:
    form = journey.form
    told = [(problem, message(form, problem)) for problem in problems]
    cautions = [(warning, message(form, warning)) for warning in warnings]
    alone = len(page.ask) == 1 and page.title is None
    saved = page_values(form, page, place, journey.answers)
    hidden: dict[str, str] = {STATE_FIELD: state_of(saved)}
    if journey.session.csrf:
        hidden[draft_session.CSRF_FIELD] = journey.session.csrf
    if warnings:
        hidden[WARNED_FIELD] = _warned(tuple(warnings))
    if changing:
        hidden[CHANGE_FIELD] = "yes"
    context: dict[str, Any] = {
        "form_title": form.text["name"],
        "section": form.sections[page.section],
        "heading": None if alone else page.title,
        "item_caption": _item_caption(journey, place),
        "guidance_html": safe_markdown(
            journey.request, journey.services, form.stream, page.guidance
        ),
        "components_html": draw_questions(
            form, page, posted, told + cautions, alone=alone, words=_words(journey)
        ),
        "error_summary": [
            {"text": text, "href": f"#{field_id(problem)}"} for problem, text in told
        ],
        "warning_summary": [
            {"text": text, "href": f"#{field_id(problem)}"} for problem, text in cautions
        ],
        "hidden": hidden,
        "action": journey.url(place) + ("?change=yes" if changing else ""),
        "back_href": _back(journey, place, changing=changing),
        "skip_hint": bool(page.ask) and not page.required,
        "notices": list(notices),
        "progress": _progress(journey, page),
        "can_save": bool(page.ask),
        "exit_this_page": _may_be_at_risk(journey),
        "stream": form.stream,
    }
    template = "exit.html" if page.exit else "question.html" if page.ask else "guidance.html"
    title = page.title or form.questions[page.ask[0]].text
    if place.item:
        title = f"{title} ({context['item_caption']})"
    return draw(
        journey.request,
        journey.services,
        template,
        title=_words(journey)(title),
        error=bool(told),
        status=status,
        **context,
    )


def _words(journey: Journey) -> Any:
    from chalicelib.web.words import in_words_of

    return lambda text: in_words_of(journey.services.partnership, journey.form.stream, text)


def _item_caption(journey: Journey, place: Place) -> str | None:
    group = journey.form.group(place.group) if place.group else None
    return f"{group.item} {place.item}" if group and place.item else None


def _back(journey: Journey, place: Place, *, changing: bool) -> str:
    if changing:
        return journey.url("check-answers")
    previous = journey.path.previous(place)
    if previous is None:
        return f"{journey.request.base_url}/{journey.form.name}"
    return journey.url(previous)


def _progress(journey: Journey, page: Page) -> str:
    keys = list(journey.form.sections)
    return f"Section {keys.index(page.section) + 1} of {len(keys)}"


def _may_be_at_risk(journey: Journey) -> bool:
    """The quick way out is for people who may be watched: not for professionals at work."""
    role = journey.form.roles.get("submitter_type", "")
    return journey.answers.get(role) in ("family_or_friend", "the_adult", "the_child", "public")
