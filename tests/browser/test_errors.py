"""Every page of both forms refuses what it must, and says so where its reader can act on it.

What is wrong with the answers of every page is looked at in test_every_page.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from chalicelib.forms.journey import asked
from tests.browser.chromium import Browsing
from tests.browser.serving import Site
from tests.browser.sweep import Stop, stops
from tests.browser.typing_in import submit

FORMS = ["adult", "child"]
# What a reader meets on a page with errors, gathered in one go.
READ = """() => {
  const shown = element => element && element.getClientRects().length > 0
  const links = [...document.querySelectorAll('.govuk-error-summary__list a')]
  const beside = [...document.querySelectorAll('main .govuk-error-message')]
  return {
    title: document.title,
    focused: document.activeElement.classList.contains('govuk-error-summary'),
    back: document.querySelector('.govuk-back-link') !== null,
    links: links.map(link => {
      const target = document.getElementById(link.hash.slice(1))
      const text = link.textContent.trim()
      const said = beside.filter(e => e.textContent.includes(text)).map(e => e.id)
      const describing = []
      for (let at = target; at; at = at.parentElement) {
        if (at.getAttribute && at.getAttribute('aria-describedby')) {
          describing.push(...at.getAttribute('aria-describedby').split(' '))
        }
      }
      return {
        text, to: link.hash.slice(1),
        control: target !== null && ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName),
        shown: shown(target) || shown(target && target.parentElement),
        beside: said.length > 0,
        described: said.some(id => describing.includes(id)),
      }
    }),
    typed: Object.fromEntries([...document.querySelectorAll('main input, main textarea')]
      .filter(e => !['radio', 'checkbox', 'hidden'].includes(e.type)).map(e => [e.name, e.value])),
  }
}"""


def told_badly(page: Page, at: str) -> Iterator[str]:
    """What is wrong with a page of errors, whatever it asks."""
    read: dict[str, Any] = page.evaluate(READ)
    if not read["links"]:
        yield f"{at}: no error is shown"
    if not read["title"].startswith("Error: "):
        yield f"{at}: the title begins {read['title'][:30]}"
    if not read["focused"]:
        yield f"{at}: the error summary has no focus"
    if not read["back"]:
        yield f"{at}: no way back"
    for link in read["links"]:
        for wanted in ("control", "shown", "beside", "described"):
            if not link[wanted]:
                yield f"{at}: not {wanted}: {link['text']} (#{link['to']})"


def linked(page: Page) -> set[str]:
    hashes: list[str] = page.locator(".govuk-error-summary__list a").evaluate_all(
        "links => links.map(link => link.hash.slice(1))"
    )
    return set(hashes)


def without_error(names: set[str], targets: set[str]) -> set[str]:
    return {name for name in names if not any(_belongs(target, name) for target in targets)}


def _belongs(target: str, name: str) -> bool:
    return target == name or target.startswith(f"{name}-")


@pytest.fixture
def page(suffolk: Site, browsing: Browsing) -> Page:
    return browsing.person(suffolk)


def required(stop: Stop) -> set[str]:
    if stop.definition is None:
        return set()
    document: dict[str, Any] = {}
    now = set(asked(stop.form, stop.definition, document, {} if stop.place.item else None))
    return set(stop.definition.required) & now


@pytest.mark.parametrize("name", FORMS)
def test_a_page_left_blank_says_what_it_needs(name: str, suffolk: Site, page: Page) -> None:
    found: list[str] = []
    for stop in stops(suffolk, name):
        if not required(stop):
            continue
        stop.open(page, answered=False)
        submit(page)
        found += told_badly(page, stop.path)
        found += [f"{stop.path}: {q}" for q in without_error(required(stop), linked(page))]
    assert found == []


@pytest.mark.parametrize("name", FORMS)
def test_a_list_asks_whether_there_is_another(name: str, suffolk: Site, page: Page) -> None:
    found: list[str] = []
    for stop in stops(suffolk, name):
        if stop.definition is None:
            stop.open(page, answered=True)
            submit(page)
            found += told_badly(page, stop.path)
    assert found == []


@pytest.mark.parametrize("name", FORMS)
def test_an_error_leads_to_its_control_by_keyboard(name: str, suffolk: Site, page: Page) -> None:
    stop = next(stop for stop in stops(suffolk, name) if stop.place.url == "your-details")
    stop.open(page, answered=False)
    submit(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    focused = page.evaluate("() => document.activeElement.name")
    assert focused == "referrer_name"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_mended_page_goes_on(scripts: bool, suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk, scripts=scripts)
    stop = next(stop for stop in stops(suffolk, "child") if stop.place.url == "your-details")
    stop.open(page, answered=True)
    page.locator("[name=referrer_name]").fill("")
    submit(page)
    page.locator("[name=referrer_name]").fill("Jo Example")
    submit(page)
    assert not page.url.endswith("your-details")
