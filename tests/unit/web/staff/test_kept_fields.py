"""What somebody typed is not lost when their session ends before they send it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast
from urllib.parse import urlencode

import pytest

from chalicelib.adapters.in_memory_identity import InMemoryIdentity
from chalicelib.referrals.staff import Person, Right, Role
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.sign_in import MOST_KEPT
from chalicelib.use_cases.staff_session import NOBODY, find_session
from chalicelib.web.draft_session import csrf_token
from chalicelib.web.http import Request, Response, html, redirect
from chalicelib.web.route import StaffRoute
from chalicelib.web.staff import routes
from chalicelib.web.staff.drawing import KEPT_NOTICE, staff_page
from tests.staff import COOKIE, a_person, signed_in
from tests.unit.web.staff.conftest import Office
from tests.visitor import Page, Visitor

PATH = "/staff/case/SUF-BCDF-3479/note"
TYPED = {"reasons": "Línea <b>una</b>\r\nline two 🙂", "criteria": ["death", "unsure"], "empty": ""}


class Desk:
    """A form of one page, which remembers what it was asked."""

    def __init__(self) -> None:
        self.posted: list[dict[str, list[str]]] = []
        self.shown: list[dict[str, list[str]]] = []

    def __call__(self, request: Request, services: Services, person: Person) -> Response:
        if request.method == "POST":
            self.posted.append(request.form)
            return redirect("/staff/account") if "reasons" in request.form else html("", 422)
        self.shown.append({name: list(values) for name, values in request.kept.items()})
        return staff_page(
            request, services, person, "staff/message.html", title="A form", paragraphs=["Here."]
        )


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    route = StaffRoute("/staff/case/{reference}/note", routes.FORM, desk, Right.WORK_CASES)
    monkeypatch.setattr(routes, "STAFF_ROUTES", (*routes.STAFF_ROUTES, route))
    return desk


@pytest.fixture
def visitor(office: Office) -> Visitor:
    provider = cast("InMemoryIdentity", office.instance.services.identity)
    person = a_person(id=provider.identity.subject)
    return signed_in(office.instance.services, person)


def post(visitor: Visitor, csrf: str | None = None, **fields: object) -> Response:
    """As the page of the browser's session sends it, unless another `csrf` is given."""
    if csrf is None:
        csrf = csrf_token(visitor.cookies.get(COOKIE, ""))
    body = urlencode({**TYPED, "csrf": csrf, **fields}, doseq=True)
    return visitor.send("POST", PATH, body.encode())


def sign_in(visitor: Visitor, answer: Response) -> Page:
    """Follows the page's link to the provider, and comes back."""
    from lxml import html as markup

    tree = markup.document_fromstring(answer.body)
    (link,) = [a for a in tree.iter("a") if "signed-in?code=" in a.get("href", "")]
    return visitor.get(link.get("href", ""))


KEPT = {"reasons": [TYPED["reasons"]], "criteria": TYPED["criteria"], "empty": [""]}


def test_text_posted_after_the_session_ended_is_back_after_signing_in(
    office: Office, desk: Desk, visitor: Visitor
) -> None:
    office.instance.clock.move(minutes=31)

    answer = post(visitor)
    sign_in(visitor, answer)

    assert answer.status == 403
    assert "kept for one hour" in answer.body
    assert desk.posted == []  # it is sent by the person, never by us
    assert desk.shown == [KEPT]


def over(visitor: Visitor) -> None:
    """The visitor's session is too old, by what the table says of it."""
    services = visitor.services
    session = find_session(services, visitor.cookies[COOKIE])
    assert session is not None
    services.sessions.touch(session.id, at=session.began_at - timedelta(hours=1))


def assert_not_kept(office: Office, answer: Response, *, shown: bool) -> None:
    assert answer.status == 403
    assert "could not be kept: copy it before you sign in" in answer.body
    assert ("Línea &lt;b&gt;una&lt;/b&gt;" in answer.body) == shown
    assert "Línea <b>" not in answer.body
    assert office.instance.table.sign_ins == {}


@pytest.mark.parametrize("token", ["", "forged"])
def test_what_nobody_known_posts_is_neither_kept_nor_shown(
    office: Office, desk: Desk, token: str
) -> None:
    answer = post(Visitor(office.instance.services, {COOKIE: token} if token else {}))

    assert_not_kept(office, answer, shown=False)
    assert f"/staff/sign-in?return={PATH}" in answer.body
    (entry,) = office.instance.table.audit
    assert (entry.reference, entry.actor) == ("", NOBODY)


def test_what_is_sent_after_signing_out_is_not_kept(
    office: Office, desk: Desk, visitor: Visitor
) -> None:
    session = find_session(office.instance.services, visitor.cookies[COOKIE])
    assert session is not None
    office.instance.services.sessions.end(session.id)

    assert_not_kept(office, post(visitor), shown=False)


@pytest.mark.parametrize("csrf", ["", "0" * 32])
def test_what_comes_from_a_page_of_another_session_is_not_kept(
    office: Office, desk: Desk, visitor: Visitor, csrf: str
) -> None:
    over(visitor)

    assert_not_kept(office, post(visitor, csrf), shown=False)


