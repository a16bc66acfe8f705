"""A problem with an answer: where it is, which rule failed, and the authored message for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.forms.definition import Form, Question
from chalicelib.forms.questions import Fault, question_type

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """`path` leads to the answer (item numbers from 0), `rule` says what failed.

    `part` names the one box at fault in a question of several boxes. When the whole answer is at
    fault `part` is None and `first` names the box where an error summary leads.
    """

    path: Path
    rule: str
    params: Mapping[str, Any] = field(default_factory=dict)
    part: str | None = None
    first: str | None = None

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer (RFC 6901)."""
        return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in self.path)


def problem_of(question: Question, fault: Fault, path: Path = ()) -> Problem:
    """A fault that a question's type found, as a problem; `path` is needed inside groups."""
    first = None if fault.part else question_type(question).first
    return Problem(path or (question.name,), fault.rule, fault.params, fault.part, first)


def field_id(problem: Problem) -> str:
    """The id of the control that an error summary links to."""
    name = next((step for step in reversed(problem.path) if isinstance(step, str)), "")
    box = problem.part or problem.first
    return f"{name}-{box}" if box else name


def message(form: Form, problem: Problem) -> str:
    """The authored text for a problem or a warning; never a validator's words.

    Raises KeyError when the definition has no text for the rule: loading a form rules that out.
    """
    question = question_at(form, problem)
    if question is not None and problem.rule != "unknown":
        texts = {**form.wording["errors"], **question.warnings, **question.errors}
        return written(texts[problem.rule], question.noun, problem.params)
    at_group = problem.path[:1] if len(problem.path) <= 2 else ()
    group = next((group for group in form.groups if (group.each,) == at_group), None)
    if group is not None:
        return written(group.errors[problem.rule], uncapitalised(group.title), problem.params)
    name = str(problem.path[-1]) if problem.path else ""
    return written(form.wording["errors"][problem.rule], name, problem.params)


def question_at(form: Form, problem: Problem) -> Question | None:
    """The question that a problem belongs to: the last name on its path that is one."""
    names = (step for step in reversed(problem.path) if isinstance(step, str))
    return next((form.questions[name] for name in names if name in form.questions), None)


def written(template: str, noun: str, params: Mapping[str, Any]) -> str:
    """A message template with its noun and limits filled in."""
    read = {name: _read_aloud(value) for name, value in params.items()}
    return template.format_map({**read, "noun": noun, "Noun": capitalised(noun)})


def _read_aloud(value: Any) -> Any:
    """4000 as "4,000", the way people write it."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


def capitalised(text: str) -> str:
    """The text with a capital first letter and nothing else changed."""
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """The text with a small first letter, unless it starts with an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
