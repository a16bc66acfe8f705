"""A notification is sent once, whatever is clicked, from however many windows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import Browsing
from tests.browser.serving import Site, serving
from tests.browser.sweep import answered_draft
from tests.browser.test_navigation import path_of
from tests.browser.typing_in import submit
from tests.browser.walker import reference_on

SCRIPTS = pytest.mark.parametrize(
    "scripts", [True, False], ids=["with JavaScript", "without JavaScript"]
)
SEND = "Send notification"


@pytest.fixture
def quiet_site(assets: None) -> Iterator[Site]:
    """A service that nobody else uses."""
    with serving("suffolk") as site:
        yield site


def sent_references(site: Site) -> set[str]:
    """The references of everything that is to be told to anybody."""
    services = site.services
    later = services.clock.now() + timedelta(days=400)
    ids = services.outbox.due(now=later, limit=200)
    found = [services.outbox.find(delivery) for delivery in ids]
    return {delivery.reference for delivery in found if delivery}


def ready_to_send(page: Page, site: Site) -> None:
    answered_draft(page, site, "adult-minimal")
    page.goto("/adult/check-answers")


@SCRIPTS
def test_a_double_click_sends_once(scripts: bool, quiet_site: Site, browsing: Browsing) -> None:
    page = browsing.person(quiet_site, scripts=scripts)
    ready_to_send(page, quiet_site)
    page.get_by_role("button", name=SEND).dblclick()
    page.wait_for_url("**/confirmation")
    assert sent_references(quiet_site) == {reference_on(page)}


def test_two_windows_that_send_the_same_show_one_reference(
    quiet_site: Site, browsing: Browsing
) -> None:
    page = browsing.person(quiet_site)
    ready_to_send(page, quiet_site)
    other = page.context.new_page()
    other.goto("/adult/check-answers")
    submit(page, SEND)
    submit(other, SEND)
    assert sent_references(quiet_site) == {reference_on(page), reference_on(other)}
    assert reference_on(page) == reference_on(other)


def test_a_reload_of_the_confirmation_keeps_the_reference(
    suffolk: Site, browsing: Browsing
) -> None:
    page = browsing.person(suffolk)
    ready_to_send(page, suffolk)
    submit(page, SEND)
    reference = reference_on(page)
    page.reload()
    assert reference_on(page) == reference


def test_going_back_after_sending_leads_to_the_confirmation(
    suffolk: Site, browsing: Browsing
) -> None:
    page = browsing.person(suffolk)
    ready_to_send(page, suffolk)
    submit(page, SEND)
    page.go_back()
    assert path_of(page) == "/adult/confirmation"


def test_the_copy_shows_what_was_sent(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    ready_to_send(page, suffolk)
    submit(page, SEND)
    with page.expect_navigation():
        page.get_by_role("link", name="copy of what you sent").click()
    assert page.get_by_text("Neighbours had worried for weeks").count() == 1


def test_on_paper_the_copy_has_no_links_of_the_site(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    ready_to_send(page, suffolk)
    submit(page, SEND)
    page.goto("/adult/copy")
    page.emulate_media(media="print")
    assert not page.get_by_role("link", name="Privacy").is_visible()
    assert page.get_by_text("OFFICIAL-SENSITIVE").first.is_visible()


def test_another_notification_begins_empty(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk)
    ready_to_send(page, suffolk)
    submit(page, SEND)
    page.goto("/adult/immediate-danger")
    assert page.locator("main input:checked").count() == 0
