"""What every question type offers, and what most of them share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from chalicelib.forms.definition import Question

Posted = Mapping[str, Sequence[str]]
"""A posted page: every value sent under each field name, as typed."""

Inner = tuple[str | int, ...]
"""A path inside an answer of several parts."""

Errors = Sequence[tuple[str | None, str]]
"""What to show at a question: the box at fault (None: the whole answer) and the message."""

# Control characters but tab and line feed, halves of surrogate pairs, and the mark that a decoder
# leaves where bytes were not UTF-8: none can be typed, and some storage and mail cannot carry them.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


@dataclass(frozen=True)
class Component:
    """A GOV.UK Frontend macro and its parameters.

    `macro` is the macro's name in the Design System ("input", "date-input"). "address" and
    "approximate-date" are composites: a fieldset (`fieldset`, `hint`, `errorMessage`) around
    `parts`, a list of components.
    """

    macro: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One rule that an answer fails; `part` is the box at fault, None for the whole answer."""

    rule: str
    params: Mapping[str, Any] = field(default_factory=dict)
    part: str | None = None


@dataclass(frozen=True)
class Reading:
    """What a person typed, understood: no `value` when nothing was given or it makes no sense."""

    value: Any = None
    faults: tuple[Fault, ...] = ()


class QuestionType(Protocol):
    """One type of question and all its outputs."""

    base_schema: Mapping[str, Any]
    first: str | None
    """The first box of a question of several boxes."""

    def parse(self, question: Question, posted: Posted) -> Reading:
        """Read the boxes of one question; blank gives a Reading without value and faults."""
        ...

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        """Every rule that a value of the right JSON type fails."""
        ...

    def warn(self, question: Question, value: Any) -> list[Fault]:
        """Rules that are worth a second look but never refuse an answer."""
        ...

    def fill(self, question: Question, value: Any) -> dict[str, list[str]]:
        """The boxes that `parse` reads this value from."""
        ...

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        """The macro that draws the question with what was typed and what is wrong with it."""
        ...

    def summary(self, question: Question, value: Any) -> list[str]:
        """The answer as lines for a person to read."""
        ...

    def export(self, question: Question, value: Any) -> dict[str, str]:
        """The answer as columns of a table: column name to text."""
        ...

    def rules(self, question: Question) -> frozenset[str]:
        """Every rule that can fail, on a page or in a document; each needs a message."""
        ...

    def warning_rules(self, question: Question) -> frozenset[str]:
        """Every warning that can be given; each needs a message."""
        ...

    def fault_of(self, question: Question, keyword: str, limit: Any, inner: Inner) -> Fault:
        """The fault that a failed JSON Schema keyword, at `inner` of the value, means."""
        ...


class SingleBox:
    """A question with one box whose answer is a string. Types override what differs."""

    base_schema: Mapping[str, Any] = {"type": "string", "minLength": 1}
    first: str | None = None
    own_rules: frozenset[str] = frozenset()
    multiline = False
    keywords: Mapping[str, str] = {"minLength": "required"}

    def parse(self, question: Question, posted: Posted) -> Reading:
        text, faults = one_value(posted, question.name)
        return Reading(value=text or None, faults=faults)

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        return text_faults(value, limit=question.schema.get("maxLength"), multiline=self.multiline)

    def warn(self, question: Question, value: Any) -> list[Fault]:
        return []

    def fill(self, question: Question, value: Any) -> dict[str, list[str]]:
        return {question.name: [str(value)]}

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        return Component("input", input_params(question, posted, errors, heading, optional))

    def summary(self, question: Question, value: Any) -> list[str]:
        return str(value).split("\n")

    def export(self, question: Question, value: Any) -> dict[str, str]:
        return {question.name: str(value)}

    def rules(self, question: Question) -> frozenset[str]:
        limits = {"maxLength"} & question.schema.keys()
        shared = {"required", "duplicate", "type", "not_asked"}
        return frozenset(shared | limits | self.own_rules)

    def warning_rules(self, question: Question) -> frozenset[str]:
        asked_once = "x-ask-once" in question.schema
        return frozenset({"ask_once"} if asked_once else ())

    def fault_of(self, question: Question, keyword: str, limit: Any, inner: Inner) -> Fault:
        return Fault(self.keywords.get(keyword, keyword), {} if limit is None else {"limit": limit})


def one_value(posted: Posted, field_name: str) -> tuple[str, tuple[Fault, ...]]:
    """The trimmed text of a box that may be sent once, and a fault when it was sent more often."""
    sent = posted.get(field_name, ())
    text = tidy(sent[0]) if sent else ""
    return text, (Fault("duplicate"),) if len(sent) > 1 else ()


def tidy(text: str) -> str:
    """Line endings made one kind, blanks around the text taken off."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def text_faults(value: str, *, limit: int | None, multiline: bool) -> list[Fault]:
    """What is wrong with a text: blank, too long, or with characters that cannot be typed."""
    if not value.strip():
        return [Fault("required")]
    if _HIDDEN.search(value) or (not multiline and "\n" in value):
        return [Fault("characters")]
    return [Fault("maxLength", {"limit": limit})] if limit and len(value) > limit else []


def typed(posted: Posted, field_name: str) -> str:
    """What to show again in a box: exactly what was typed."""
    sent = posted.get(field_name, ())
    return sent[0] if sent else ""


def input_params(
    question: Question, posted: Posted, errors: Errors, heading: bool, optional: bool
) -> dict[str, Any]:
    """Parameters of the text input macro. A browser fills in nothing about another person."""
    params = {
        "id": question.name,
        "name": question.name,
        "label": label(question, heading=heading, optional=optional),
        "value": typed(posted, question.name),
        "classes": width(question.schema.get("maxLength")),
        "autocomplete": question.schema.get("x-autocomplete", "off"),
        **hint_and_error(question, errors),
    }
    return {key: value for key, value in params.items() if value != ""} | {"value": params["value"]}


def width(limit: int | None) -> str:
    """The fixed-width class that suits a short answer; long ones use the full width."""
    sizes = ((4, 4), (10, 10), (30, 20))
    return next(
        (f"govuk-input--width-{size}" for most, size in sizes if limit and limit <= most), ""
    )


def label(question: Question, *, heading: bool, optional: bool) -> dict[str, Any]:
    """A label; the page's heading when the page asks only this."""
    text = question.text + (f" {question.words['optional']}" if optional else "")
    if heading:
        return {"text": text, "classes": "govuk-label--l", "isPageHeading": True}
    return {"text": text, "classes": "govuk-label--s"}


def fieldset(question: Question, *, heading: bool, optional: bool) -> dict[str, Any]:
    """A fieldset whose legend is the question; the page's heading when the page asks only this."""
    legend = label(question, heading=heading, optional=optional)
    return {"legend": legend | {"classes": f"govuk-fieldset__legend--{'l' if heading else 's'}"}}


def hint_and_error(question: Question, errors: Errors) -> dict[str, Any]:
    """The hint and the first message, where there are any."""
    params: dict[str, Any] = {}
    if question.hint:
        params["hint"] = {"text": question.hint}
    if errors:
        params["errorMessage"] = {"text": errors[0][1]}
    return params
