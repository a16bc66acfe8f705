"""Every page of both forms, opened once in each state that a reader meets, and looked at whole.

Walking to a page takes longer than looking at it, so all that is looked for is gathered on one way.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import overflow, violations
from tests.browser.chromium import Browsing
from tests.browser.hostile import spoil
from tests.browser.serving import Site
from tests.browser.sweep import Stop, stops
from tests.browser.test_errors import READ, linked, told_badly, without_error
from tests.browser.typing_in import submit

DESK, PHONE = 1280, 320
AT_DESK = {"width": DESK, "height": 800}


@dataclass
class Sweep:
    """What is wrong with the pages of one form."""

    accessibility: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    looked_at: int = 0

    def stop_at(self, page: Page, stop: Stop) -> None:
        """Looks at a page as it is found, refused with everything wrong in it, and answered.

        All that it may hold stands on it once it is refused or answered, so axe looks at those:
        what it finds at one width only is in the style sheet, which they share.
        """
        asks = stop.definition is not None and bool(stop.definition.ask)
        stop.open(page, answered=False)
        self._look(page, f"{stop.path} blank", () if asks else (DESK, PHONE))
        wrong = spoil(page, stop)
        if wrong or stop.definition is None:
            submit(page)
            self._look(page, f"{stop.path} refused", (DESK,))
        if wrong:
            self._compare(page, stop, wrong)
        if asks:
            stop.open(page, answered=True)
            self._look(page, f"{stop.path} answered", (PHONE,))

    def _look(self, page: Page, at: str, axe_at: tuple[int, ...]) -> None:
        self.looked_at += 1
        if page.locator("h1").count() != 1:
            self.accessibility.append(f"{at}: not one main heading")
        # First as wide as the window is: to lay a page out anew takes as long as to look at it.
        for width in (DESK, PHONE) if page.viewport_size == AT_DESK else (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 800})
            found = violations(page) if width in axe_at else []
            self.accessibility += [f"{at} at {width} px: {violation}" for violation in found]
            if wider := overflow(page):
                self.accessibility.append(f"{at} at {width} px: {wider} px too wide")

    def _compare(self, page: Page, stop: Stop, wrong: dict[str, dict[str, str]]) -> None:
        """Whether each wrong answer is refused beside its question, and kept."""
        typed = {box: text for boxes in wrong.values() for box, text in boxes.items()}
        kept = page.evaluate(READ)["typed"]
        self.refusals += told_badly(page, stop.path)
        taken = without_error(set(wrong), linked(page))
        self.refusals += [f"{stop.path}: {question} is taken" for question in taken]
        lost = [box for box, text in typed.items() if kept.get(box) != text]
        self.refusals += [f"{stop.path}: {box} is lost" for box in lost]


@pytest.fixture(scope="module", params=["adult", "child"])
def sweep(request: pytest.FixtureRequest, suffolk: Site, browser: Browser) -> Sweep:
    done = Sweep()
    with Browsing(browser) as windows:
        page = windows.person(suffolk)
        for stop in stops(suffolk, request.param):
            done.stop_at(page, stop)
    return done


def test_every_page_of_a_form_is_accessible(sweep: Sweep) -> None:
    assert sweep.looked_at > 100
    assert sweep.accessibility == []


def test_a_wrong_answer_is_refused_beside_its_question_and_kept(sweep: Sweep) -> None:
    assert sweep.refusals == []
