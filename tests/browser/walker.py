"""A person's way through a form in a browser, whatever pages it turns out to have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from chalicelib.forms.definition import Form, Group
from chalicelib.forms.journey import Place, asked, place_from_url
from tests.browser.serving import Site
from tests.browser.typing_in import choose, enter, errors, is_warning, submit

MOST_PAGES = 200


@dataclass
class Walker:
    """Answers every page with what `document` holds, as the form's pages ask for it."""

    page: Page
    site: Site
    form: Form
    document: Mapping[str, Any]
    visited: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.page.goto(f"/{self.form.name}")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Start now").click()

    def to_check_answers(self) -> None:
        for _ in range(MOST_PAGES):
            if self.tail == "check-answers":
                return
            self.answer_page()
        raise AssertionError(f"no end after {MOST_PAGES} pages: {self.visited[-6:]}")

    def to_page(self, tail: str) -> None:
        for _ in range(MOST_PAGES):
            if self.tail == tail:
                return
            self.answer_page()
        raise AssertionError(f"never came to {tail}: {self.visited}")

    def send(self) -> str:
        """Sends from check answers; the reference on the confirmation page."""
        submit(self.page, "Send notification")
        assert self.tail == "confirmation", f"sending led to {self.tail}: {errors(self.page)}"
        return reference_on(self.page)

    @property
    def tail(self) -> str:
        return urlsplit(self.page.url).path.removeprefix(f"/{self.form.name}").lstrip("/")

    def answer_page(self) -> None:
        """Fills in the page that is open and continues, past a warning too."""
        tail = self.tail
        self.visited.append(tail)
        self.fill_in()
        submit(self.page)
        if self.tail == tail and is_warning(self.page):
            submit(self.page)
        moved = self.tail != tail
        assert moved, f"{self.page.url} keeps its reader: {errors(self.page)}"

    def fill_in(self) -> None:
        place = place_from_url(self.form, self.tail)
        assert place is not None, f"{self.page.url} is no page of the form"
        group = self.form.group(place.group) if place.group else None
        if group is not None and place.item is None:
            self._fill_in_list(group)
        else:
            fill_page(self.page, self.form, place, self.document)

    def _fill_in_list(self, group: Group) -> None:
        listed = self.page.locator("main .govuk-summary-list__row").count()
        wanted = len(self.document.get(group.each, []))
        if listed < group.max_items:
            choose(self.page, "add_another", "yes" if listed < wanted else "no")


def fill_page(page: Page, form: Form, place: Place, document: Mapping[str, Any]) -> None:
    """Types the document's answers into the controls of one page."""
    group = form.group(place.group) if place.group else None
    definition = group.page(place.page) if group else form.page(place.page)
    assert definition is not None
    item = document.get(group.each, [])[(place.item or 1) - 1] if group else None
    values = document if item is None else item
    for name in asked(form, definition, document, item):
        if name in values:
            enter(page, name, values[name])


def reference_on(page: Page) -> str:
    return page.locator(".govuk-panel strong").inner_text().strip()
