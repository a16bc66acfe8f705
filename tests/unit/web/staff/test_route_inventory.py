"""Every address, and who may open it: generated from the tables, so that no route is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.bootstrap import Services
from chalicelib.referrals.staff import RIGHTS, Right, Role
from chalicelib.use_cases.staff_session import NOBODY, ONCE_A_DAY, end_everywhere, find_session
from chalicelib.web.draft_session import csrf_token
from chalicelib.web.http import Response
from chalicelib.web.route import PUBLIC, Route, StaffRoute
from chalicelib.web.routes import ROUTES
from chalicelib.web.staff.routes import OPEN_ROUTES, STAFF_ROUTES, UNKNOWN
from tests.staff import COOKIE, a_person, signed_in
from tests.unit.web.clock import Shifted
from tests.unit.web.staff.conftest import Office
from tests.visitor import Visitor

OPEN = {"/staff/sign-in", "/staff/signed-in", "/staff/signed-out"}
WAYS_OUT = {"/staff/sign-out", "/staff/sign-out-everywhere"}
NO_SUCH_CASE = "SUF-BBBB-BBBB"
ALL = (*STAFF_ROUTES, UNKNOWN)
ASKED = [(route, method) for route in ALL for method in route.methods if method != "HEAD"]
WRONG = [
    (route, method, role)
    for route, method in ASKED
    for role in Role
    if route.access not in RIGHTS[role]
]


def named(asked: object) -> str:
    return asked.path if isinstance(asked, StaffRoute) else str(asked)


@pytest.fixture(scope="module")
def shared() -> Office:
    return Office()


@pytest.fixture(scope="module")
def reference(shared: Office) -> str:
    return shared.receive()


@pytest.fixture
def services(shared: Office) -> Services:
    return shared.instance.services


@pytest.fixture
def unchanged(shared: Office, reference: str) -> Iterator[None]:
    """Whatever is refused leaves every row as it was, but for the trail and the sign-in itself."""
    before = stored(shared)
    yield
    assert stored(shared) == before


def stored(office: Office) -> dict[str, Any]:
    own = {"audit", "sessions", "sign_ins", "used_sign_ins", "people", "signed_out_at", "lock"}
    return deepcopy({k: v for k, v in vars(office.instance.table).items() if k not in own})


def address(route: StaffRoute, reference: str) -> str:
    return re.sub(r"\{\w+\}", reference, route.path).replace("*", "no-such-page")


def ask(visitor: Visitor, method: str, path: str) -> Response:
    """A post as our own page would send it: nothing but the session or the role is wrong."""
    token = visitor.cookies.get(COOKIE, "")
    body = urlencode({"csrf": csrf_token(token), "reasons": "Words that somebody typed."})
    sent = body.encode() if method == "POST" else b""
    return visitor.send(method, path, sent, {"sec-fetch-site": "same-origin"})


def refusals(office: Office) -> list[dict[str, str]]:
    trail = office.instance.table.audit
    return [dict(entry.details) for entry in trail if entry.action == "refused"]


def nobodys(office: Office) -> list[dict[str, str]]:
    return [dict(entry.details) for entry in office.instance.table.audit if entry.actor == NOBODY]


@pytest.mark.parametrize(("route", "method"), ASKED, ids=named)
def test_whom_nobody_knows_cannot_fill_the_trail_nor_write_under_a_case(
    services: Services, shared: Office, reference: str, route: StaffRoute, method: str
) -> None:
    for token in ("", "one", "another"):
        for asked_for in (reference, NO_SUCH_CASE):
            ask(
                Visitor(services, {COOKIE: token} if token else {}),
                method,
                address(route, asked_for),
            )

    told = [row for row in nobodys(shared) if row["page"] == route.path]
    kinds = [(row["why"], row["when"]) for row in told]
    assert len(kinds) == len(set(kinds))
    assert ("unknown session", ONCE_A_DAY) in kinds
    assert {e.reference for e in shared.instance.table.audit if e.actor == NOBODY} == {""}
    assert all(one.kept_by for one in shared.instance.table.sign_ins.values() if one.kept)


def test_of_the_staff_s_addresses_three_are_open() -> None:
    assert {route.path for route in OPEN_ROUTES} == OPEN
    assert {route.access for route in OPEN_ROUTES} == {PUBLIC}


def test_every_other_one_asks_for_a_right() -> None:
    assert all(isinstance(route.access, Right) for route in ALL)
    assert all(route.path == "/staff" or route.path.startswith("/staff/") for route in ALL)


def test_the_public_table_has_none_of_them() -> None:
    assert all(isinstance(route, Route) for route in ROUTES)
    assert [route.path for route in ROUTES if route.path.startswith("/staff")] == []


def test_no_address_is_listed_twice() -> None:
    everything: list[Route | StaffRoute] = [*ROUTES, *OPEN_ROUTES, *STAFF_ROUTES]
    paths = [route.path for route in everything]

    assert sorted(paths) == sorted(set(paths))


def test_every_post_has_a_page_to_come_back_to() -> None:
    assert {route.path for route in STAFF_ROUTES if "GET" not in route.methods} == WAYS_OUT


def test_reading_asks_for_less_than_changing() -> None:
    changing = {Right.WORK_CASES, Right.RECOMMEND, Right.DECIDE, Right.MANAGE, Right.DISPOSE}
    case_forms = [r for r in STAFF_ROUTES if "{reference}" in r.path and "POST" in r.methods]

    assert [route.path for route in case_forms if route.access not in changing] == []


def test_whoever_runs_the_service_sees_of_a_case_only_who_did_what() -> None:
    seen = {route.path for route in STAFF_ROUTES if route.access in RIGHTS[Role.SYSTEM_ADMIN]}

    assert {path for path in seen if path.startswith("/staff/cases")} <= {
        "/staff/cases/{reference}/history"
    }


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("route", "method"), ASKED, ids=named)
def test_without_a_session_there_is_only_the_way_to_sign_in(
    services: Services, reference: str, route: StaffRoute, method: str
) -> None:
    answers = [
        ask(Visitor(services), method, address(route, asked_for))
        for asked_for in (reference, NO_SUCH_CASE)
    ]

    assert_signed_out(answers[0], route, method)
    assert [answer.status for answer in answers] == [answers[0].status] * 2
    assert "Words that somebody typed" not in answers[0].body


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("why", ["idle", "old", "ended", "everywhere", "forged"])
@pytest.mark.parametrize(("route", "method"), ASKED, ids=named)
def test_with_a_session_that_is_over_it_is_the_same_and_told(
    shared: Office, services: Services, reference: str, route: StaffRoute, method: str, why: str
) -> None:
    everybody = signed_in(services, a_person(*Role, id=f"p-{why}"))
    over = made_over(everybody, why)
    known = find_session(services, over.cookies[COOKIE]) is not None
    before = len(shared.instance.table.audit)

    answer = ask(over, method, address(route, reference))

    assert_signed_out(answer, route, method)
    mine = {"why": "unknown session", "page": route.path}
    told = shared.instance.table.audit[before:]
    if known:
        of = reference if "{reference}" in route.path else ""
        assert [(e.actor, e.reference, e.details) for e in told] == [(f"p-{why}", of, mine)]
    else:
        assert nobodys(shared).count({**mine, "when": ONCE_A_DAY}) == 1
        assert {(e.actor, e.reference) for e in told} <= {(NOBODY, "")}


def made_over(visitor: Visitor, why: str) -> Visitor:
    services, token = visitor.services, visitor.cookies[COOKIE]
    after = {"idle": timedelta(minutes=30), "old": timedelta(hours=10)}
    session = find_session(services, token)
    assert session is not None
    if why in after:
        if why == "old":  # seen a moment before
            services.sessions.touch(session.id, at=session.ends_at - timedelta(minutes=1))
        shifted = Shifted(session.began_at + after[why])
        return Visitor(replace(services, clock=shifted), visitor.cookies)
    if why == "ended":
        services.sessions.end(session.id)
    if why == "everywhere":
        end_everywhere(services, session)
    return Visitor(services, {COOKIE: token[:-1] + "~"} if why == "forged" else visitor.cookies)


def assert_signed_out(answer: Response, route: StaffRoute, method: str) -> None:
    if method == "GET":
        assert answer.status == 303
        assert answer.headers["Location"].startswith("/staff/sign-in?return=/staff")
    elif route.path in WAYS_OUT:
        assert (answer.status, answer.headers["Location"]) == (303, "/staff/signed-out")
    else:
        assert answer.status == 403
        assert "Sign in to go on" in answer.body


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("route", "method", "role"), WRONG, ids=named)
def test_a_role_without_the_right_is_refused_and_learns_nothing(
    shared: Office,
    services: Services,
    reference: str,
    route: StaffRoute,
    method: str,
    role: Role,
) -> None:
    visitor = signed_in(services, a_person(role))
    told = len(refusals(shared))

    answers = [
        ask(visitor, method, address(route, asked_for)) for asked_for in (reference, NO_SUCH_CASE)
    ]

    assert [answer.status for answer in answers] == [403, 403]
    assert answers[0].body == answers[1].body
    assert "business manager" in answers[0].body
    assert refusals(shared)[told:] == [{"why": "wrong role", "page": route.path}] * 2


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "https://other.suffolk.example"},
        {"origin": "null"},
    ],
)
@pytest.mark.parametrize("route", [route for route in ALL if "POST" in route.methods], ids=named)
def test_a_post_from_another_site_is_refused_whoever_is_signed_in(
    shared: Office,
    services: Services,
    reference: str,
    route: StaffRoute,
    headers: dict[str, str],
) -> None:
    visitor = signed_in(services, a_person(*Role))
    body = urlencode({"csrf": csrf_token(visitor.cookies[COOKIE]), "reasons": "Forged."}).encode()
    told = len(refusals(shared))

    answer = visitor.send("POST", address(route, reference), body, headers)

    assert answer.status == 403
    assert "Forged." not in answer.body
    assert refusals(shared)[told:] == [{"why": "foreign origin", "page": route.path}]
    assert find_session(services, visitor.cookies[COOKIE]) is not None


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("csrf", ["", "0" * 32, "é"])
@pytest.mark.parametrize("route", [route for route in ALL if "POST" in route.methods], ids=named)
def test_a_post_without_the_page_s_own_token_changes_nothing(
    shared: Office, services: Services, reference: str, route: StaffRoute, csrf: str
) -> None:
    visitor = signed_in(services, a_person(*Role))
    told = len(refusals(shared))

    answer = visitor.send(
        "POST", address(route, reference), urlencode({"csrf": csrf, "reasons": "x"}).encode()
    )

    assert answer.status in (403, 404)  # 404: there is no such page to show again
    assert refusals(shared)[told:] == [{"why": "outdated form", "page": route.path}]
    assert find_session(services, visitor.cookies[COOKIE]) is not None
