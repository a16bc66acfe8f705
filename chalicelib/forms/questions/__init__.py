"""The question types, one file each: how an answer is parsed, filled in, shown and summarised.

A type never sees a form: it gets one question, and the posted boxes of the page.
"""

from __future__ import annotations

from chalicelib.forms.definition import Question
from chalicelib.forms.questions import (
    address,
    approximate_date,
    checkboxes,
    date,
    declaration,
    email,
    nhs_number,
    number,
    phone,
    radios,
    select,
    text,
    textarea,
    time,
    yes_no,
    yes_no_not_known,
)
from chalicelib.forms.questions.base import Component, Fault, Posted, QuestionType, Reading

REFERENCED: dict[str, QuestionType] = {
    "email": email.TYPE,
    "phone": phone.TYPE,
    "date": date.TYPE,
    "approximate_date": approximate_date.TYPE,
    "time": time.TYPE,
    "address": address.TYPE,
    "nhs_number": nhs_number.TYPE,
    "yes_no": yes_no.TYPE,
    "yes_no_not_known": yes_no_not_known.TYPE,
    "declaration": declaration.TYPE,
}
"""The types that a definition names with `{"$ref": "#/$defs/<type>"}`."""

TYPES: dict[str, QuestionType] = REFERENCED | {
    "text": text.TYPE,
    "textarea": textarea.TYPE,
    "number": number.TYPE,
    "radios": radios.TYPE,
    "select": select.TYPE,
    "checkboxes": checkboxes.TYPE,
}


def question_type(question: Question) -> QuestionType:
    """The type of a question."""
    return TYPES[question.type]


__all__ = [
    "REFERENCED",
    "TYPES",
    "Component",
    "Fault",
    "Posted",
    "QuestionType",
    "Reading",
    "question_type",
]
