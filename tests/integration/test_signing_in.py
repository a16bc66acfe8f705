"""Somebody signs in for real on this machine: to the user pool of the stack, with its own page."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from lxml import html as markup

from chalicelib.referrals.staff import Role
from infra.local.staff import PASSWORD, address
from tests.integration.local_run import LocalRun

pytestmark = [pytest.mark.integration, pytest.mark.emulator]


@dataclass
class Seen:
    status: int
    url: str
    text: str

    @property
    def heading(self) -> str:
        found = markup.document_fromstring(self.text).find(".//h1")
        return "" if found is None else "".join(str(part) for part in found.itertext())

    def fields(self) -> dict[str, str]:
        inputs = markup.document_fromstring(self.text).iter("input")
        return {field.get("name", ""): field.get("value", "") for field in inputs}


class Followed(urllib.request.HTTPRedirectHandler):
    """Follows as a browser does, and notes where it was sent."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def redirect_request(self, *given):  # type: ignore[no-untyped-def]
        self.urls.append(given[-1])
        return super().redirect_request(*given)


@dataclass
class Browser:
    base: str
    followed: Followed = field(default_factory=Followed)
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def open(self, url: str, fields: Mapping[str, str] | None = None) -> Seen:
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.cookies),
            self.followed,
        )
        body = None if fields is None else urlencode(fields).encode()
        place = f"{self.base}{url}" if url.startswith("/") else url
        try:
            with opener.open(place, body, timeout=60) as answer:
                return Seen(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Seen(error.code, error.url or "", error.read().decode())

    def sign_in(self, role: Role, password: str = PASSWORD, page: str = "/staff/account") -> Seen:
        asked = self.open(page)
        assert "/oauth2/authorize?" in asked.url
        who = {"username": address(role), "password": password}
        return self.open("/login", {**asked.fields(), **who})


@pytest.fixture
def browser(local_run: LocalRun) -> Browser:
    return Browser(local_run.base)


@pytest.mark.parametrize("role", Role)
def test_each_seeded_person_signs_in_with_their_role(browser: Browser, role: Role) -> None:
    seen = browser.sign_in(role)

    assert (seen.status, seen.heading) == (200, "Your account")
    assert seen.url == f"{browser.base}/staff/account"
    assert role.value.replace("_", " ").capitalize() in seen.text


def test_the_run_says_whom_to_sign_in_as(local_run: LocalRun) -> None:
    said = "\n".join(local_run.said)

    assert f"{local_run.base}/staff" in said
    assert PASSWORD in said


def test_a_wrong_password_stays_at_the_sign_in_page(browser: Browser) -> None:
    seen = browser.sign_in(Role.BUSINESS_MANAGER, "wrong")

    assert "Incorrect username or password" in seen.text
    assert browser.open("/staff/account").url.startswith(f"{browser.base}/oauth2/authorize")


def test_a_code_is_good_for_one_browser_and_once(browser: Browser) -> None:
    browser.sign_in(Role.PANEL_CHAIR)
    (back,) = [url for url in browser.followed.urls if "/staff/signed-in?code=" in url]

    again, other = browser.open(back), Browser(browser.base).open(back)

    assert (again.status, again.heading) == (400, "Sign in again")
    assert (other.status, other.heading) == (400, "Sign in again")


def test_signing_out_ends_it_and_the_pool_sends_the_browser_back(browser: Browser) -> None:
    page = browser.sign_in(Role.AUDITOR_READONLY)
    csrf = page.fields()["csrf"]

    out = browser.open("/staff/sign-out", {"csrf": csrf})
    (away,) = [
        link.get("href", "")
        for link in markup.document_fromstring(out.text).iter("a")
        if "/logout?" in link.get("href", "")
    ]

    assert browser.open(away).heading == "You are signed out"
    assert "/oauth2/authorize?" in browser.open("/staff/account").url


def test_what_was_typed_without_a_session_needs_one_to_be_sent(browser: Browser) -> None:
    seen = browser.open("/staff/cases", {"reference": "SUF-BCDF-3479"})

    assert (seen.status, seen.heading) == (403, "Sign in to go on")


def test_the_user_pool_s_document_names_this_machine(browser: Browser) -> None:
    asked = browser.open("/staff/account")
    client = dict(pair.split("=", 1) for pair in asked.url.partition("?")[2].split("&"))

    assert client["code_challenge_method"] == "S256"
    assert json.dumps(client).count("verifier") == 0
