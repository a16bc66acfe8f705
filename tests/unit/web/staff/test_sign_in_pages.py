"""Signing in and out, page by page, with the provider's twin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.adapters.in_memory_identity import InMemoryIdentity
from chalicelib.bootstrap import Services
from chalicelib.referrals.staff import Identity, Role
from chalicelib.use_cases.staff_session import NOBODY, ONCE_A_DAY
from chalicelib.web.http import Response
from tests.staff import COOKIE, a_person, signed_in
from tests.unit.web.staff.conftest import Office
from tests.visitor import Page, Visitor

BROWSER = "staff-browser"


@pytest.fixture
def services(office: Office) -> Services:
    return office.instance.services


@pytest.fixture
def visitor(services: Services) -> Visitor:
    return Visitor(services)


@pytest.fixture
def provider(services: Services) -> InMemoryIdentity:
    return cast("InMemoryIdentity", services.identity)


def set_off(visitor: Visitor, return_to: str = "/staff/account") -> str:
    """The address that the provider sends the browser back to."""
    begun = visitor.send("GET", f"/staff/sign-in?return={return_to}")
    assert begun.status == 303
    return begun.headers["Location"]


def heading(visitor: Visitor, back: str) -> tuple[int, str]:
    page = visitor.get(back)
    return page.status, page.heading


def last(office: Office) -> tuple[str, str, dict[str, str]]:
    entry = office.instance.table.audit[-1]
    return entry.actor, entry.action, dict(entry.details)


def test_who_follows_the_email_s_link_comes_to_the_page_they_wanted(visitor: Visitor) -> None:
    page = visitor.get("/staff/account")

    assert (page.status, page.heading) == (200, "Your account")
    assert "Sam Somebody" in page.text


def test_a_filtered_list_comes_back_with_its_filter(services: Services) -> None:
    answer = Visitor(services).send("GET", "/staff/cases?stream=adult&stage=scoping")

    assert parse_qs(urlsplit(answer.headers["Location"]).query)["return"] == [
        "/staff/cases?stream=adult&stage=scoping"
    ]


def test_each_sign_in_is_in_the_trail_with_its_roles(office: Office, visitor: Visitor) -> None:
    visitor.get("/staff/account")

    assert last(office) == (
        "00000000-somebody",
        "signed in",
        {"roles": "business_manager"},
    )


def test_the_cookie_of_a_session_is_for_this_host_and_no_script(services: Services) -> None:
    visitor = Visitor(services)
    back = set_off(visitor)

    done = visitor.send("GET", back)

    (cookie,) = done.cookies
    assert cookie.startswith(f"{COOKIE}=")
    assert cookie.partition(";")[2] == " Path=/; HttpOnly; SameSite=Lax"


def test_over_tls_both_cookies_say_so(services: Services) -> None:
    from chalicelib.web.http import Request, redirect
    from chalicelib.web.staff.cookies import with_browser, with_session

    request = Request("GET", "/staff")
    (session,) = with_session(request, redirect("/staff"), "t").cookies
    (browser,) = with_browser(request, redirect("/staff"), "t").cookies

    assert session == "__Host-staff=t; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert browser == "__Host-staff-browser=t; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"


def test_a_token_of_before_the_sign_in_is_worth_nothing_after_it(services: Services) -> None:
    visitor = signed_in(services)
    before = visitor.cookies[COOKIE]
    other = Visitor(services, {BROWSER: "b"})  # the same browser, its session set aside
    back = set_off(other)
    other.cookies[COOKIE] = before

    other.get(back)

    assert other.cookies[COOKIE] != before
    assert Visitor(services, {COOKIE: before}).send("GET", "/staff/account").status == 303


def test_two_tabs_of_one_browser_may_sign_in_side_by_side(visitor: Visitor) -> None:
    first, second = set_off(visitor, "/staff/account"), set_off(visitor, "/staff/audit")

    assert heading(visitor, first) == (200, "Your account")
    assert visitor.get(second).path == "/staff/audit"


ONCE = {"page": "/staff/signed-in", "when": ONCE_A_DAY}


def refused(office: Office, visitor: Visitor, back: str, why: str, **more: str) -> tuple[int, str]:
    """What the person is told; nobody is signed in, and the trail says why."""
    told = heading(visitor, back)
    assert not visitor.cookies.get(COOKIE)
    assert last(office) == (NOBODY, "refused", {"why": why, **more})
    return told


def test_a_state_that_nobody_was_given_is_in_the_trail_once_a_day(
    office: Office, visitor: Visitor
) -> None:
    for state in ("x", "y", "z"):
        visitor.get(f"/staff/signed-in?code=typed&state={state}")
        visitor.get(f"/staff/signed-in?error=typed&state={state}")
    first = [dict(entry.details) for entry in office.instance.table.audit]
    office.instance.clock.move(hours=24)
    visitor.get("/staff/signed-in?code=typed&state=x")

    assert first == [{"why": "sign-in expired", **ONCE}, {"why": "sign-in refused", **ONCE}]
    assert len(office.instance.table.audit) == 3
    assert {entry.reference for entry in office.instance.table.audit} == {""}


def test_a_code_that_was_used_before_signs_nobody_in(office: Office, visitor: Visitor) -> None:
    back = set_off(visitor)
    visitor.get(back)
    again = Visitor(visitor.services, {BROWSER: visitor.cookies[BROWSER]})

    assert refused(office, again, back, "sign-in expired", **ONCE) == (400, "Sign in again")


def test_a_code_that_another_browser_was_sent_back_with_signs_nobody_in(
    office: Office, visitor: Visitor
) -> None:
    back = set_off(visitor)
    lured = Visitor(visitor.services, {BROWSER: "another browser's"})

    assert refused(office, lured, back, "sign-in expired") == (400, "Sign in again")


def test_a_browser_without_cookies_is_told_what_to_allow(office: Office, visitor: Visitor) -> None:
    back = set_off(visitor)
    bare = Visitor(visitor.services)

    refused(office, bare, back, "sign-in expired")

    assert bare.page is not None
    assert "allow them for this website" in bare.page.text


@pytest.mark.parametrize("state", ["", "x", "0" * 43, "é", "%00"])
def test_a_state_that_is_none_of_ours_signs_nobody_in(
    office: Office, visitor: Visitor, state: str
) -> None:
    set_off(visitor)

    back = f"/staff/signed-in?code=x&state={state}"

    assert refused(office, visitor, back, "sign-in expired", **ONCE) == (400, "Sign in again")


def test_a_sign_in_that_took_too_long_signs_nobody_in(office: Office, visitor: Visitor) -> None:
    back = set_off(visitor)
    office.instance.clock.move(minutes=10)

    assert refused(office, visitor, back, "sign-in expired") == (400, "Sign in again")


def test_a_code_of_another_sign_in_signs_nobody_in(office: Office, visitor: Visitor) -> None:
    mine, theirs = (parse_qs(urlsplit(set_off(visitor)).query) for _ in range(2))
    mixed = f"/staff/signed-in?code={theirs['code'][0]}&state={mine['state'][0]}"

    told = heading(visitor, mixed)

    assert told == (403, "You were not signed in")
    assert last(office)[1:] == ("refused", {"why": "sign-in refused", "code": "invalid_grant"})


def test_who_was_sent_back_without_a_code_may_try_again(office: Office, visitor: Visitor) -> None:
    state = parse_qs(urlsplit(set_off(visitor)).query)["state"][0]

    page = visitor.get(f"/staff/signed-in?error=access_denied&error_description=<b>&state={state}")

    assert (page.status, page.heading) == (403, "You were not signed in")
    assert page.links["Sign in"] == "/staff/sign-in"
    assert last(office)[1:] == ("refused", {"why": "sign-in refused", "code": "declined"})
    assert "access_denied" not in page.html


@pytest.mark.parametrize("groups", [(), ("gardeners", "Business_Manager", "eu-west-2_x_Entra")])
def test_who_has_no_role_is_told_whom_to_ask(
    office: Office, visitor: Visitor, provider: InMemoryIdentity, groups: tuple[str, ...]
) -> None:
    provider.identity = Identity("p-9", "Nia Newcomer", groups)

    page = visitor.get("/staff/account")

    assert (page.status, page.heading) == (403, "Your account has no role here yet")
    assert "business manager" in page.text
    assert COOKIE not in visitor.cookies
    assert last(office) == ("p-9", "refused", {"why": "no role"})


def test_while_the_provider_is_down_nobody_gets_in_and_the_page_says_so(
    visitor: Visitor, provider: InMemoryIdentity
) -> None:
    provider.down = True

    page = visitor.get("/staff/account")

    assert (page.status, page.heading) == (503, "You cannot sign in at the moment")
    assert page.links["Sign in"] == "/staff/sign-in?return=%2Fstaff%2Faccount"


def test_a_provider_that_goes_down_half_way_leaves_a_way_back(
    office: Office, visitor: Visitor, provider: InMemoryIdentity
) -> None:
    back = set_off(visitor)
    provider.down = True

    page = visitor.get(back)
    provider.down = False

    assert last(office) == (NOBODY, "refused", {"why": "provider down"})
    assert page.status == 503
    assert visitor.get(page.links["Sign in"]).path == "/staff/account"


def test_an_instance_without_a_provider_says_so(office: Office, services: Services) -> None:
    page = Visitor(replace(services, identity=None)).get("/staff")

    assert (page.status, page.heading) == (501, "Signing in is not set up")
    assert "Sign in" not in page.links


def test_who_is_signed_in_already_is_not_sent_to_the_provider(services: Services) -> None:
    answer = signed_in(services).send("GET", "/staff/sign-in?return=/staff/audit")

    assert (answer.status, answer.headers["Location"]) == (303, "/staff/audit")


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example/staff", "/adult", "/staff/sign-out"]
)
def test_nobody_is_sent_to_another_place_after_signing_in(visitor: Visitor, elsewhere: str) -> None:
    back = set_off(visitor, elsewhere)

    assert visitor.send("GET", back).headers["Location"] == "/staff"


def sign_out(visitor: Visitor, way: str = "sign-out") -> Response:
    from urllib.parse import urlencode

    page = visitor.get("/staff/account")
    csrf = urlencode({"csrf": page.fields()["csrf"][0]})
    return visitor.send("POST", f"/staff/{way}", csrf.encode())


def test_signing_out_ends_the_session_and_goes_on_to_the_provider(
    office: Office, services: Services
) -> None:
    visitor = signed_in(services)
    token = visitor.cookies[COOKIE]

    answer = sign_out(visitor)

    assert visitor.cookies[COOKIE] == ""
    assert answer.headers["Refresh"] == (
        "0; url=http://localhost:8000/staff/signed-out?from=provider"
    )
    assert last(office) == ("p-1", "signed out", {})
    assert Visitor(services, {COOKIE: token}).send("GET", "/staff/account").status == 303


def test_signing_out_needs_no_provider(services: Services, provider: InMemoryIdentity) -> None:
    visitor = signed_in(services)
    provider.down = True

    answer = sign_out(visitor)

    assert (answer.status, answer.headers["Location"]) == (303, "/staff/signed-out")
    assert visitor.cookies[COOKIE] == ""


def test_signing_out_here_leaves_the_other_browser_signed_in(services: Services) -> None:
    here, there = signed_in(services), signed_in(services)

    sign_out(here)

    assert there.get("/staff/account").status == 200


def test_signing_out_everywhere_ends_every_session_of_this_person_only(
    office: Office, services: Services
) -> None:
    here, there = signed_in(services), signed_in(services)
    somebody = signed_in(services, a_person(Role.PANEL_MEMBER, id="p-2"))

    sign_out(here, "sign-out-everywhere")

    assert last(office) == ("p-1", "signed out everywhere", {})
    assert there.send("GET", "/staff/account").status == 303
    assert somebody.send("GET", "/staff/account").status == 200
    office.instance.clock.move(seconds=1)
    assert signed_in(services).send("GET", "/staff/account").status == 200


def test_who_is_signed_out_is_told_so(visitor: Visitor) -> None:
    page = visitor.get("/staff/signed-out")

    assert (page.status, page.heading) == (200, "You are signed out")
    assert page.links["Sign in again"] == "/staff/sign-in"


def test_a_page_says_who_is_signed_in_and_how_to_get_out(services: Services) -> None:
    page = signed_in(services, a_person(Role.PANEL_CHAIR, name="Cy <Chair>")).get("/staff/account")

    assert "Cy <Chair>" in page.text
    assert 'action="/staff/sign-out"' in page.html


def test_somebody_at_work_is_written_down_once_a_minute(office: Office, services: Services) -> None:
    visitor = signed_in(services)
    (session,) = office.instance.table.sessions.values()
    seen = []
    for _ in range(5):
        office.instance.clock.move(seconds=25)
        assert visitor.send("GET", "/staff/account").status == 200
        seen.append(office.instance.table.sessions[session.id].seen_at - session.began_at)

    assert seen == [timedelta(seconds=s) for s in (0, 0, 75, 75, 75)]


def test_somebody_who_keeps_at_it_is_signed_in_until_the_day_is_over(
    office: Office, services: Services
) -> None:
    visitor = signed_in(services)
    for _ in range(10 * 60 // 29):  # every 29 minutes
        office.instance.clock.move(minutes=29)
        assert visitor.send("GET", "/staff/account").status == 200

    office.instance.clock.move(minutes=29)

    assert visitor.send("GET", "/staff/account").status == 303


def test_a_role_is_the_one_of_the_last_sign_in(
    office: Office, visitor: Visitor, provider: InMemoryIdentity
) -> None:
    visitor.get("/staff/account")
    provider.identity = replace(provider.identity, groups=(Role.AUDITOR_READONLY,))
    fresh = Visitor(visitor.services)

    assert "Business manager" in visitor.get("/staff/account").text
    assert "Auditor readonly" in fresh.get("/staff/account").text


def test_a_method_that_no_page_takes_is_refused_before_all_else(visitor: Visitor) -> None:
    assert visitor.send("POST", "/staff/sign-in").status == 405
    assert visitor.send("DELETE", "/staff/account").status == 405


@pytest.mark.parametrize("path", ["/staffroom", "/staffs", "/staf"])
def test_an_address_that_only_looks_like_the_staff_s_is_no_page(
    visitor: Visitor, path: str
) -> None:
    page: Page = visitor.get(path)

    assert page.status == 404
