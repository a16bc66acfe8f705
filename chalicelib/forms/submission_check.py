"""The check of a whole set of answers, for the API and at the moment of sending."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib.forms.definition import Form, Question
from chalicelib.forms.problems import Path as Where
from chalicelib.forms.problems import Problem, problem_of
from chalicelib.forms.questions import Fault, question_type
from chalicelib.forms.questions.dates import london_today

if TYPE_CHECKING:
    from chalicelib.forms.validator import Failure, Validator

MOST_COMPILED = 16
"""Forms whose validators are kept: the current ones, and versions that drafts began with."""

Found = dict[tuple[Where, str], Problem]


def check_submission(form: Form, answers: Any, *, today: date | None = None) -> tuple[Problem, ...]:
    """Everything wrong with a whole set of answers, in the order of the form.

    First the closed submission schema, then, of the answers that it accepts, the rules that JSON
    Schema cannot say (a real date, no date to come, an option that excludes the others). `today`
    is the day in London unless given.
    """
    from chalicelib.forms.validator import unsafe

    found = unsafe(answers)
    if found is not None:
        return (Problem(found[0], found[1]),)
    if not isinstance(answers, Mapping):
        return (Problem((), "type"),)
    problems = _without_the_uncalled_for(
        _from_failure(form, failure) for failure in _validator(form).failures(answers)
    )
    for problem in _value_problems(form, answers, problems, today or london_today()):
        problems.setdefault((problem.path, problem.rule), problem)
    order = {name: number for number, name in enumerate(form.questions)}
    return tuple(sorted(problems.values(), key=lambda problem: _position(form, order, problem)))


def _value_problems(
    form: Form, answers: Mapping[str, Any], problems: Found, today: date
) -> list[Problem]:
    """What the types find wrong with the answers that the schema accepts."""
    touched = {above for path, _ in problems for above in _from_root(path)}
    uncalled = {path for path, rule in problems if rule == "not_asked"}
    found = []
    for path, question, value in _given(form, answers):
        if path in touched or path[:1] in uncalled:
            continue
        for fault in question_type(question).check(question, value, today):
            inside = (fault.part,) if fault.part and isinstance(value, Mapping) else ()
            found.append(problem_of(question, fault, (*path, *inside)))
    return found


def _without_the_uncalled_for(
    problems: Iterable[Problem],
) -> Found:
    """Each problem once; of an answer that is not asked for, only that is said."""
    found = {(problem.path, problem.rule): problem for problem in problems}
    uncalled = {path for path, rule in found if rule == "not_asked"}
    return {
        (path, rule): problem
        for (path, rule), problem in found.items()
        if uncalled.isdisjoint(_from_root(path[:-1] if rule == "not_asked" else path))
    }


def _from_root(path: Where) -> list[Where]:
    return [path[:depth] for depth in range(1, len(path) + 1)]


def _given(form: Form, answers: Mapping[str, Any]) -> list[tuple[Where, Question, Any]]:
    found: list[tuple[Where, Question, Any]] = []
    for page, group in form.pages():
        items: list[tuple[Where, Any]] = [((), answers)]
        if group is not None:
            given = answers.get(group.each)
            several = given if isinstance(given, list) else []
            items = [((group.each, number), item) for number, item in enumerate(several)]
        for prefix, item in items:
            if isinstance(item, Mapping):
                found += [
                    ((*prefix, name), form.questions[name], item[name])
                    for name in page.ask
                    if name in item
                ]
    return found


def _from_failure(form: Form, failure: Failure) -> Problem:
    """A validator's failure as one of our rules, at the question that it belongs to."""
    path, keyword = failure.path, failure.keyword
    if keyword == "falseSchema":
        return Problem(path, "not_asked" if path else "exit")
    at = _question_at(form, path)
    if at is None:
        return _of_no_question(form, failure)
    name, inner = at
    question = form.questions[name]
    if keyword == "unknown" or (keyword == "required" and not inner):
        return problem_of(question, Fault(keyword), path)
    fault = question_type(question).fault_of(question, keyword, failure.limit, inner)
    return problem_of(question, fault, path)


def _of_no_question(form: Form, failure: Failure) -> Problem:
    """A failure of a group or of the whole document."""
    group = next((one for one in form.groups if failure.path == (one.each,)), None)
    limit = failure.limit
    if group is not None and failure.keyword == "required":
        limit = group.min_items
    return Problem(failure.path, failure.keyword, {} if limit is None else {"limit": limit})


def _question_at(form: Form, path: Where) -> tuple[str, Where] | None:
    """The question that a path leads to or into, and the rest of the path inside its answer."""
    depth = 3 if len(path) > 1 and isinstance(path[1], int) and path[0] not in form.questions else 1
    if len(path) < depth:
        return None
    name = path[depth - 1]
    if not isinstance(name, str) or name not in form.questions:
        return None
    _, group = form.place_of[name]
    in_place = path[0] == group.each if group is not None else depth == 1
    return (name, path[depth:]) if in_place else None


def _position(form: Form, order: Mapping[str, int], problem: Problem) -> tuple[int, int, int, str]:
    last = len(order)
    group = next((one for one in form.groups if problem.path[:1] == (one.each,)), None)
    item = next((step for step in problem.path if isinstance(step, int)), 0)
    name = next((step for step in reversed(problem.path) if step in order), None)
    own = order[str(name)] if name is not None else last
    first = order[group.ask[0]] if group is not None and group.ask else own
    return first, item, own, problem.pointer


_compiled: OrderedDict[tuple[str, str], Validator] = OrderedDict()
"""Validators by form and version: they are the same for ever, and slow to compile."""


def _validator(form: Form) -> Validator:
    from chalicelib.forms.validator import Validator

    key = (form.name, form.version)
    if key not in _compiled:
        while len(_compiled) >= MOST_COMPILED:
            _compiled.popitem(last=False)
        _compiled[key] = Validator(form.submission_schema)
    return _compiled[key]
