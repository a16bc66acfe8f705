"""People who use a form: what each answers, completed by the form's own definition.

A persona (`personas/*.json`) names a partnership and a form, and says

- `answers`: what the person answers at the top level, question name to answer as it is stored;
- `items`: for each repeated group, the answers of every item, `{}` for nothing particular;
- `fill`: "required" answers nothing else that may be left; "everything" answers every question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.forms.definition import Form, Page, Question
from chalicelib.forms.journey import Place, asked, walk

FOLDER = Path(__file__).parent / "personas"
MOST_ROUNDS = 12
SAMPLES: Mapping[str, Any] = {
    "email": "sam.okafor@agency.example",
    "phone": "01632 960001",
    "date": "2024-03-14",
    "approximate_date": {"year": 2024, "month": 3, "day": 14, "estimated": True},
    "time": "14:30",
    "nhs_number": "9434765919",
    "declaration": True,
    "address": {
        "line1": "1 Example Street",
        "line2": "Flat 2",
        "town": "Exampleton",
        "county": "Exampleshire",
        "postcode": "ZZ99 3VZ",
    },
}


@dataclass(frozen=True)
class Persona:
    name: str
    partnership: str
    form: str
    fill: str
    answers: Mapping[str, Any]
    items: Mapping[str, list[Mapping[str, Any]]]

    def document(self, form: Form) -> dict[str, Any]:
        """Everything this person answers: what must be stored in the end."""
        answers: dict[str, Any] = {}
        for _ in range(MOST_ROUNDS):
            before = deepcopy(answers)
            for place in walk(form, answers).places:
                self._answer(form, place, answers)
            if answers == before:
                break
        else:
            raise AssertionError(f"the answers of {self.name} never settle")
        way = walk(form, answers)
        unused = set(self.answers) - set(way.answers)
        assert not unused, f"{self.name} answers {unused}, which the form does not ask"
        return dict(way.answers)

    def _answer(self, form: Form, place: Place, answers: dict[str, Any]) -> None:
        group = form.group(place.group) if place.group else None
        if group is None:
            page = form.page(place.page)
            assert page is not None
            self._fill(form, page, answers, answers, None, self.answers)
        elif place.item is None:
            told = self.items.get(group.each, [{}] if self.fill == "everything" else [])
            items = answers.setdefault(group.each, [])
            items.extend({} for _ in range(max(len(told), group.min_items) - len(items)))
            if not items:
                del answers[group.each]
        else:
            page = group.page(place.page)
            assert page is not None
            told = [*self.items.get(group.each, []), {}]
            given = told[min(place.item, len(told)) - 1]
            item = answers.setdefault(group.each, [{}])[place.item - 1]
            self._fill(form, page, answers, item, place.item, given)

    def _fill(
        self,
        form: Form,
        page: Page,
        answers: dict[str, Any],
        values: dict[str, Any],
        number: int | None,
        given: Mapping[str, Any],
    ) -> None:
        """Parents come before what they reveal, so what is asked is looked up each time."""
        for name in page.ask:
            item = values if number else None
            if name not in asked(form, page, answers, item):
                values.pop(name, None)
            elif name in given:
                values[name] = given[name]
            elif self.fill == "everything" or name in page.required:
                values[name] = sample(form.questions[name], page, number or 1)


def sample(question: Question, page: Page, number: int) -> Any:
    """A fitting made-up answer; one that reveals more questions where there is one."""
    if question.type in SAMPLES:
        return SAMPLES[question.type]
    if question.type == "number":
        return question.schema["minimum"] + number
    values = [option.value for option in question.options]
    if not values:
        return _words(question, number)
    if question.schema.get("type") == "array":
        return [value for value in values if value not in question.exclusive]
    revealing = {reveal.option for reveal in page.reveal.values() if reveal.parent == question.name}
    return next((value for value in values if value in revealing), values[0])


def _words(question: Question, number: int) -> str:
    text = f"{question.noun.capitalize()} {number} & <made up>"
    if question.type == "textarea":
        text += "\nA second line, with “quotes” and an apostrophe’s mark"
    return text[: question.schema["maxLength"]].strip()


@cache
def persona(name: str) -> Persona:
    read = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return Persona(
        name=name,
        partnership=read["partnership"],
        form=read["form"],
        fill=read["fill"],
        answers=read["answers"],
        items=read.get("items", {}),
    )


def all_personas() -> list[Persona]:
    return [persona(path.stem) for path in sorted(FOLDER.glob("*.json"))]
