"""Answers that every type of question must refuse, entered into a page that is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from chalicelib.forms.definition import Question
from chalicelib.forms.journey import asked
from tests.browser.sweep import Stop
from tests.browser.typing_in import enter

NO_SUCH_DAY = {"day": "31", "month": "2", "year": "2024"}
NONSENSE: Mapping[str, str] = {
    "email": "sam at hospital dot example",
    "phone": "ask for Sam",
    "number": "about forty",
    "time": "25:99",
    "nhs_number": "123 456",
}
# Every box in one go: a page of forty boxes typed one by one takes seconds. What is chosen gets a
# value that was never offered: a browser can send any.
SPOIL = """([typed, chosen]) => {
  const named = name => document.querySelector(`main [name="${name}"]:not([type="hidden"])`)
  for (const [name, text] of Object.entries(typed)) {
    named(name).value = text
    named(name).dispatchEvent(new Event('input', { bubbles: true }))
  }
  for (const name of chosen) {
    const control = named(name)
    if (control.tagName === 'SELECT') control.options[1].value = 'unoffered'
    else control.value = 'unoffered'
    if (control.tagName === 'SELECT') control.selectedIndex = 1
    else control.checked = true
  }
}"""


def spoil(page: Page, stop: Stop) -> dict[str, dict[str, str]]:
    """Answers every question of the page wrongly.

    Gives what was typed, by question and by box. A question that reveals others is answered
    properly, so that those are asked.
    """
    definition = stop.definition
    if definition is None:
        return {}
    group = stop.form.group(stop.place.group) if stop.place.group else None
    item = stop.document[group.each][(stop.place.item or 1) - 1] if group else None
    values = stop.document if item is None else item
    parents = {reveal.parent for reveal in definition.reveal.values()}
    wrong: dict[str, dict[str, str]] = {}
    for name in asked(stop.form, definition, stop.document, item):
        if name in parents:
            if name in values:
                enter(page, name, values[name])
        else:
            wrong[name] = boxes_of(stop.form.questions[name])
    typed = {box: text for boxes in wrong.values() for box, text in boxes.items()}
    page.evaluate(SPOIL, [typed, [name for name, boxes in wrong.items() if not boxes]])
    return wrong


def boxes_of(question: Question) -> dict[str, str]:
    """What to type into which box; nothing for a question that is answered by choosing."""
    name = question.name
    if question.type in ("date", "approximate_date"):
        return {f"{name}-{part}": text for part, text in NO_SUCH_DAY.items()}
    if question.type == "address":
        return {f"{name}-line1": "1 Example Street", f"{name}-postcode": "ZZ99 3VZ and more"}
    if question.type in NONSENSE:
        return {name: NONSENSE[question.type]}
    if question.type in ("text", "textarea"):
        return {name: _too_long(question.schema)}
    return {}


def _too_long(schema: Mapping[str, Any]) -> str:
    limit: int = schema["maxLength"]
    return ("too long " * limit)[:limit] + "!"
