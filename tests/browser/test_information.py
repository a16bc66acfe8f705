"""Asking a referrer for information, and answering, in a browser: at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from chalicelib.referrals.staff import Role
from chalicelib.use_cases.staff_session import open_session
from chalicelib.use_cases.submit_referral import submit_draft
from tests.browser.axe import overflow, violations
from tests.browser.chromium import Browsing
from tests.browser.serving import Site, serving
from tests.staff import COOKIE, a_person
from tests.unit.use_cases.instance import Instance, MovedClock

DESK, PHONE = 1280, 320
CODE = re.compile(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}")
SUPPORT = a_person(Role.BUSINESS_SUPPORT, id="p-1", name="Sal Support")
LONG = "Which school? " + "x" * 200


@pytest.fixture(scope="module")
def site(assets: None) -> Iterator[Site]:
    with serving("suffolk", clock=MovedClock()) as site:
        yield site


@pytest.fixture
def reference(site: Site) -> str:
    instance = Instance(site.services, MovedClock())
    return submit_draft(site.services, site.form("adult"), instance.draft("adult")).reference


def at_desk(browsing: Browsing, site: Site) -> Page:
    page = browsing.person(site)
    token = open_session(site.services, SUPPORT)
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": site.base}])
    return page


def faults(page: Page, at: str) -> Iterator[str]:
    if page.locator("h1").count() != 1:
        yield f"{at}: not one main heading"
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        for violation in violations(page):
            yield f"{at} at {width} px: {violation}"
        if overflow(page):
            yield f"{at} at {width} px: {overflow(page)} px too wide"


def ask(page: Page, reference: str) -> None:
    page.goto(f"/staff/cases/{reference}/information")
    page.get_by_label("What do you want to ask?").fill(LONG)
    page.get_by_label("I will tell them").check()
    page.get_by_role("button", name="Ask and show the code").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_goes_out_and_its_answer_comes_in(
    site: Site, browsing: Browsing, reference: str, scripts: bool
) -> None:
    desk = at_desk(browsing, site)
    found: list[str] = []
    ask(desk, reference)
    code = CODE.search(desk.locator(".app-code").inner_text())
    assert code
    found += faults(desk, "the code")
    phone = browsing.person(site, scripts=scripts, width=PHONE)

    phone.goto("/information")
    phone.get_by_label("Reference").fill(reference)
    phone.get_by_label("Code", exact=True).fill(code.group())
    phone.get_by_role("button", name="Continue").click()
    found += faults(phone, "the question") if scripts else []
    phone.get_by_label("Your answer").fill("The school was closed.\n\n" + "y" * 300)
    phone.get_by_label("Your name").fill("Jo Referrer")
    phone.get_by_role("button", name="Continue").click()
    found += faults(phone, "check") if scripts else []
    phone.get_by_role("button", name="Send answer").click()
    found += faults(phone, "thanks") if scripts else []

    assert phone.locator("h1").inner_text().startswith("Your answer was added")
    desk.goto(f"/staff/cases/{reference}")
    assert "The school was closed." in desk.locator("[aria-labelledby=information]").inner_text()
    found += faults(desk, "the case")
    assert found == []


def test_a_refused_code_and_a_refused_form_are_accessible(
    site: Site, browsing: Browsing, reference: str
) -> None:
    page = browsing.person(site)
    page.goto("/information")
    found = list(faults(page, "keys"))
    page.get_by_role("button", name="Continue").click()
    found += faults(page, "empty")
    page.get_by_label("Reference").fill(reference)
    page.get_by_label("Code", exact=True).fill("x" * 90)
    page.get_by_role("button", name="Continue").click()
    found += faults(page, "refused")
    desk = at_desk(browsing, site)
    desk.goto(f"/staff/cases/{reference}/information")
    desk.get_by_role("button", name="Ask and show the code").click()
    found += faults(desk, "asking, refused")

    assert page.title().startswith("Error: ")
    assert desk.title().startswith("Error: ")
    assert found == []


def test_two_presses_of_one_button_ask_once_and_show_the_code(
    site: Site, browsing: Browsing, reference: str
) -> None:
    page = at_desk(browsing, site)
    page.goto(f"/staff/cases/{reference}/information")
    page.get_by_label("What do you want to ask?").fill(LONG)
    page.get_by_label("I will tell them").check()
    page.get_by_role("button", name="Ask and show the code").evaluate(
        "button => { button.form.submit(); button.form.submit(); }"
    )
    page.wait_for_selector(".app-code__value")

    case = site.services.cases.find(reference)
    assert case is not None
    assert len(case.work.requests) == 1
