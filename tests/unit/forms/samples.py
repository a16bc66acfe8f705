"""Random answers for any form, and the forms that the laws are tested on."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from chalicelib.forms.definition import Form, Group, Question
from chalicelib.forms.lint import form_names, overlays
from chalicelib.forms.load import load_form

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "forms"
FIXTURES = ROOT / "tests" / "fixtures" / "forms"

Named = tuple[str, str, str | None]


def every_form() -> list[Named]:
    """Folder, form and partnership of every form here, alone and under every overlay."""
    return [
        (folder.relative_to(ROOT).as_posix(), form, partnership)
        for folder in (FIXTURES, SHIPPED)
        for form in form_names(folder)
        for partnership in (None, *overlays(folder, form))
    ]


def label(named: Named) -> str:
    """A readable name for a test's parameter."""
    folder, form, partnership = named
    return f"{form}-{partnership or 'core'}" + ("-fixture" if "fixtures" in folder else "")


@lru_cache
def loaded(named: Named) -> Form:
    """The form, loaded once per test run."""
    folder, form, partnership = named
    return load_form(ROOT / folder, form, partnership)


@lru_cache
def every_question() -> Form:
    """The fixture form that has every question type and every feature."""
    return load_form(FIXTURES, "every-question")


def a_value(question: Question, rng: random.Random) -> Any:
    """An answer that the question accepts, as the page would store it."""
    return _MAKERS[question.type](question, rng)


def _text(question: Question, rng: random.Random) -> str:
    if question.schema.get("pattern"):
        return f"{rng.choice('AB')}Z{rng.randint(10, 99)}"
    length = min(question.schema["maxLength"], rng.choice((1, 5, 40)))
    inside = "".join(rng.choice("ab Zé’%<&\"'/ñ漢🙂") for _ in range(length - 2))
    return f"x{inside}y"[:length].strip()


def _lines(question: Question, rng: random.Random) -> str:
    return _text(question, rng) + rng.choice(("", "\nsecond line\n\nlast"))


def _number(question: Question, rng: random.Random) -> int:
    return rng.randint(question.schema["minimum"], question.schema["maximum"])


def _several(question: Question, rng: random.Random) -> list[str]:
    usual = [one.value for one in question.options if one.value not in question.exclusive]
    if question.exclusive and (not usual or rng.random() < 0.2):
        return [rng.choice(sorted(question.exclusive))]
    chosen = set(rng.sample(usual, rng.randint(1, len(usual))))
    return [value for value in usual if value in chosen]


def _date(question: Question, rng: random.Random) -> str:
    return f"{rng.randint(1900, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _approximate(question: Question, rng: random.Random) -> dict[str, Any]:
    if rng.random() < 0.2:
        return {"not_known": True}
    value: dict[str, Any] = {"year": rng.randint(1900, 2025)}
    if rng.random() < 0.7:
        value["month"] = rng.randint(1, 12)
        if rng.random() < 0.7:
            value["day"] = rng.randint(1, 28)
    return value | ({"estimated": True} if rng.random() < 0.3 else {})


def _address(question: Question, rng: random.Random) -> dict[str, str]:
    lines = ("line1", "line2", "town", "county", "postcode")
    chosen = rng.sample(lines, rng.randint(1, 5))
    return {line: f"{line[:4]} 1" for line in lines if line in chosen}


def _one(question: Question, rng: random.Random) -> str:
    return rng.choice(question.options).value


_MAKERS: Mapping[str, Any] = {
    "text": _text,
    "textarea": _lines,
    "number": _number,
    "email": lambda _, rng: f"a.{rng.randint(1, 999)}@agency.example.org",
    "phone": lambda _, rng: rng.choice(("01632 960 001", "+44 808 157 0192", "(020) 7946 0000")),
    "radios": _one,
    "select": _one,
    "yes_no": _one,
    "yes_no_not_known": _one,
    "checkboxes": _several,
    "date": _date,
    "approximate_date": _approximate,
    "time": lambda _, rng: f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}",
    "address": _address,
    "nhs_number": lambda _, rng: "".join(str(rng.randint(0, 9)) for _ in range(10)),
    "declaration": lambda _, __: True,
}


def some_answers(form: Form, rng: random.Random, *, chance: float | None = None) -> dict[str, Any]:
    """Answers to questions picked by chance, whether the journey asks them or not.

    With chance 1 every question is answered: what the walk keeps of that is a complete journey.
    """
    chance = rng.choice((0.3, 0.8, 1.0)) if chance is None else chance
    answers: dict[str, Any] = {}
    for step in form.steps:
        if isinstance(step, Group):
            least = step.min_items if chance == 1.0 else 0
            most = step.max_items + (0 if chance == 1.0 else 1)
            count = rng.randint(least, max(least, min(3, most)))
            if count or rng.random() < 0.1:
                items = [_picked(form, step.ask, rng, chance) for _ in range(count)]
                answers[step.each] = items
        else:
            answers |= _picked(form, step.ask, rng, chance)
    return answers


def _picked(
    form: Form, names: tuple[str, ...], rng: random.Random, chance: float
) -> dict[str, Any]:
    return {name: a_value(form.questions[name], rng) for name in names if rng.random() < chance}
