"""Any of several options, some of which may exclude all others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.forms.definition import Question
from chalicelib.forms.questions.base import (
    Component,
    Errors,
    Fault,
    Inner,
    Posted,
    Reading,
    SingleBox,
)
from chalicelib.forms.questions.choice import list_params, values


class Checkboxes(SingleBox):
    """The answer lists the chosen values in the order of the options."""

    base_schema: Mapping[str, Any] = {"type": "array", "uniqueItems": True, "minItems": 1}
    own_rules = frozenset({"enum", "uniqueItems"})
    keywords: Mapping[str, str] = {"minItems": "required"}

    def parse(self, question: Question, posted: Posted) -> Reading:
        sent = [text for text in posted.get(question.name, ()) if text]
        # Browsers send what is on the page in its order; any other order means the same answer.
        known = [value for value in values(question) if value in sent]
        strangers = [text for text in sent if text not in known]
        return Reading(value=(known + strangers) or None)

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        if not value:
            return [Fault("required")]
        offered = values(question)
        if any(one not in offered for one in value):
            return [Fault("enum")]
        if len(set(value)) < len(value):
            return [Fault("uniqueItems")]
        alone = next((one for one in value if one in question.exclusive), None)
        if alone is not None and len(value) > 1:
            return [Fault("exclusive", {"option": question.label_of(alone)})]
        return []

    def fill(self, question: Question, value: Any) -> dict[str, list[str]]:
        return {question.name: list(value)}

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        params = list_params(question, posted, errors, heading, optional)
        usual = [item for item in params["items"] if item["value"] not in question.exclusive]
        alone = [
            item | {"behaviour": "exclusive"}
            for item in params["items"]
            if item["value"] in question.exclusive
        ]
        divider = [{"divider": question.words["or"]}] if usual and alone else []
        return Component("checkboxes", params | {"items": usual + divider + alone})

    def summary(self, question: Question, value: Any) -> list[str]:
        return [question.label_of(str(one)) for one in value]

    def export(self, question: Question, value: Any) -> dict[str, str]:
        return {question.name: "; ".join(self.summary(question, value))}

    def rules(self, question: Question) -> frozenset[str]:
        exclusive = {"exclusive"} if question.exclusive else set()
        return (super().rules(question) | exclusive) - {"duplicate"}

    def fault_of(self, question: Question, keyword: str, limit: Any, inner: Inner) -> Fault:
        return Fault("enum") if inner else super().fault_of(question, keyword, None, inner)


TYPE = Checkboxes()
