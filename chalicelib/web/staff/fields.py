"""The boxes of a staff form: drawn by GOV.UK's macros, read back with what is wrong beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from chalicelib.forms.questions.base import Component
from chalicelib.referrals.times import say_date
from chalicelib.web.components import draw
from chalicelib.web.render import draw_macro

Posted = Mapping[str, Sequence[str]]
LONGEST_LINE = 200
_BOXES = ("day", "month", "year")
_WIDTHS = {"day": "2", "month": "2", "year": "4"}


class Wrong(Exception):
    """What was typed cannot be used: `errors` is the text for each field's name."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("wrong")
        self.errors = errors


@dataclass(frozen=True)
class Choice:
    """One radio, checkbox or line of a select."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Field:
    """One question of a form. `group` puts a heading before it."""

    name: str
    kind: Literal["line", "area", "radios", "checkboxes", "select", "date"]
    label: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    group: str = ""
    rows: int = 5
    inline: bool = False

    @property
    def anchor(self) -> str:
        """Where a link of the error summary leads."""
        return f"{self.name}-day" if self.kind == "date" else self.name

    def said(self, posted: Posted) -> str:
        """What was typed, in words."""
        if self.kind == "date":
            boxes = [line(posted, f"{self.name}-{box}") for box in _BOXES]
            return " ".join(filter(None, boxes))
        labels = {choice.value: choice.label for choice in self.choices}
        return "\n".join(labels.get(value, value) for value in posted.get(self.name, ()) if value)

    def draw(self, posted: Posted, error: str = "") -> str:
        """The field as HTML, with what was typed in it."""
        params: dict[str, Any] = {"id": self.name, "name": self.name}
        if self.hint:
            params["hint"] = {"text": self.hint}
        if error:
            params["errorMessage"] = {"text": error}
        return {
            "line": self._line,
            "area": self._area,
            "radios": self._items,
            "checkboxes": self._items,
            "select": self._select,
            "date": self._date,
        }[self.kind](params, posted)

    def _line(self, params: dict[str, Any], posted: Posted) -> str:
        params |= {"label": self._label(), "value": line(posted, self.name)}
        return draw_macro("input", {**params, "autocomplete": "off"})

    def _area(self, params: dict[str, Any], posted: Posted) -> str:
        params |= {"label": self._label(), "rows": self.rows, "value": _first(posted, self.name)}
        return draw(Component("textarea", params))

    def _items(self, params: dict[str, Any], posted: Posted) -> str:
        chosen = set(posted.get(self.name, ()))
        items = [self._item(choice, choice.value in chosen) for choice in self.choices]
        # GOV.UK's macro puts the first item's id in the place that the summary links to.
        params |= {"idPrefix": self.name, "items": items, "fieldset": self._fieldset()}
        if self.inline:
            params["classes"] = f"govuk-{self.kind}--inline govuk-{self.kind}--small"
        return draw_macro(self.kind, params)

    @staticmethod
    def _item(choice: Choice, checked: bool) -> dict[str, Any]:
        item: dict[str, Any] = {"value": choice.value, "text": choice.label, "checked": checked}
        return {**item, "hint": {"text": choice.hint}} if choice.hint else item

    def _select(self, params: dict[str, Any], posted: Posted) -> str:
        chosen = _first(posted, self.name)
        items = [
            {"value": choice.value, "text": choice.label, "selected": choice.value == chosen}
            for choice in self.choices
        ]
        return draw_macro("select", {**params, "label": self._label(), "items": items})

    def _date(self, params: dict[str, Any], posted: Posted) -> str:
        error = " govuk-input--error" if "errorMessage" in params else ""
        items = [
            {
                "name": box,
                "classes": f"govuk-input--width-{_WIDTHS[box]}{error}",
                "value": line(posted, f"{self.name}-{box}"),
            }
            for box in _BOXES
        ]
        params |= {"namePrefix": self.name, "items": items, "fieldset": self._fieldset()}
        return draw_macro("date-input", params)

    def _label(self) -> dict[str, str]:
        return {"text": self.label, "classes": "govuk-label--s"}

    def _fieldset(self) -> dict[str, Any]:
        return {"legend": {"text": self.label, "classes": "govuk-fieldset__legend--s"}}


def _first(posted: Posted, name: str) -> str:
    return (posted.get(name) or [""])[0]


def line(posted: Posted, name: str) -> str:
    """One line of text, without the blanks around it."""
    return _first(posted, name).strip()


def text(posted: Posted, name: str) -> str:
    """Text of several lines, with the line ends that we store."""
    return _first(posted, name).replace("\r\n", "\n").replace("\r", "\n").strip()


def chosen(posted: Posted, field: Field, missing: str) -> str:
    """The option that was chosen. Raises `Wrong` with `missing` when none of them was."""
    value = _first(posted, field.name)
    if value not in {choice.value for choice in field.choices} or not value:
        raise Wrong({field.name: missing})
    return value


def day(posted: Posted, name: str, what: str) -> date:
    """The date in three boxes; raises `Wrong`. `what` is what it is called: "the date of death"."""
    boxes = {box: line(posted, f"{name}-{box}") for box in _BOXES}
    missing = [box for box in _BOXES if not boxes[box]]
    if len(missing) == len(_BOXES):
        raise Wrong({name: f"Enter {what}"})
    if missing:
        raise Wrong({name: f"{_upper(what)} must include a {' and a '.join(missing)}"})
    try:
        numbers = [int(value) for value in boxes.values() if value.isascii() and len(value) <= 4]
        return date(numbers[2], numbers[1], numbers[0])
    except (ValueError, IndexError):
        raise Wrong({name: f"{_upper(what)} must be a real date, such as 27 3 2026"}) from None


def is_blank_day(posted: Posted, name: str) -> bool:
    """Whether none of the three boxes was filled in."""
    return not any(line(posted, f"{name}-{box}") for box in _BOXES)


def boxes_of(name: str, known: date | None) -> dict[str, list[str]]:
    """What stands in the three boxes for a date."""
    if known is None:
        return {}
    values = {"day": known.day, "month": known.month, "year": known.year}
    return {f"{name}-{box}": [str(value)] for box, value in values.items()}


def say_or(known: date | None, otherwise: str) -> str:
    return otherwise if known is None else say_date(known)


def _upper(what: str) -> str:
    return what[:1].upper() + what[1:]
