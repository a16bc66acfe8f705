"""The list page of a repeated group: what was added, add another, change, remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.forms.answers import add_item, remove_item
from chalicelib.forms.definition import Group
from chalicelib.forms.journey import Place, seen_without_item
from chalicelib.use_cases.ports import DraftChanged
from chalicelib.web import draft_session
from chalicelib.web.drawing import draw, safe_markdown
from chalicelib.web.http import Response, redirect
from chalicelib.web.journey import (
    RETRIES,
    Journey,
    item_values,
    reopened,
    state_of,
)
from chalicelib.web.question_view import STATE_FIELD, may_be_at_risk
from chalicelib.web.summary import item_title

YES_NO = ("yes", "no")


def list_place(group: Group) -> Place:
    return Place(group.id, group=group.id)


def item_place(group: Group, number: int) -> Place:
    return Place(group.pages[0].id, group=group.id, item=number)


def show(
    journey: Journey, group: Group, *, problem: str | None = None, status: int = 200
) -> Response:
    items = journey.path.answers.get(group.each, [])
    rows = [_listed(journey, group, number) for number in range(1, len(items) + 1)]
    can_add = len(items) < group.max_items
    changing = "change" in journey.request.query
    previous = journey.path.previous(list_place(group))
    return draw(
        journey.request,
        journey.services,
        "group_list.html",
        title=group.title,
        status=status,
        error=problem is not None,
        error_summary=[{"text": problem, "href": "#add_another"}] if problem else [],
        form_title=journey.form.text["name"],
        section=journey.form.sections[group.section],
        guidance_html=safe_markdown(
            journey.request, journey.services, journey.form.stream, group.guidance
        ),
        items=rows,
        empty=group.empty,
        question=group.add,
        can_add=can_add,
        most=group.max_items,
        hidden=_hidden(journey, changing=changing),
        action=journey.url(list_place(group)),
        back_href=journey.url("check-answers" if changing or previous is None else previous),
        stream=journey.form.stream,
        exit_this_page=may_be_at_risk(journey),
        can_save=True,
    )


def answer(journey: Journey, group: Group, posted: Mapping[str, Sequence[str]]) -> Response:
    """Yes opens a new item, no goes on."""
    if "save" in posted.get("then", ()):
        return journey.go(journey.url("save"))
    choice = (posted.get("add_another") or [""])[-1]
    count = len(journey.path.answers.get(group.each, []))
    if choice == "yes" and count < group.max_items:
        return journey.go(journey.url(item_place(group, _opened(journey, group))))
    if count >= group.max_items or choice == "no":
        return _finished(journey, group, count, changing="change" in posted)
    return show(journey, group, problem=f"Select yes if you need to add {_one(group)}", status=422)


def remove_page(
    journey: Journey, group: Group, number: int, *, problem: str | None = None
) -> Response:
    title = item_title(group, number, item_values(journey.answers, group, number))
    return draw(
        journey.request,
        journey.services,
        "remove_item.html",
        title=f"Are you sure you want to remove {group.item.lower()} {number}?",
        status=422 if problem else 200,
        error=problem is not None,
        error_summary=[{"text": problem, "href": "#remove"}] if problem else [],
        form_title=journey.form.text["name"],
        section=journey.form.sections[group.section],
        item_title=title,
        hidden={**_hidden(journey, changing=False), STATE_FIELD: _items_state(journey, group)},
        action=journey.url(f"{group.id}/{number}/remove"),
        back_href=journey.url(list_place(group)),
        stream=journey.form.stream,
        exit_this_page=may_be_at_risk(journey),
    )


def remove(
    journey: Journey, group: Group, number: int, posted: Mapping[str, Sequence[str]]
) -> Response:
    if posted.get(STATE_FIELD, [""])[0] != _items_state(journey, group):
        # Items are numbered: posted again, this would remove whoever moved up.
        return redirect(journey.url(list_place(group)))
    choice = (posted.get("remove") or [""])[-1]
    if choice not in YES_NO:
        return remove_page(
            journey, group, number, problem=f"Select yes to remove this {group.item.lower()}"
        )
    if choice == "yes":
        answers = remove_item(journey.form, journey.answers, group, number)
        seen = seen_without_item(journey.seen, group.id, number) - {list_place(group).url}
        journey = journey.saved(answers, seen)
    return redirect(journey.url(list_place(group)))


def _finished(journey: Journey, group: Group, count: int, *, changing: bool) -> Response:
    if count < group.min_items:
        return show(journey, group, problem=f"Add at least {group.min_items}", status=422)
    place = list_place(group)
    for _ in range(RETRIES):
        try:
            journey = journey.saved(journey.answers, journey.seen | {place.url})
            return journey.go(journey.after(place, changing=changing))
        except DraftChanged:
            journey = reopened(journey)
    raise DraftChanged


def _opened(journey: Journey, group: Group) -> int:
    """The number of the item to fill in: one that was opened and left at once is used again, one
    whose pages were passed without an answer is kept: somebody of whom nothing is known."""
    items = journey.answers.get(group.each, [])
    if items and not items[-1] and item_place(group, len(items)).url not in journey.seen:
        return len(items)
    answers = add_item(journey.form, journey.answers, group)
    opened = journey.saved(answers, journey.seen - {list_place(group).url})
    return len(opened.answers[group.each])


def _listed(journey: Journey, group: Group, number: int) -> dict[str, Any]:
    values = item_values(journey.path.answers, group, number)
    return {
        "name": item_title(group, number, values),
        "change_href": journey.url(item_place(group, number)),
        "remove_href": journey.url(f"{group.id}/{number}/remove"),
    }


def _items_state(journey: Journey, group: Group) -> str:
    return state_of({group.each: journey.answers.get(group.each, [])})


def _hidden(journey: Journey, *, changing: bool) -> dict[str, str]:
    hidden = {draft_session.CSRF_FIELD: journey.session.csrf}
    return {**hidden, "change": "yes"} if changing else hidden


def _one(group: Group) -> str:
    name = group.item[0].lower() + group.item[1:]
    return f"another {name}"
