"""Questions and other parts of a page as GOV.UK markup."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

from minijinja import safe

from chalicelib.web.render import draw_macro

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form, Page, Question
    from chalicelib.forms.problems import Problem
    from chalicelib.forms.questions import Component

Children = Mapping[str, Sequence[str]]
Told = tuple["Problem", str]
_TYPED_IN = ("textarea", "character-count")


def draw(component: Component, children: Children | None = None) -> str:
    """One component as HTML. `children` are drawn questions by the option that reveals them."""
    params = dict(component.params)
    if "parts" in params:
        return _composite(component.macro, params)
    if children:
        params["items"] = [_revealing(item, children) for item in params["items"]]
    if component.macro in _TYPED_IN:
        params["value"] = _kept_as_typed(params.get("value"))
    return draw_macro(component.macro, params)


def draw_questions(
    form: Form,
    page: Page,
    posted: Mapping[str, Sequence[str]],
    told: Sequence[Told],
    *,
    alone: bool,
    words: Callable[[str], str],
) -> list[str]:
    """The questions of a page, revealed ones inside the option that reveals them.

    `alone` makes the question the page's h1. `words` puts the partnership's names into texts.
    `told` are problems with the message that each shows beside its question.
    """

    def drawn(name: str) -> str:
        return draw(
            _shown(form.questions[name], page, posted, told, heading=alone, words=words),
            _children(page, name, drawn),
        )

    return [drawn(name) for name in page.ask if name not in page.reveal]


def _shown(
    question: Question,
    page: Page,
    posted: Mapping[str, Sequence[str]],
    told: Sequence[Told],
    *,
    heading: bool,
    words: Callable[[str], str],
) -> Component:
    from chalicelib.forms.questions import question_type

    errors = [(problem.part, text) for problem, text in told if question.name in problem.path]
    return question_type(question).show(
        _in_words(question, words),
        posted,
        errors,
        heading=heading and question.name not in page.reveal,
        optional=question.name in page.optional,
    )


def _in_words(question: Question, words: Callable[[str], str]) -> Question:
    options = tuple(
        replace(option, label=words(option.label), hint=option.hint and words(option.hint))
        for option in question.options
    )
    hint = words(question.hint) if question.hint else None
    return replace(question, text=words(question.text), hint=hint, options=options)


def _children(page: Page, parent: str, drawn: Callable[[str], str]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for name in page.ask:
        reveal = page.reveal.get(name)
        if reveal is not None and reveal.parent == parent:
            children.setdefault(reveal.option, []).append(drawn(name))
    return children


def _revealing(item: Mapping[str, Any], children: Children) -> Mapping[str, Any]:
    revealed = children.get(item.get("value", ""))
    return {**item, "conditional": {"html": "\n".join(revealed)}} if revealed else item


def _composite(macro: str, params: dict[str, Any]) -> str:
    """A question of several controls: a fieldset with hint and error, and its parts inside."""
    name = params.get("id") or params.get("name") or macro
    html, described = [], []
    for part, kind in (("hint", "hint"), ("errorMessage", "error-message")):
        if params.get(part):
            part_id = f"{name}-{'hint' if kind == 'hint' else 'error'}"
            html.append(draw_macro(kind, {**params[part], "id": part_id}))
            described.append(part_id)
    html.extend(draw(part) for part in params["parts"])
    fieldset = {**(params.get("fieldset") or {}), "html": "\n".join(html)}
    if described:
        fieldset["describedBy"] = " ".join(described)
    error = " govuk-form-group--error" if params.get("errorMessage") else ""
    drawn = draw_macro("fieldset", fieldset)
    return f'<div class="govuk-form-group app-{macro}{error}">{drawn}</div>'


def _kept_as_typed(value: object) -> str:
    """Line breaks as references: GOV.UK's macros indent what a fieldset holds, and would put
    blanks before each line of a text that an option reveals, again at every reload."""
    return safe(escape(str(value or "")).replace("\n", "&#10;"))
