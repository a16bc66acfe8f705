"""The staff pages in a browser: accessible, as narrow as a phone, and the same without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from chalicelib.referrals.staff import Person, Role
from chalicelib.use_cases.staff_session import open_session
from chalicelib.use_cases.submit_referral import submit_draft
from tests.browser.axe import overflow, violations
from tests.browser.chromium import Browsing
from tests.browser.serving import Site, serving
from tests.staff import COOKIE, a_person
from tests.unit.use_cases.instance import Instance, MovedClock

DESK, PHONE = 1280, 320
MANAGER = a_person(Role.BUSINESS_MANAGER, Role.PANEL_CHAIR, id="p-1", name="Mo Manager")
FORMS = (
    "acknowledge",
    "assign",
    "information",
    "stage",
    "redirect",
    "links/related",
    "links/duplicate",
    "links/ended",
    "close",
    "recommendation",
    "decision",
    "conflicts",
    "conflicts/ended",
    "dates/decided_on",
    "deadlines/panel-considers/met",
    "deadlines/panel-considers/withdrawn",
    "deadlines/panel-considers/not-applicable",
    "deadlines/panel-considers/in-force",
    "history",
    "export",
    "print",
    "packs",
)


@dataclass
class Office:
    """A site with cases, some of them late, and its staff."""

    site: Site
    clock: MovedClock
    references: list[str]

    def open_as(self, browsing: Browsing, person: Person = MANAGER, width: int = DESK) -> Page:
        page = browsing.person(self.site, width=width)
        token = open_session(self.site.services, person)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": self.site.base}])
        return page


@pytest.fixture(scope="module")
def office(assets: None) -> Iterator[Office]:
    clock = MovedClock()
    with serving("suffolk", clock=clock) as site:
        instance = Instance(site.services, clock)
        references = []
        for form in ("adult", "child", "adult"):
            draft = instance.draft(form)
            references.append(submit_draft(site.services, site.form(form), draft).reference)
            clock.move(hours=1)
        clock.instant += timedelta(days=6)
        open_session(site.services, a_person(Role.BUSINESS_SUPPORT, id="p-2", name="Sal Support"))
        yield Office(site, clock, references)


def faults(page: Page, at: str, axe_at: tuple[int, ...] = (PHONE,)) -> Iterator[str]:
    """What is wrong with the open page. At both widths it must fit; axe looks where it is told."""
    if page.locator("h1").count() != 1:
        yield f"{at}: not one main heading"
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        for violation in violations(page) if width in axe_at else ():
            yield f"{at} at {width} px: {violation}"
        if overflow(page):
            yield f"{at} at {width} px: {overflow(page)} px too wide"


def send(page: Page) -> None:
    """Press the button of the page's main form."""
    page.locator("main form button").last.click()


def test_every_staff_page_is_accessible(office: Office, browsing: Browsing) -> None:
    page = office.open_as(browsing)
    found: list[str] = []
    for path in (
        "/staff/cases",
        "/staff/cases?assignee=me",
        "/staff/audit",
        "/staff/export",
        "/staff/statistics?stream=child",
    ):
        page.goto(path)
        found += faults(page, path, (DESK, PHONE))
    for reference, width in zip(office.references, (DESK, PHONE), strict=False):
        page.goto(f"/staff/cases/{reference}")
        found += faults(page, "a case", (width,))
    for tail in FORMS:
        page.goto(f"/staff/cases/{office.references[0]}/{tail}")
        found += faults(page, tail)

    assert found == []


def test_every_refused_form_is_accessible(office: Office, browsing: Browsing) -> None:
    page = office.open_as(browsing)
    found: list[str] = []
    refused = ("stage", "redirect", "links/related", "close", "decision")
    for tail in (*refused, "recommendation", "conflicts"):
        page.goto(f"/staff/cases/{office.references[0]}/{tail}")
        send(page)
        found += faults(page, f"{tail}, refused", (DESK,))
        assert page.title().startswith("Error: "), tail
    page.goto("/staff/cases")
    page.get_by_role("button", name="Find").click()
    found += faults(page, "search, refused")

    assert found == []


def test_linked_cases_and_concerns_passed_on_are_accessible(
    office: Office, browsing: Browsing
) -> None:
    first, _, other = office.references
    page = office.open_as(browsing)
    page.goto(f"/staff/cases/{first}/redirect")
    page.get_by_label("Whom did you tell?").fill("Duty desk")
    page.get_by_label("At what time?").fill("midnight")
    page.get_by_label("Yes, the case stays open").check()
    send(page)
    page.goto(f"/staff/cases/{other}/links/related")
    page.get_by_label("Reference of the other case").fill(first)
    page.get_by_label("Why do they belong together?").fill("The same fall")
    send(page)
    found: list[str] = []
    for path in ("", "/links/ended", "/print"):
        page.goto(f"/staff/cases/{first}{path}")
        found += faults(page, f"a linked case{path}")
        assert page.get_by_text("Related to").count(), path

    assert found == []


def test_a_stale_form_shows_both_and_can_be_sent_again(office: Office, browsing: Browsing) -> None:
    reference = office.references[2]
    page = office.open_as(browsing)
    page.goto(f"/staff/cases/{reference}/assign")
    other = office.open_as(browsing)
    other.goto(f"/staff/cases/{reference}/assign")
    other.get_by_label("Me (Mo Manager)").check()
    send(other)

    page.get_by_label("Sal Support").check()
    send(page)
    found = list(faults(page, "stale"))
    send(page)

    assert found == []
    assert page.locator(".app-status").inner_text().count("Sal Support") == 1
