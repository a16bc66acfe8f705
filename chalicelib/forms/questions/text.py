"""A short text in one line."""

from __future__ import annotations

from datetime import date
from typing import Any

from chalicelib.forms.definition import Question
from chalicelib.forms.questions.base import Component, Errors, Fault, Posted, SingleBox


class Text(SingleBox):
    """One line; `pattern`, where the schema has one, is matched by the linear-time engine."""

    own_rules = frozenset({"characters"})

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        return super().check(question, value, today) or pattern_faults(question, value)

    def rules(self, question: Question) -> frozenset[str]:
        return super().rules(question) | ({"pattern"} & question.schema.keys())

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        shown = super().show(question, posted, errors, heading=heading, optional=optional)
        # The dictionary of a browser may be a service elsewhere: a reference or a name stays here.
        about_the_referrer = question.schema.get("x-autocomplete")
        coded = "pattern" in question.schema or question.name.rpartition("_")[2] in UNSPELT
        if about_the_referrer or coded:
            shown.params["spellcheck"] = False
        return shown


UNSPELT = frozenset(
    ("name", "forename", "surname", "names", "ref", "reference", "id", "upn", "urn", "number")
)
"""Last words of question names whose answers no dictionary knows."""


def pattern_faults(question: Question, value: str) -> list[Fault]:
    """A fault when the author's pattern does not match."""
    pattern = question.schema.get("pattern")
    if pattern is None:
        return []
    from chalicelib.forms.validator import matches

    return [] if matches(pattern, value) else [Fault("pattern")]


TYPE = Text()
