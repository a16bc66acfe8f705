"""Lists of people and agencies: add another, change, remove."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import Browsing
from tests.browser.serving import Site
from tests.browser.sweep import answered_draft
from tests.browser.test_navigation import follow, path_of
from tests.browser.typing_in import choose, submit

SCRIPTS = pytest.mark.parametrize(
    "scripts", [True, False], ids=["with JavaScript", "without JavaScript"]
)


def names(page: Page) -> list[str]:
    return page.locator("main .govuk-summary-list__key").all_inner_texts()


def open_list(page: Page, site: Site) -> None:
    answered_draft(page, site, "adult-full")
    page.goto("/adult/adults")


@SCRIPTS
def test_another_item_is_added_at_the_end(scripts: bool, suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk, scripts=scripts, width=320)
    open_list(page, suffolk)
    choose(page, "add_another", "yes")
    submit(page)
    assert path_of(page) == "/adult/adults/3/adult-name"


def test_each_item_is_listed_by_its_name(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    open_list(page, suffolk)
    assert names(page) == ["Adult 1: Ada O’Example-Müller", "Adult 2: Łukasz Example"]


@SCRIPTS
def test_a_changed_item_is_listed_with_its_new_name(
    scripts: bool, suffolk: Site, browsing: Browsing
) -> None:
    page = browsing.person(suffolk, scripts=scripts)
    open_list(page, suffolk)
    follow(page, "Change Adult 2")
    page.locator("[name=adult_forename]").fill("Lukas")
    submit(page)
    page.goto("/adult/adults")
    assert names(page)[1] == "Adult 2: Lukas Example"


@SCRIPTS
def test_an_item_is_removed_only_after_yes(
    scripts: bool, suffolk: Site, browsing: Browsing
) -> None:
    page = browsing.person(suffolk, scripts=scripts)
    open_list(page, suffolk)
    follow(page, "Remove Adult 1")
    choose(page, "remove", "yes")
    submit(page)
    assert names(page) == ["Adult 1: Łukasz Example"]


def test_an_item_stays_after_no(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    open_list(page, suffolk)
    follow(page, "Remove Adult 1")
    choose(page, "remove", "no")
    submit(page)
    assert len(names(page)) == 2


def test_removing_asks_for_an_answer(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    open_list(page, suffolk)
    follow(page, "Remove Adult 1")
    submit(page)
    assert page.title().startswith("Error: ")


def test_the_other_items_keep_their_answers_when_one_goes(
    suffolk: Site, browsing: Browsing
) -> None:
    page = browsing.person(suffolk)
    open_list(page, suffolk)
    follow(page, "Remove Adult 1")
    choose(page, "remove", "yes")
    submit(page)
    follow(page, "Change Adult 1")
    assert page.locator("[name=adult_forename]").input_value() == "Łukasz"
