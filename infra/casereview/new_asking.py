"""Answers to the questions about a new partnership: from options, else asked, else by default."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

import typer

from infra.casereview.new_questions import QUESTIONS, Answers, Question

# Says why an answer to the question of this key cannot be had here, or nothing.
Refusal = Callable[[str, str], str]


def can_ask() -> bool:
    """Whether a person is at the terminal."""
    return sys.stdin.isatty()


def answered(
    partnership_id: str, given: Mapping[str, str | None], refusal: Refusal, *, asking: bool
) -> Answers:
    """Every question's answer by its key, and the `id`.

    Exits with 2, naming the options, when one cannot be read, or is needed and nobody can be asked.
    """
    answers = {"id": partnership_id}
    missing: list[Question] = []
    for question in QUESTIONS:
        value = given.get(question.key)
        if value is not None:
            answers[question.key] = _read(question, value)
        elif not question.when(answers):
            continue
        elif asking:
            answers[question.key] = _asked(question, answers, refusal)
        elif taken := question.default(answers) if question.default else "":
            answers[question.key] = _read(question, taken)
        elif question.optional:
            answers[question.key] = ""
        elif not (missing and question.default):
            missing.append(question)
    if missing:
        raise typer.BadParameter(_needed(missing))
    return answers


def _read(question: Question, value: str) -> str:
    value = value.strip()
    if problem := _problem(question, value):
        raise typer.BadParameter(f"{question.option}: {value!r} {problem}.")
    return value


def _problem(question: Question, value: str) -> str:
    if not value:
        return "" if question.optional else "is empty"
    return question.check(value)


def _asked(question: Question, answers: Answers, refusal: Refusal) -> str:
    """Asks until the answer will do."""
    offer = question.default or question.suggestion
    offered = offer(answers) if offer else ""
    if _problem(question, offered) or refusal(question.key, offered):
        offered = ""
    prompt = f"{question.prompt} (may stay empty)" if question.optional else question.prompt
    default = offered if offered or question.optional else None
    while True:
        value = str(typer.prompt(prompt, default=default, show_default=bool(offered))).strip()
        problem = _problem(question, value) or refusal(question.key, value)
        if not problem:
            return value
        typer.echo(f"{value!r} {problem}.", err=True)


def _needed(missing: Sequence[Question]) -> str:
    lines = [f"  {question.option}  {question.prompt}" for question in missing]
    return "\n".join(["nobody can be asked here, so give these options too:", *lines])
