"""Questions that an option reveals, and text that is counted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import Browsing
from tests.browser.personas import persona
from tests.browser.serving import Site
from tests.browser.sweep import answered_draft
from tests.browser.test_navigation import path_of
from tests.browser.typing_in import choose, submit
from tests.browser.walker import Walker


def at_who_you_are(site: Site, browsing: Browsing, *, scripts: bool) -> Page:
    form = site.form("adult")
    page = browsing.person(site, scripts=scripts)
    walker = Walker(page, site, form, persona("adult-minimal").document(form))
    walker.begin()
    walker.to_page("who-you-are")
    return page


def test_a_revealed_question_is_hidden_until_its_option_is_chosen(
    suffolk: Site, browsing: Browsing
) -> None:
    page = at_who_you_are(suffolk, browsing, scripts=True)
    assert not page.locator("[name=referrer_agency]").is_visible()
    choose(page, "submitter_type", "professional")
    assert page.locator("[name=referrer_agency]").is_visible()


def test_without_javascript_a_revealed_question_is_always_shown(
    suffolk: Site, browsing: Browsing
) -> None:
    page = at_who_you_are(suffolk, browsing, scripts=False)
    assert page.locator("[name=referrer_agency]").is_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_revealed_answer_is_not_kept_when_its_option_is_not_chosen(
    scripts: bool, suffolk: Site, browsing: Browsing
) -> None:
    page = at_who_you_are(suffolk, browsing, scripts=scripts)
    choose(page, "submitter_type", "professional")
    page.locator("[name=referrer_agency]").fill("An agency no longer asked for")
    choose(page, "submitter_type", "public")
    submit(page)
    assert path_of(page) == "/adult/your-details"
    page.go_back()
    choose(page, "submitter_type", "professional")
    page.reload()
    assert page.locator("[name=referrer_agency]").input_value() == ""


def test_a_revealed_question_that_is_refused_comes_back_open(
    suffolk: Site, browsing: Browsing
) -> None:
    page = at_who_you_are(suffolk, browsing, scripts=True)
    choose(page, "submitter_type", "professional")
    submit(page)
    assert page.locator("[name=referrer_agency]").is_visible()
    assert page.title().startswith("Error: ")


def test_an_exclusive_box_unticks_the_others(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    answered_draft(page, suffolk, "adult-full")
    page.goto("/adult/other-reviews")
    choose(page, "other_reviews", "not_known")
    ticked = page.locator("[name=other_reviews]:checked").evaluate_all(
        "boxes => boxes.map(box => box.value)"
    )
    assert ticked == ["not_known"]


def test_the_characters_left_are_counted_while_typing(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    answered_draft(page, suffolk, "adult-minimal")
    page.goto("/adult/summary")
    limit = suffolk.form("adult").questions["summary"].schema["maxLength"]
    page.locator("[name=summary]").fill("x" * (limit - 3))
    page.get_by_text("You have 3 characters remaining").first.wait_for()
