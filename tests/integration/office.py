"""A local run in Chromium: the public at its form, each member of staff at a desk of their own.

What they see on the way is kept as pictures in build/whole-life/, to be looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from chalicelib.bootstrap import in_memory_services
from chalicelib.referrals.staff import Role
from chalicelib.settings import Settings
from infra.local.staff import PASSWORD, address
from infra.paths import BUILD
from tests.browser.chromium import Browsing
from tests.browser.personas import persona
from tests.browser.serving import Site
from tests.browser.typing_in import enter, submit
from tests.browser.walker import Walker
from tests.integration.local_run import LocalRun, waited_for

PICTURES = BUILD / "whole-life"
DESK, PHONE = 1280, 320
SIGN_IN = re.compile(r"Sign in: (\S+)")


@dataclass
class Pictures:
    """Pictures of one life, numbered in order, each kind of page once, on a phone and at a desk."""

    life: str
    folder: Path = PICTURES
    taken: list[str] = field(default_factory=list)

    def take(self, page: Page, what: str) -> None:
        """`what` is the kind of page; its first part where that tells enough, as of `dates/…`."""
        kind = what.partition("/")[0]
        if kind in self.taken:
            return
        if not self.taken:  # what an earlier run left would be taken for this one's
            for old in self.folder.glob(f"{self.life}-*.png"):
                old.unlink()
        self.taken.append(kind)
        width = page.viewport_size["width"] if page.viewport_size else DESK
        self.folder.mkdir(parents=True, exist_ok=True)
        for at, device in ((DESK, "desk"), (PHONE, "phone")):
            page.set_viewport_size({"width": at, "height": 800})
            name = f"{self.life}-{len(self.taken):02}-{kind}-{device}.png"
            page.screenshot(path=self.folder / name, full_page=True)
        page.set_viewport_size({"width": width, "height": 800})


@dataclass
class Office:
    """Everybody who has to do with one case. `scripts` is whether their browsers run any."""

    run: LocalRun
    browsing: Browsing
    pictures: Pictures
    scripts: bool
    width: int
    reference: str = ""
    _desks: dict[Role, Page] = field(default_factory=dict)

    @cached_property
    def site(self) -> Site:
        # The forms' definitions only: everything else is asked of the running service.
        services = in_memory_services(Settings(public_url=self.run.base))
        return Site(self.run.base, services)

    def window(self) -> Page:
        return self.browsing.person(self.site, scripts=self.scripts, width=self.width)

    def notify(self, name: str) -> None:
        """A persona fills in the public form and is shown the reference."""
        who, page = persona(name), self.window()
        form = self.site.form(who.form)
        walker = Walker(page, self.site, form, who.document(form))
        walker.begin()
        walker.to_check_answers()
        self.reference = walker.send()
        self.pictures.take(page, "confirmation")

    def sign_in_from_email(self, role: Role) -> None:
        """The team's email leads to the user pool's sign-in page, that to a search."""
        mail = waited_for(lambda: self.mails_with(f"New case review notification {self.reference}"))
        page = self.window()
        page.goto("/_local/")
        page.get_by_role("link", name=mail[0]["subject"]).click()
        self.pictures.take(page, "email")
        (link,) = SIGN_IN.findall(mail[0]["text"])
        page.goto(link)
        self.pictures.take(page, "sign-in")
        self._sign_in(page, role)
        self._desks[role] = page
        self.pictures.take(page, "cases")
        # Other tests have cases of their own in the list, which has pages.
        page.get_by_label("Reference").fill(self.reference)
        submit(page, "Find")
        self.pictures.take(page, "case")

    def mails_with(self, words: str) -> list[dict[str, Any]]:
        """The emails that went out, newest first, whose subject or text has these words."""
        sent: list[dict[str, Any]] = self.run.get_json("/_local/outbox.json")
        return [mail for mail in reversed(sent) if words in mail["subject"] + mail["text"]]

    def desk(self, role: Role) -> Page:
        """The window of whoever has the role, signed in."""
        if role not in self._desks:
            page = self._desks[role] = self.window()
            page.goto("/staff/account")
            self._sign_in(page, role)
        return self._desks[role]

    def open(self, role: Role, tail: str = "") -> Page:
        """Opens the case, or a page below it."""
        page = self.desk(role)
        page.goto(f"/staff/cases/{self.reference}{tail and '/' + tail}")
        return page

    def do(self, role: Role, tail: str, **typed: str | date) -> Page:
        """Fills in a form of the case and sends it; what stands in a box already may stay."""
        page = self.send(role, tail, **typed)
        problems = page.locator(".govuk-error-summary").all_inner_texts()
        assert "?done=" in page.url, f"{tail}: {page.url} {problems}"
        return page

    def send(self, role: Role, tail: str, **typed: str | date) -> Page:
        page = self.open(role, tail)
        for name, value in typed.items():
            enter(page, name, value if isinstance(value, str) else value.isoformat())
        self.pictures.take(page, tail)
        with page.expect_navigation():
            page.locator("main form button").last.click()
        return page

    def ask_the_referrer(self, role: Role, question: str, **typed: str) -> str:
        """Asks for information; the code that is shown once."""
        page = self.send(role, "information", question=question, **typed)
        self.pictures.take(page, "code")
        return page.locator(".app-code__value").inner_text()

    def answer_as_referrer(self, code: str, answer: str) -> Page:
        """Somebody with the reference and the code answers, without an account."""
        page = self.window()
        page.goto("/information")
        for typed in (
            {"reference": self.reference, "code": code},
            {"answer": answer, "name": "Jo"},
        ):
            for name, value in typed.items():
                enter(page, name, value)
            self.pictures.take(page, f"referrer-{min(typed)}")
            with page.expect_navigation():
                page.locator("main form button").last.click()
        with page.expect_navigation():
            page.locator("main form button").first.click()
        self.pictures.take(page, "information-added")
        return page

    def make_pack(self, role: Role, **typed: str) -> Page:
        """The redacted pack of every part that is offered."""
        page = self.open(role, "packs")
        for name, value in typed.items():
            enter(page, name, value)
        for box in page.locator("main input[name=sections]").all():
            box.check()
        self.pictures.take(page, "pack-form")
        with page.expect_navigation():
            page.locator("main form button").last.click()
        self.pictures.take(page, "pack")
        return page

    def _sign_in(self, page: Page, role: Role) -> None:
        page.get_by_label("Username").fill(address(role))
        page.get_by_label("Password").fill(PASSWORD)
        submit(page, "Sign in")
