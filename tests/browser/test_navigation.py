"""Going back, going on, and changing one's mind."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import Browsing
from tests.browser.personas import persona
from tests.browser.serving import Site
from tests.browser.sweep import answered_draft
from tests.browser.typing_in import choose, submit
from tests.browser.walker import Walker

SCRIPTS = pytest.mark.parametrize(
    "scripts", [True, False], ids=["with JavaScript", "without JavaScript"]
)


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


@pytest.fixture
def walker(suffolk: Site, browsing: Browsing) -> Walker:
    form = suffolk.form("adult")
    page = browsing.person(suffolk)
    return Walker(page, suffolk, form, persona("adult-minimal").document(form))


@SCRIPTS
def test_the_back_link_leads_to_the_page_before_with_its_answer(
    scripts: bool, suffolk: Site, browsing: Browsing
) -> None:
    form = suffolk.form("adult")
    page = browsing.person(suffolk, scripts=scripts)
    walker = Walker(page, suffolk, form, persona("adult-minimal").document(form))
    walker.begin()
    walker.to_page("when-you-knew")
    follow(page, "Back")
    assert page.locator("[name=referrer_name]").input_value() == "Sam Okafor"


def test_the_browsers_back_button_shows_the_answer_that_was_given(walker: Walker) -> None:
    walker.begin()
    walker.to_page("live-concern")
    walker.page.go_back()
    assert walker.page.get_by_label("No", exact=True).is_checked()


def test_the_back_link_works_on_a_page_with_errors(walker: Walker) -> None:
    walker.begin()
    walker.to_page("your-details")
    submit(walker.page)
    follow(walker.page, "Back")
    assert path_of(walker.page) == "/adult/who-you-are"


def test_the_first_page_leads_back_to_the_start(walker: Walker) -> None:
    walker.begin()
    follow(walker.page, "Back")
    assert path_of(walker.page) == "/adult"


def test_a_changed_answer_returns_to_check_answers(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    answered_draft(page, suffolk, "adult-minimal")
    page.goto("/adult/check-answers")
    follow(page, "Change your name")
    page.locator("[name=referrer_name]").fill("Alex Changed")
    submit(page)
    assert path_of(page) == "/adult/check-answers"
    assert page.get_by_text("Alex Changed").count() == 1


def test_a_change_that_opens_new_questions_asks_them_first(
    suffolk: Site, browsing: Browsing
) -> None:
    page = browsing.person(suffolk)
    answered_draft(page, suffolk, "adult-minimal")
    page.goto("/adult/outcome?change=yes")
    choose(page, "outcome_status", "died")
    submit(page)
    assert path_of(page) == "/adult/death"


def test_a_change_that_withdraws_answers_names_them_on_check_answers(
    suffolk: Site, browsing: Browsing
) -> None:
    page = browsing.person(suffolk)
    answered_draft(page, suffolk, "adult-full")
    page.goto("/adult/immediate-danger?change=yes")
    choose(page, "immediate_danger", "no")
    submit(page)
    page.goto("/adult/check-answers")
    assert page.get_by_role("region", name="Answers that will not be sent").count() == 1


def test_a_page_too_far_on_leads_to_the_first_unanswered_one(walker: Walker) -> None:
    walker.begin()
    walker.to_page("who-you-are")
    walker.page.goto("/adult/declaration")
    assert path_of(walker.page) == "/adult/who-you-are"
    assert walker.page.get_by_text("still to be answered").count() == 1


def test_the_error_summary_takes_the_focus(walker: Walker) -> None:
    walker.begin()
    submit(walker.page)
    focused = walker.page.evaluate("() => document.activeElement.className")
    assert "govuk-error-summary" in focused


def test_a_page_is_answered_with_the_keyboard_alone(walker: Walker) -> None:
    walker.begin()
    keyboard = walker.page.keyboard
    for _ in range(20):
        keyboard.press("Tab")
        if walker.page.evaluate("() => document.activeElement.name") == "immediate_danger":
            break
    keyboard.press("ArrowDown")
    with walker.page.expect_navigation():
        keyboard.press("Enter")
    assert path_of(walker.page) == "/adult/live-concern"


def test_the_skip_link_leads_to_the_main_content(walker: Walker) -> None:
    walker.begin()
    walker.page.keyboard.press("Tab")
    walker.page.keyboard.press("Enter")
    assert walker.page.evaluate("() => document.activeElement.id") == "main-content"


def test_the_focus_is_always_visible(walker: Walker) -> None:
    walker.begin()
    hidden = []
    for _ in range(25):
        walker.page.keyboard.press("Tab")
        place = walker.page.evaluate(
            """() => { const e = document.activeElement; const r = e.getBoundingClientRect()
            return [e.outerHTML.slice(0, 80), r.width > 0 && r.bottom > 0, e === document.body] }"""
        )
        if not place[1] and not place[2]:
            hidden.append(place[0])
    assert hidden == []


def test_a_form_goes_on_when_its_script_does_not_arrive(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    form = suffolk.form("adult")
    walker = Walker(page, suffolk, form, persona("adult-minimal").document(form))
    walker.begin()
    walker.to_page("your-details")
    assert path_of(page) == "/adult/your-details"


def test_on_paper_the_check_answers_page_has_no_buttons(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    answered_draft(page, suffolk, "adult-minimal")
    page.goto("/adult/check-answers")
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Send notification").is_visible()
