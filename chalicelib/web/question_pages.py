"""One page of questions: asked with GET, answered with POST to the same address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.forms.answers import Parsed, fill_page, parse_page, with_page
from chalicelib.forms.definition import Page
from chalicelib.forms.journey import Place, walk
from chalicelib.forms.problems import Problem
from chalicelib.referrals.draft import DraftTooLarge
from chalicelib.use_cases.ports import DraftChanged, StoreBusy
from chalicelib.web.http import Response
from chalicelib.web.journey import RETRIES, Journey, page_values, reopened, state_of
from chalicelib.web.question_view import (
    CHANGE_FIELD,
    STATE_FIELD,
    WARNED_FIELD,
    Filled,
    draw_page,
    heard,
)
from chalicelib.web.summary import page_rows
from chalicelib.web.today import today

Posted = Mapping[str, Sequence[str]]

SAVE_BUTTON = "then"
NOT_YET = "Some questions before that page are still to be answered. Start here."
BUSY = "The service is busy and could not save this page yet. Wait a minute, then continue."
TOO_MUCH = (
    "With this page, your notification holds more text than can be stored, so the page is not "
    "saved yet. Shorten what is below and continue. The partnership can take longer documents "
    "later: it will tell you how to send them securely."
)
NOT_CHECKED = (
    "We could not check that this page came from this browser, so it has not been saved yet. "
    "Check your answers below and continue again."
)
OTHER_TAB = (
    "This page was answered in another tab or on another device after you opened it here. What "
    "you typed is below. Continue to keep what is below instead of the other answers."
)
DROPPED = (
    "Because you changed an answer, these answers are no longer asked for and will not be sent. "
    "If you change it back, they return."
)


def show(journey: Journey, place: Place, page: Page) -> Response:
    saved = page_values(journey.form, page, place, journey.answers)
    query = journey.request.query
    notices = [NOT_YET] if "not-yet" in query else []
    if "dropped" in query and journey.path.dropped:
        gone = [f"{one.question} You answered: {one.value}" for one in journey.path.dropped]
        notices += [DROPPED, *gone]
    posted = fill_page(journey.form, page, saved)
    filled = Filled(posted, changing=CHANGE_FIELD in query, notices=notices)
    return draw_page(journey, place, page, filled)


def answer(journey: Journey, place: Place, page: Page, posted: Posted) -> Response:
    """Saves the page and goes on, or shows it again with everything that was typed."""
    parsed = parse_page(journey.form, page, posted, today=today(journey.services.clock))
    filled = Filled(posted, changing=CHANGE_FIELD in posted)
    leaving = "save" in posted.get(SAVE_BUTTON, ())
    problems = _that_count(parsed.problems, leaving=leaving)
    if problems:
        return draw_page(journey, place, page, replace(filled, problems=problems, status=422))
    if not leaving and _unheard(parsed, posted):
        return draw_page(journey, place, page, replace(filled, warnings=parsed.warnings))
    try:
        return _save(journey, place, page, parsed, filled)
    except DraftTooLarge:
        return draw_page(journey, place, page, replace(filled, notices=[TOO_MUCH], status=413))
    except StoreBusy:
        return draw_page(journey, place, page, replace(filled, notices=[BUSY], status=503))


def not_own_post(journey: Journey, place: Place, page: Page, posted: Posted) -> Response:
    """The post could not be tied to this browser's own page: nothing is changed, all is kept."""
    changing = CHANGE_FIELD in posted
    filled = Filled(posted, changing=changing, notices=[NOT_CHECKED], status=403)
    return draw_page(journey, place, page, filled)


def _that_count(problems: tuple[Problem, ...], *, leaving: bool) -> tuple[Problem, ...]:
    """Someone who saves to come back later need not have answered everything."""
    if not leaving:
        return problems
    return tuple(problem for problem in problems if problem.rule != "required")


def _unheard(parsed: Parsed, posted: Posted) -> bool:
    return bool(parsed.warnings) and heard(parsed.warnings) not in posted.get(WARNED_FIELD, ())


def _save(journey: Journey, place: Place, page: Page, parsed: Parsed, filled: Filled) -> Response:
    """Two tabs on different pages both win: what the other wrote is read again and kept. On the
    same page the second is told, and decides. Raises DraftChanged when others keep winning."""
    leaving = "save" in filled.posted.get(SAVE_BUTTON, ())
    for _ in range(RETRIES):
        if place not in journey.path.places:
            break
        saved = page_values(journey.form, page, place, journey.answers)
        if _changed_elsewhere(saved, parsed, filled.posted):
            return _conflict(journey, place, page, saved, filled)
        answers = with_page(journey.form, journey.answers, place, parsed.values)
        try:
            seen = journey.seen if leaving else journey.seen | {place.url}
            return _onwards(journey, journey.saved(answers, seen), place, filled, leaving=leaving)
        except DraftChanged:
            journey = reopened(journey)
    raise DraftChanged


def _onwards(
    before: Journey, after: Journey, place: Place, filled: Filled, *, leaving: bool
) -> Response:
    if leaving:
        return after.go(after.url("save"))
    known = {(gone.name, gone.item) for gone in before.path.dropped}
    dropped = walk(after.form, after.answers).dropped
    target = after.after(place, changing=filled.changing)
    newly = any((gone.name, gone.item) not in known for gone in dropped)
    return after.go(f"{target}?dropped=1" if newly else target)


def _changed_elsewhere(saved: Mapping[str, Any], parsed: Parsed, posted: Posted) -> bool:
    """Another tab saved the same page since this one was drawn, and with something else."""
    given = posted.get(STATE_FIELD, [""])[0]
    return bool(given) and given != state_of(saved) and saved != parsed.values


def _conflict(
    journey: Journey, place: Place, page: Page, saved: Mapping[str, Any], filled: Filled
) -> Response:
    told = [f"{row['key']}: {', '.join(row['value_lines'])}" for row in page_rows(journey, saved)]
    return draw_page(journey, place, page, replace(filled, notices=[OTHER_TAB, *told], status=409))
