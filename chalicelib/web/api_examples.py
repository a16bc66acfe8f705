"""An example for each form: the shortest referral that the form's own rules accept.

Every value is one that can belong to nobody: example.org, Ofcom's drama telephone numbers, the NHS
number range kept for tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.forms.answers import check_submission
from chalicelib.forms.definition import Form, Question
from chalicelib.forms.journey import walk

_BY_TYPE: Mapping[str, Any] = {
    "email": "alex.taylor@example.org",
    "phone": "01632 960001",
    "date": "2026-03-14",
    "approximate_date": {"year": 2026, "month": 3, "estimated": True},
    "time": "14:30",
    "address": {"line1": "1 Example Street", "town": "Exampleton", "postcode": "ZZ99 3VZ"},
    "nhs_number": "9990000018",
    "yes_no": "no",
    "yes_no_not_known": "no",
    "declaration": True,
}
# Each round answers what the one before brought into question; forms have far fewer levels.
_ROUNDS = 40


def example_answers(form: Form) -> dict[str, Any]:
    """Answers that `check_submission` accepts. Raises ValueError when none was found.

    Whatever is refused as missing is given its first acceptable answer, until nothing is.
    """
    answers: dict[str, Any] = {}
    for _ in range(_ROUNDS):
        missing = [problem.path for problem in check_submission(form, answers)]
        if not missing:
            return answers
        for path in missing:
            _give(form, answers, path)
    raise ValueError(f"no example found for the form {form.name}")


def _give(form: Form, answers: dict[str, Any], path: Sequence[str | int]) -> None:
    """Put an example where a problem is: an answer, or one more item of a group."""
    holder: Any = answers
    for part in path[:-1]:
        holder = holder[part]
    name = path[-1] if path else ""
    if isinstance(name, int):
        return
    if name in form.questions:
        holder[name] = _example(form, answers, form.questions[name])
    elif any(group.each == name for group in form.groups):
        holder.setdefault(name, []).append({})


def _example(form: Form, answers: Mapping[str, Any], question: Question) -> Any:
    if question.type in _BY_TYPE:
        return _BY_TYPE[question.type]
    values = [option.value for option in question.options]
    if question.type == "checkboxes":
        return values[:1]
    if values:
        # An answer that ends the journey has nothing after it that could be sent.
        going_on = (v for v in values if walk(form, {**answers, question.name: v}).exit is None)
        return next(going_on, values[0])
    if question.type == "number":
        return question.schema.get("minimum", 1)
    return f"Example of {question.noun}"[: question.schema.get("maxLength", 200)]
