"""One notification open in two windows: neither loses anything without being told."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import Browsing
from tests.browser.serving import Site
from tests.browser.sweep import answered_draft
from tests.browser.typing_in import submit

NAME = "[name=referrer_name]"


@pytest.fixture
def windows(suffolk: Site, browsing: Browsing) -> tuple[Page, Page]:
    first = browsing.person(suffolk)
    answered_draft(first, suffolk, "adult-minimal")
    second = first.context.new_page()
    for window in (first, second):
        window.goto("/adult/your-details")
    return first, second


def test_the_second_answer_to_the_same_page_is_told_of_the_first(
    windows: tuple[Page, Page],
) -> None:
    first, second = windows
    first.fill(NAME, "First Window")
    submit(first)
    second.fill(NAME, "Second Window")
    submit(second)
    assert second.get_by_text("First Window").count() == 1
    assert second.input_value(NAME) == "Second Window"


def test_continuing_after_being_told_keeps_the_second_answer(windows: tuple[Page, Page]) -> None:
    first, second = windows
    first.fill(NAME, "First Window")
    submit(first)
    second.fill(NAME, "Second Window")
    submit(second)
    submit(second)
    first.goto("/adult/your-details")
    assert first.input_value(NAME) == "Second Window"


def test_different_pages_in_two_windows_are_both_kept(windows: tuple[Page, Page]) -> None:
    first, second = windows
    second.goto("/adult/summary")
    first.fill(NAME, "First Window")
    submit(first)
    second.fill("[name=summary]", "Told in the second window.")
    submit(second)
    second.goto("/adult/check-answers")
    assert second.get_by_text("First Window").count() == 1
    assert second.get_by_text("Told in the second window.").count() == 1
