"""A longer text of several lines, with a count of characters when there is much room."""

from __future__ import annotations

from typing import Any

from chalicelib.forms.definition import Question
from chalicelib.forms.questions.base import Component, Errors, Posted, SingleBox, input_params

COUNTED_FROM = 500
"""Below this limit (characters) a count would only distract."""


class Textarea(SingleBox):
    """Several lines."""

    own_rules = frozenset({"characters"})
    multiline = True

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        params: dict[str, Any] = input_params(question, posted, errors, heading, optional)
        params.pop("classes", None)
        limit = question.schema["maxLength"]
        params["rows"] = 8 if limit >= COUNTED_FROM else 4
        if limit < COUNTED_FROM:
            return Component("textarea", params)
        return Component("character-count", params | {"maxlength": limit})


TYPE = Textarea()
