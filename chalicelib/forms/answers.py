"""A posted page and typed answers, one into the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.forms.conditions import holds
from chalicelib.forms.definition import Form, Group, Page, Question
from chalicelib.forms.journey import Place, page_at
from chalicelib.forms.problems import Problem, problem_of
from chalicelib.forms.questions import Fault, Posted, question_type
from chalicelib.forms.questions.dates import london_today
from chalicelib.forms.submission_check import check_submission

__all__ = [
    "Parsed",
    "add_item",
    "check_submission",
    "fill_page",
    "parse_page",
    "remove_item",
    "with_page",
]


@dataclass(frozen=True)
class Parsed:
    """A posted page, understood: answers, what was typed, and everything wrong, in page order."""

    values: dict[str, Any]
    posted: Posted
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def parse_page(form: Form, page: Page, posted: Posted, *, today: date | None = None) -> Parsed:
    """Read the questions of one page; other fields are ignored, hidden reveals are left out.

    `today` is the day in London unless given. An answer with a problem has no value.
    """
    today = today or london_today()
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for name in page.ask:
        reveal = page.reveal.get(name)
        if reveal is not None and not holds({reveal.parent: reveal.option}, values):
            continue
        question = form.questions[name]
        value, faults = _read(question, posted, today)
        if value is None and not faults:
            required = name in page.required
            faults = [Fault("required")] if required else []
            if not required and question.schema.get("x-ask-once"):
                warnings.append(problem_of(question, Fault("ask_once")))
        problems += [problem_of(question, fault) for fault in faults]
        if value is not None and not faults:
            values[name] = value
            kind = question_type(question)
            warnings += [problem_of(question, fault) for fault in kind.warn(question, value)]
    return Parsed(values, posted, tuple(problems), tuple(warnings))


def _read(question: Question, posted: Posted, today: date) -> tuple[Any, list[Fault]]:
    kind = question_type(question)
    reading = kind.parse(question, posted)
    faults = list(reading.faults)
    if reading.value is not None:
        faults += kind.check(question, reading.value, today)
    return reading.value, faults


def fill_page(form: Form, page: Page, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """The boxes of a page filled in, so that `parse_page` reads the same values again."""
    boxes: dict[str, list[str]] = {}
    for name in page.ask:
        if name in values:
            question = form.questions[name]
            boxes |= question_type(question).fill(question, values[name])
    return boxes


def with_page(
    form: Form, answers: Mapping[str, Any], place: Place, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers with those of one page replaced; what `values` lacks is removed.

    An item that is the next of its group comes into being. Raises ValueError for a place that is no
    page, or an item beyond the next.
    """
    page = page_at(form, place)
    if page is None:
        raise ValueError("this place asks nothing")
    if place.group is None or place.item is None:
        return _replaced(answers, page, values)
    group = _group(form, place.group)
    grown = add_item(form, answers, group, place.item)
    items = list(grown[group.each])
    items[place.item - 1] = _replaced(items[place.item - 1], page, values)
    return {**grown, group.each: items}


def _replaced(answers: Mapping[str, Any], page: Page, values: Mapping[str, Any]) -> dict[str, Any]:
    others = {name: value for name, value in answers.items() if name not in page.ask}
    return others | {name: values[name] for name in page.ask if name in values}


def add_item(
    form: Form, answers: Mapping[str, Any], group: Group | str, item: int | None = None
) -> dict[str, Any]:
    """The answers with one more, empty item; with `item`, only where that one is not there yet.

    Raises ValueError when the group is full, or when `item` is not the next one.
    """
    repeated = _group(form, group)
    items = list(answers.get(repeated.each, ()))
    number = len(items) + 1 if item is None else item
    if 1 <= number <= len(items):
        return dict(answers)
    if number != len(items) + 1 or number > repeated.max_items:
        raise ValueError("no such item can be added")
    return {**answers, repeated.each: [*items, {}]}


def remove_item(
    form: Form, answers: Mapping[str, Any], group: Group | str, item: int
) -> dict[str, Any]:
    """The answers without one item (numbered from 1). Raises ValueError when it is not there."""
    repeated = _group(form, group)
    items = list(answers.get(repeated.each, ()))
    if not 1 <= item <= len(items):
        raise ValueError("there is no such item")
    left = items[: item - 1] + items[item:]
    others = {name: value for name, value in answers.items() if name != repeated.each}
    return others | ({repeated.each: left} if left else {})


def _group(form: Form, group: Group | str) -> Group:
    found = form.group(group) if isinstance(group, str) else group
    if found is None:
        raise ValueError("there is no such group")
    return found
