"""One option of a long list."""

from __future__ import annotations

from chalicelib.forms.definition import Question
from chalicelib.forms.questions.base import (
    Component,
    Errors,
    Posted,
    hint_and_error,
    label,
    typed,
)
from chalicelib.forms.questions.choice import OneOfSeveral


class Select(OneOfSeveral):
    """A drop-down list that starts with nothing chosen."""

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        chosen = typed(posted, question.name)
        nothing = {"value": "", "text": question.words["choose"], "selected": not chosen}
        items = [nothing] + [
            {"value": option.value, "text": option.label, "selected": option.value == chosen}
            for option in question.options
        ]
        params = {
            "id": question.name,
            "name": question.name,
            "label": label(question, heading=heading, optional=optional),
            "items": items,
            **hint_and_error(question, errors),
        }
        return Component("select", params)


TYPE = Select()
