"""Answers as rows that a person reads: for check answers, the printable copy, a conflict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.forms.definition import Form, Group, Page
from chalicelib.forms.journey import Place, asked, walk
from chalicelib.forms.questions import question_type
from chalicelib.web.journey import Journey, item_values

Row = dict[str, Any]
NOT_ANSWERED = "Not answered"


def answer_lines(form: Form, name: str, values: Mapping[str, Any]) -> list[str]:
    question = form.questions[name]
    if name not in values:
        return [NOT_ANSWERED]
    return question_type(question).summary(question, values[name]) or [NOT_ANSWERED]


def page_rows(journey: Journey, values: Mapping[str, Any]) -> list[Row]:
    form = journey.form
    return [
        {"key": form.questions[name].row, "value_lines": answer_lines(form, name, values)}
        for name in values
    ]


def sections(form: Form, answers: Mapping[str, Any], change: str | None) -> list[dict[str, Any]]:
    """Every question on the path, by section, groups' items under headings of their own.

    Shape: [{title, rows, blank, groups: [{title, change_href, items: [{title, rows, blank}]}]}]; a
    row is {key, value_lines, change_href, change_hidden_text}. `change` is what links begin with
    ("/adult/"): then `blank` holds the unanswered ones, so that a phone shows first what was said.
    None draws no links and leaves every row in its place (a copy)."""
    path = walk(form, answers)
    found: dict[str, dict[str, Any]] = {}
    for step in form.steps:
        if isinstance(step, Group):
            if any(place.group == step.id for place in path.places):
                section = _section(found, form, step.section)
                section["groups"].append(_group(form, step, path.answers, change))
        elif Place(step.id) in path.places:
            rows = _rows(form, step, path.answers, None, change, Place(step.id))
            if rows:
                _section(found, form, step.section)["rows"].extend(rows)
    if change is not None:
        for section in found.values():
            for part in (
                section,
                *(item for group in section["groups"] for item in group["items"]),
            ):
                _fold(part)
    return list(found.values())


def _fold(part: dict[str, Any]) -> None:
    part["blank"] = [row for row in part["rows"] if not row["answered"]]
    part["rows"] = [row for row in part["rows"] if row["answered"]]


def _section(found: dict[str, dict[str, Any]], form: Form, key: str) -> dict[str, Any]:
    return found.setdefault(key, {"title": form.sections[key], "rows": [], "groups": []})


def _group(
    form: Form, group: Group, answers: Mapping[str, Any], change: str | None
) -> dict[str, Any]:
    items = []
    for number in range(1, len(answers.get(group.each, [])) + 1):
        values = item_values(answers, group, number)
        rows: list[Row] = []
        for page in group.pages:
            place = Place(page.id, group=group.id, item=number)
            rows.extend(_rows(form, page, answers, values, change, place))
        items.append({"title": item_title(group, number, values), "rows": rows})
    return {
        "title": group.title,
        "items": items,
        "empty": group.empty,
        "change_href": None if change is None else f"{change}{group.id}?change=yes",
    }


def item_title(group: Group, number: int, values: Mapping[str, Any]) -> str:
    """ "Adult 2: Ada Byron", or "Adult 2" while no name is known."""
    name = " ".join(str(values[part]) for part in group.item_name if values.get(part))
    return f"{group.item} {number}: {name}" if name else f"{group.item} {number}"


def _rows(
    form: Form,
    page: Page,
    answers: Mapping[str, Any],
    item: Mapping[str, Any] | None,
    change: str | None,
    place: Place,
) -> Iterable[Row]:
    values = answers if item is None else item
    rows = []
    for name in asked(form, page, answers, item):
        question = form.questions[name]
        row: Row = {"key": question.row, "value_lines": answer_lines(form, name, values)}
        row["answered"] = name in values
        if change is not None:
            row["change_href"] = f"{change}{place.url}?change=yes#{name}"
            row["change_hidden_text"] = question.noun
        rows.append(row)
    return rows
