"""Answers typed and clicked into a page's controls, as a person does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

DATE_BOXES = ("day", "month", "year")
# What a question is answered with, asked once: a page of forty asks forty times.
KIND = """name => {
  const box = name => document.querySelector(`main [name="${name}"]:not([type="hidden"])`)
  return box(`${name}-day`) ? 'date' : box(name).type
}"""


def enter(page: Page, name: str, value: Any) -> None:
    """Answers one question with a value as it is stored."""
    if isinstance(value, Mapping):
        _enter_parts(page, name, value)
    elif value is True:
        choose(page, name, "yes")
    elif isinstance(value, list):
        for option in value:
            choose(page, name, option)
    elif (kind := page.evaluate(KIND, name)) == "date":
        parts = dict(zip(("year", "month", "day"), str(value).split("-"), strict=True))
        _enter_parts(page, name, {part: int(number) for part, number in parts.items()})
    else:
        _enter_one(page, name, kind, str(value))


def box(page: Page, name: str) -> Any:
    """The controls with this name; never a hidden field."""
    return page.locator(f'main [name="{name}"]:not([type="hidden"])')


def choose(page: Page, name: str, option: str) -> None:
    page.locator(f'main input[name="{name}"][value="{option}"]').check()


def _enter_one(page: Page, name: str, kind: str, value: str) -> None:
    control = box(page, name).first
    if kind in ("radio", "checkbox"):
        choose(page, name, value)
    elif kind == "select-one":
        control.select_option(value)
    else:
        control.fill(value)


def _enter_parts(page: Page, name: str, value: Mapping[str, Any]) -> None:
    for part, given in value.items():
        if given is True:  # a mark on a date: "estimated", "not known"
            choose(page, f"{name}-estimated", part)
        else:
            box(page, f"{name}-{part}").fill(str(given))


def submit(page: Page, button: str = "Continue") -> None:
    """Presses a button and waits for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def is_warning(page: Page) -> bool:
    return page.locator("#check-title").count() > 0


def errors(page: Page) -> list[str]:
    """The messages of the error summary."""
    return page.locator(".govuk-error-summary__list a").all_inner_texts()
