"""Save, come back with a code in another browser; leave at once; come back too late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Error, Page

from tests.browser.chromium import Browsing
from tests.browser.personas import persona
from tests.browser.serving import Site, serving
from tests.browser.sweep import answered_draft
from tests.browser.test_navigation import path_of
from tests.browser.typing_in import choose, submit
from tests.browser.walker import Walker

SCRIPTS = pytest.mark.parametrize(
    "scripts", [True, False], ids=["with JavaScript", "without JavaScript"]
)


@dataclass
class MovableClock:
    time: datetime

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime.now(UTC))


@pytest.fixture
def ageing(assets: None, clock: MovableClock) -> Iterator[Site]:
    with serving("suffolk", clock=clock) as site:
        yield site


@pytest.fixture
def forgetful(assets: None) -> Iterator[Site]:
    with serving("suffolk", keeps_cookies=False) as site:
        yield site


def saved_code(page: Page) -> str:
    submit(page, "Save and come back later")
    submit(page, "Get the code")
    return page.locator(".app-code__value").inner_text()


def half_way(page: Page, site: Site, name: str = "adult-minimal") -> Walker:
    form = site.form("adult")
    walker = Walker(page, site, form, persona(name).document(form))
    walker.begin()
    walker.to_page("when-you-knew")
    return walker


@SCRIPTS
def test_a_code_opens_the_notification_in_another_browser(
    scripts: bool, suffolk: Site, browsing: Browsing
) -> None:
    walker = half_way(browsing.person(suffolk, scripts=scripts), suffolk)
    code = saved_code(walker.page)
    elsewhere = browsing.person(suffolk, scripts=scripts, width=320)
    elsewhere.goto("/resume")
    elsewhere.get_by_label("Resume code").fill(code.lower().replace("-", " "))
    submit(elsewhere)
    assert path_of(elsewhere) == "/adult/when-you-knew"


def test_a_page_can_be_saved_before_it_is_complete(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    answered_draft(page, suffolk, "adult-minimal")
    page.goto("/adult/your-details")
    page.locator("[name=referrer_email]").fill("")
    page.locator("[name=referrer_name]").fill("Half Done")
    saved_code(page)
    page.goto("/adult/your-details")
    assert page.locator("[name=referrer_name]").input_value() == "Half Done"


def test_the_code_is_emailed_to_an_address_that_is_safe(suffolk: Site, browsing: Browsing) -> None:
    walker = half_way(browsing.person(suffolk), suffolk)
    submit(walker.page, "Save and come back later")
    walker.page.get_by_label("Your email address").fill("sam@hospital.example")
    choose(walker.page, "safe_to_email", "yes")
    submit(walker.page, "Get the code")
    assert walker.page.get_by_text("We sent the code to sam@hospital.example").count() == 1


def test_the_code_is_not_emailed_before_it_is_said_to_be_safe(
    suffolk: Site, browsing: Browsing
) -> None:
    walker = half_way(browsing.person(suffolk), suffolk)
    submit(walker.page, "Save and come back later")
    walker.page.get_by_label("Your email address").fill("sam@hospital.example")
    submit(walker.page, "Get the code")
    assert walker.page.title().startswith("Error: ")


def test_someone_who_refuses_cookies_is_told_what_to_do(
    forgetful: Site, browsing: Browsing
) -> None:
    page = browsing.person(forgetful)
    page.goto("/adult/immediate-danger")
    choose(page, "immediate_danger", "no")
    submit(page)
    assert page.get_by_text("cookies").count() >= 1


def test_someone_who_comes_back_too_late_is_told_what_to_do(
    ageing: Site, clock: MovableClock, browsing: Browsing
) -> None:
    walker = half_way(browsing.person(ageing), ageing)
    clock.time += timedelta(days=31)
    walker.page.goto("/adult/when-you-knew")
    assert walker.page.get_by_role("heading", name="Your session has ended").count() == 1


def test_what_was_typed_too_late_is_shown_for_copying(
    ageing: Site, clock: MovableClock, browsing: Browsing
) -> None:
    walker = half_way(browsing.person(ageing), ageing)
    walker.page.go_back()
    walker.page.locator("[name=second_contact]").fill("Typed just too late")
    clock.time += timedelta(days=31)
    submit(walker.page)
    assert walker.page.get_by_text("Typed just too late").count() == 1


@pytest.fixture
def relative(suffolk: Site, browsing: Browsing) -> Page:
    return half_way(browsing.person(suffolk, width=320), suffolk, "adult-relative").page


def test_a_professional_is_not_offered_a_quick_way_out(suffolk: Site, browsing: Browsing) -> None:
    walker = half_way(browsing.person(suffolk), suffolk)
    assert walker.page.get_by_role("button", name="Exit this page").count() == 0


def leave(page: Page) -> None:
    """The weather is out of a test's reach: that the browser went for it is what counts."""
    with page.expect_request(lambda request: "bbc.co.uk" in request.url):
        page.locator(".govuk-exit-this-page__button").click(no_wait_after=True)
    with suppress(Error):  # raised while the browser finds out that it cannot go there
        page.wait_for_url("chrome-error://**", wait_until="commit")
    # Until its own page about that is whole, it may still be changing the process of the tab.
    page.wait_for_url("chrome-error://**", wait_until="load")


def test_exit_this_page_forgets_the_notification(relative: Page) -> None:
    leave(relative)
    assert relative.context.cookies() == []


def test_the_back_button_shows_nothing_after_exit_this_page(relative: Page) -> None:
    leave(relative)
    relative.go_back()
    assert relative.get_by_text("Mrs P. Example").count() == 0
    assert relative.locator("main form").count() == 0


def test_exit_this_page_stays_in_reach_while_the_page_scrolls(relative: Page) -> None:
    relative.evaluate("() => window.scrollTo(0, 400)")
    where = relative.locator(".govuk-exit-this-page__button").bounding_box()
    assert where is not None
    assert 0 <= where["y"] < 100
