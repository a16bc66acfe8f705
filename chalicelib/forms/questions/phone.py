"""A telephone number, in the United Kingdom or elsewhere, kept as typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.forms.definition import Question
from chalicelib.forms.questions.base import Component, Errors, Fault, Posted, SingleBox

# Digits with the marks that people put between them, 7 to 15 digits (ITU-T E.164 allows 15), and an
# extension. Lenient on purpose: a number that a person can dial is never refused.
PATTERN = r"^\+?[ (]*[0-9]([ ()./-]*[0-9]){6,14}[ )]*( *(ext|ext\.|x|extension) *[0-9]{1,6})?$"
MOST = 40


class Phone(SingleBox):
    """A number that can be dialled."""

    base_schema: Mapping[str, Any] = {
        "type": "string",
        "minLength": 1,
        "maxLength": MOST,
        "pattern": PATTERN,
    }
    own_rules = frozenset({"characters", "format"})
    keywords: Mapping[str, str] = {"minLength": "required", "pattern": "format"}

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        faults = super().check(question, value, today)
        return faults or ([] if re.fullmatch(PATTERN, value) else [Fault("format")])

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        shown = super().show(question, posted, errors, heading=heading, optional=optional)
        shown.params.update({"type": "tel", "classes": "govuk-input--width-20"})
        return shown


TYPE = Phone()