def test_what_cannot_be_kept_now_is_shown_to_be_copied(
    office: Office, desk: Desk, visitor: Visitor
) -> None:
    provider = cast("InMemoryIdentity", office.instance.services.identity)
    provider.down = True
    over(visitor)

    assert_not_kept(office, post(visitor, version="3"), shown=True)


def test_nobody_else_gets_what_was_typed(office: Office, desk: Desk, visitor: Visitor) -> None:
    provider = cast("InMemoryIdentity", office.instance.services.identity)
    provider.identity = replace(provider.identity, subject="p-colleague")
    over(visitor)

    page = sign_in(visitor, post(visitor))

    assert page.status == 200, "the colleague may open the page"
    assert desk.shown == [{}]
    assert [one.kept for one in office.instance.table.sign_ins.values()] == [{}]


def test_the_page_says_to_check_and_send_again(desk: Desk, visitor: Visitor) -> None:
    over(visitor)

    sign_in(visitor, post(visitor))
    page = visitor.get(PATH)

    assert "nothing was changed" in KEPT_NOTICE
    assert desk.shown == [KEPT, KEPT]  # a reload loses nothing
    assert page.status == 200


def test_once_sent_it_is_kept_no_longer(office: Office, desk: Desk, visitor: Visitor) -> None:
    over(visitor)
    sign_in(visitor, post(visitor))

    post(visitor)
    visitor.get(PATH)

    assert [posted["reasons"] for posted in desk.posted] == [[TYPED["reasons"]]]
    assert desk.shown == [KEPT, {}]
    assert [sign_in.kept for sign_in in office.instance.table.sign_ins.values()] == [{}]


def test_what_is_wrong_when_sent_again_is_still_kept(desk: Desk, visitor: Visitor) -> None:
    over(visitor)
    sign_in(visitor, post(visitor))

    csrf = urlencode({"csrf": csrf_token(visitor.cookies[COOKIE])})
    assert visitor.send("POST", PATH, csrf.encode()).status == 422
    visitor.get(PATH)

    assert desk.shown == [KEPT, KEPT]


def test_no_other_page_shows_it(desk: Desk, visitor: Visitor) -> None:
    over(visitor)
    sign_in(visitor, post(visitor))

    visitor.get(PATH.replace("3479", "4444"))

    assert desk.shown == [KEPT, {}]


def test_it_is_kept_for_an_hour(office: Office, desk: Desk, visitor: Visitor) -> None:
    over(visitor)
    sign_in(visitor, post(visitor))

    for _ in range(3):
        office.instance.clock.move(minutes=20)
        visitor.get(PATH)

    assert desk.shown == [KEPT, KEPT, KEPT, {}]


def test_somebody_else_who_signs_in_there_must_have_the_right(
    office: Office, desk: Desk, visitor: Visitor
) -> None:
    provider = cast("InMemoryIdentity", office.instance.services.identity)
    over(visitor)
    provider.identity = provider.identity.__class__("p-7", "Ad Admin", (Role.SYSTEM_ADMIN,))

    page = sign_in(visitor, post(visitor))

    assert page.status == 403
    assert desk.shown == []
    assert "Línea" not in page.html


def test_more_than_can_be_kept_is_said_before_the_page_is_left(
    office: Office, desk: Desk, visitor: Visitor
) -> None:
    import secrets

    over(visitor)

    answer = post(visitor, reasons=secrets.token_hex(MOST_KEPT + 1000))

    assert answer.status == 403
    assert "could not be kept" in answer.body
    assert office.instance.table.sign_ins == {}


def test_a_provider_that_goes_down_half_way_loses_no_text(
    office: Office, desk: Desk, visitor: Visitor
) -> None:
    provider = cast("InMemoryIdentity", office.instance.services.identity)
    over(visitor)
    answer = post(visitor)
    identify = provider.identify

    def once_down(*_: object, **__: object) -> object:
        provider.identify = identify  # type: ignore[method-assign]
        from chalicelib.use_cases.sign_in_ports import ProviderDown

        raise ProviderDown

    provider.identify = once_down  # type: ignore[method-assign,assignment]
    page = sign_in(visitor, answer)

    assert page.status == 503
    visitor.get(page.links["Sign in"])
    assert desk.shown == [KEPT]


def test_a_page_opened_before_signing_in_again_comes_back_filled_in(
    office: Office, desk: Desk, visitor: Visitor
) -> None:
    answer = post(visitor, csrf="0" * 32)

    assert answer.status == 403
    assert (desk.posted, desk.shown) == ([], [KEPT])
    assert office.instance.table.audit[-1].details == {
        "why": "outdated form",
        "page": "/staff/case/{reference}/note",
    }
    assert office.instance.table.audit[-1].reference == "SUF-BCDF-3479"


def test_a_handler_learns_who_it_is_and_of_which_case(desk: Desk, visitor: Visitor) -> None:
    post(visitor)

    (posted,) = desk.posted
    assert posted["criteria"] == ["death", "unsure"]


def test_what_another_site_posts_is_not_kept(office: Office, desk: Desk, visitor: Visitor) -> None:
    over(visitor)
    body = urlencode(TYPED, doseq=True).encode()

    answer = visitor.send("POST", PATH, body, {"sec-fetch-site": "cross-site"})

    assert answer.status == 403
    assert office.instance.table.sign_ins == {}
