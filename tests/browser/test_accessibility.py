"""axe-core finds nothing on the pages around a form, on a phone or at a desk.

Each form's are looked at with axe at one width, and all of them for whether they fit at both: the
forms share these pages' templates and style sheet, so between them each is looked at at both.
The form's own pages are looked at in test_every_page.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.axe import overflow, violations
from tests.browser.chromium import Browsing
from tests.browser.personas import persona
from tests.browser.serving import Site
from tests.browser.sweep import Stop, stops
from tests.browser.typing_in import submit
from tests.browser.walker import Walker

DESK, PHONE = 1280, 320
AROUND = (("suffolk", "adult", DESK), ("suffolk", "child", PHONE), ("salford", "child", PHONE))


def faults(page: Page, at: str, axe_at: int) -> Iterator[str]:
    """What is wrong with the open page, as narrow as on a phone and as wide as at a desk."""
    if page.locator("h1").count() != 1:
        yield f"{at}: not one main heading"
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        for violation in violations(page) if width == axe_at else ():
            yield f"{at} at {width} px: {violation}"
        if overflow(page):
            yield f"{at} at {width} px: {overflow(page)} px too wide"


def around(site: Site, page: Page, form: str) -> Iterator[str]:
    """Every page that is not a question, in the order of a visit."""
    for path in ("/", "/privacy", "/accessibility", "/resume", "/no-such-page"):
        page.goto(path)
        yield path
    submit_wrong_code(page)
    yield "resume, refused"
    for path in (f"/{form}", f"/{form}/blank", f"/{form}/summary"):
        page.goto(path)
        yield path
    yield from _sent(site, page, form)


def submit_wrong_code(page: Page) -> None:
    page.goto("/resume")
    page.get_by_label("Resume code").fill("not a code")
    submit(page)


def _sent(site: Site, page: Page, form: str) -> Iterator[str]:
    stop = list(stops(site, form))[-1]
    stop.open(page, answered=True)
    page.goto(f"/{form}")
    yield "start, begun before"
    page.goto(f"/{form}/save")
    yield "save"
    page.get_by_label("Your email address").fill("nowhere")
    submit(page, "Get the code")
    yield "save, refused"
    page.get_by_label("Your email address").fill("")
    submit(page, "Get the code")
    yield "saved"
    page.goto(f"/{form}/check-answers")
    yield "check answers"
    Walker(page, site, stop.form, {}).send()
    yield "confirmation"
    page.goto(f"/{form}/copy")
    yield "copy"


@pytest.mark.parametrize(("partnership", "form", "axe_at"), AROUND)
def test_every_page_around_a_form_is_accessible(
    partnership: str, form: str, axe_at: int, sites: dict[str, Site], browsing: Browsing
) -> None:
    site = sites[partnership]
    page = browsing.person(site)
    found = [fault for at in around(site, page, form) for fault in faults(page, at, axe_at)]
    assert found == []


def test_words_without_an_end_do_not_widen_a_phones_page(suffolk: Site, browsing: Browsing) -> None:
    page = browsing.person(suffolk, width=320)
    who = persona("adult-minimal")
    endless = {"referrer_name": "W" * 100, "summary": "W" * 400}
    form = suffolk.form("adult")
    document = {**who.document(form), **endless, "adults": [{"adult_forename": "W" * 100}]}
    stop = Stop(suffolk, form, next(iter(stops(suffolk, "adult"))).place, document)
    stop.open(page, answered=True)
    wider = []
    for tail in ("your-details", "summary", "adults", "adults/1/remove", "check-answers"):
        page.goto(f"/adult/{tail}")
        if overflow(page):
            wider.append(f"{tail}: {overflow(page)} px")
    assert wider == []


def test_a_page_without_its_script_is_accessible(suffolk: Site, browsing: Browsing) -> None:
    """Everything that a script would hide is shown: on slow lines the page is used like that."""
    page = browsing.person(suffolk, width=320)
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    found = []
    for stop in stops(suffolk, "adult"):
        if stop.definition is not None and stop.definition.reveal:
            stop.open(page, answered=False)
            found += [f"{stop.path}: {violation}" for violation in violations(page)]
    assert found == []
