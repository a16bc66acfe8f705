"""Staff ask the referrer: the code is shown once, and all that was said is on the case."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from chalicelib.adapters.in_memory_identity import InMemoryIdentity
from chalicelib.referrals.case import Case
from chalicelib.referrals.information import (
    LONGEST_QUESTION,
    InformationRequest,
    derived_code,
    hash_of,
)
from chalicelib.use_cases.ports import MailFailed
from chalicelib.web.draft_session import csrf_token
from chalicelib.web.http import Request
from chalicelib.web.request_log import log_request
from chalicelib.web.routes import route_name
from tests.staff import COOKIE, a_person, signed_in
from tests.unit.web.staff.conftest import AUDITOR, MANAGER, MEMBER, SUPPORT, Office
from tests.visitor import Page, Visitor

CODE = re.compile(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}\b")
QUESTION = "zqxquestion: which school?"


def the_case(office: Office, reference: str) -> Case:
    return office.instance.table.cases[reference]


def only(office: Office, reference: str) -> InformationRequest:
    (request,) = the_case(office, reference).work.requests
    return request


def code_on(page: Page) -> str:
    found = CODE.search(page.text)
    assert found, page.text
    return found.group()


def ask(office: Office, reference: str, **typed: str) -> Page:
    office.open(reference, "information", SUPPORT)
    filled = {"question": QUESTION, "how": "tell", **typed}
    return office.at_desk(SUPPORT).fill(**filled)


def answer(office: Office, reference: str, code: str, text: str = "zqxanswer") -> Page:
    visitor = Visitor(office.instance.services)
    visitor.get("/information")
    visitor.fill(reference=reference, code=code)
    visitor.fill(answer=text, name="Jo Referrer")
    assert visitor.page is not None
    return visitor.post("/information", {**visitor.page.fields(), "step": "send"})


def test_the_code_is_shown_with_where_and_until_when_it_is_used(office: Office) -> None:
    reference = office.receive()

    page = ask(office, reference)

    assert page.status == 200
    assert only(office, reference).code == hash_of(code_on(page))
    assert reference in page.text
    assert "/information" in page.text
    assert "Friday 4 December 2026" in page.text, "ten working days, when nothing else is chosen"
    assert "Friday 1 January 2027" in page.text


def test_the_code_is_in_no_address_no_title_no_header_and_no_log_line(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = office.receive()
    office.open(reference, "information", SUPPORT)
    desk = office.at_desk(SUPPORT)
    assert desk.page is not None
    path = f"/staff/cases/{reference}/information"
    fields: dict[str, Any] = {**desk.page.fields(), "question": QUESTION, "how": "email"}

    page = desk.post(path, fields)
    response = desk.send("POST", path)
    asked = Request("POST", path)
    log_request(asked, response, route_name(asked, office.instance.services), 1.0)

    code = code_on(page)
    told = [page.path, page.title, page.heading, *page.links.values()]
    assert [one for one in told if code in one or "zqx" in one] == []
    assert code not in json.dumps(dict(response.headers)) + "".join(response.cookies)
    assert code not in capsys.readouterr().out
    for known in ("audit", "cases", "deliveries", "sessions", "sign_ins"):
        assert code not in repr(vars(office.instance.table)[known])
    assert "zqx" not in repr(office.instance.table.audit)


def test_the_code_follows_from_the_session_and_from_nothing_that_is_stored(
    office: Office,
) -> None:
    reference = office.receive()

    code = code_on(ask(office, reference))

    request = only(office, reference)
    secret = csrf_token(office.at_desk(SUPPORT).cookies[COOKIE])
    stored = ("", reference, request.id, request.code, SUPPORT.id)
    assert code == derived_code(secret, request.id)
    assert code not in [derived_code(one, request.id) for one in stored]


def test_a_double_press_shows_the_same_code_and_asks_once(office: Office) -> None:
    reference = office.receive()
    office.open(reference, "information", SUPPORT)
    desk = office.at_desk(SUPPORT)
    assert desk.page is not None
    path = f"/staff/cases/{reference}/information"
    fields: dict[str, Any] = {**desk.page.fields(), "question": QUESTION, "how": "tell"}

    codes = [code_on(desk.post(path, fields)) for _ in range(3)]

    assert len(set(codes)) == 1
    assert only(office, reference).code == hash_of(codes[0])


def test_a_replay_after_a_while_or_by_another_shows_no_code(office: Office) -> None:
    reference = office.receive()
    office.open(reference, "information", SUPPORT)
    desk, other = office.at_desk(SUPPORT), office.at_desk(MANAGER)
    assert desk.page is not None
    path = f"/staff/cases/{reference}/information"
    fields: dict[str, Any] = {**desk.page.fields(), "question": QUESTION, "how": "tell"}
    desk.post(path, fields)
    csrf = other.get("/staff/account").fields()["csrf"]

    by_other = other.post(path, {**fields, "csrf": csrf})
    office.instance.clock.move(minutes=3)
    late = desk.post(path, fields)

    for page in (by_other, late):
        assert page.status == 409
        assert CODE.search(page.text) is None
    assert only(office, reference).name == SUPPORT.name


@pytest.mark.parametrize("request_id", ["", "x", "../../x", "F" * 32, "é" * 32])
def test_a_request_of_somebody_s_own_naming_gets_one_of_ours(
    office: Office, request_id: str
) -> None:
    reference = office.receive()

    page = ask(office, reference, request=request_id)

    assert re.fullmatch("[0-9a-f]{32}", only(office, reference).id)
    assert only(office, reference).code == hash_of(code_on(page))


@pytest.mark.parametrize(
    ("typed", "targets"),
    [
        ({"question": " "}, ["#question"]),
        ({"question": "q" * (LONGEST_QUESTION + 1)}, ["#question"]),
        ({"how": ""}, ["#how"]),
        ({"how": "carrier pigeon"}, ["#how"]),
        ({"answer_by__day": "31", "answer_by__month": "2"}, ["#answer_by-day"]),
        ({"answer_by__year": "2020"}, ["#answer_by-day"]),
        ({"answer_by__year": "2031"}, ["#answer_by-day"]),
        (
            {"question": "", "how": "", "answer_by__day": ""},
            ["#question", "#answer_by-day", "#how"],
        ),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_kept(
    office: Office, typed: dict[str, str], targets: list[str]
) -> None:
    reference = office.receive()

    page = ask(office, reference, **typed)

    assert (page.status, page.error_targets) == (422, targets)
    assert the_case(office, reference).work.requests == ()
    if "question" not in typed:
        assert page.fields()["question"] == [QUESTION]


def test_an_email_is_offered_only_when_they_may_be_emailed(office: Office) -> None:
    safe, unsafe = office.receive(), office.receive()
    referrals = office.instance.table.referrals
    answers = {**referrals[unsafe].answers, "submitter_type": "family_or_carer"}
    referrals[unsafe] = replace(referrals[unsafe], answers=answers)

    assert "how" in office.open(safe, "information").names()
    page = office.open(unsafe, "information")
    assert "how" not in page.names()
    assert "They gave no address that we may email" in page.text

    shown = ask_without_email(office, unsafe)
    assert code_on(shown)
    assert office.instance.mailer.sent == []


def ask_without_email(office: Office, reference: str) -> Page:
    office.open(reference, "information", SUPPORT)
    desk = office.at_desk(SUPPORT)
    assert desk.page is not None
    fields: dict[str, Any] = {**desk.page.fields(), "question": QUESTION, "how": "email"}
    return desk.post(f"/staff/cases/{reference}/information", fields)


def test_an_email_that_fails_is_told_and_the_code_is_still_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise MailFailed("Throttling")

    monkeypatch.setattr(office.instance.mailer, "send", refuse)
    reference = office.receive()

    page = ask(office, reference, how="email")

    assert "The email could not be sent" in page.text
    assert only(office, reference).code == hash_of(code_on(page))


def test_what_was_asked_and_added_is_on_the_case_and_on_paper(office: Office) -> None:
    reference = office.receive()
    answer(office, reference, code_on(ask(office, reference)))

    for tail in ("", "print"):
        page = office.open(reference, tail, MEMBER)
        assert "Answered" in page.text
        assert QUESTION in page.text
        assert "zqxanswer" in page.text
        assert "Jo Referrer (referrer) on 20 November 2026" in page.text
        assert "Withdraw this request" not in page.text
    assert "Email to the team: information was added" in office.open(reference).text


def test_hostile_text_is_shown_as_it_was_typed(office: Office) -> None:
    reference = office.receive()
    hostile = "<script>alert(1)</script>{{ 7 * 7 }}\n\u200d'\"&amp;"
    answer(office, reference, code_on(ask(office, reference, question=hostile)), hostile)

    page = office.open(reference)

    assert page.html.count("<script>alert") == 0
    assert page.text.count("<script>alert(1)</script>{{ 7 * 7 }}") == 2


@pytest.mark.parametrize(
    ("days", "tag"), [(14, "Open"), (15, "Late"), (42, "Late"), (43, "Code no longer works")]
)
def test_the_case_says_whether_an_answer_is_still_waited_for(
    office: Office, days: int, tag: str
) -> None:
    reference = office.receive()
    ask(office, reference)
    office.instance.clock.instant += timedelta(days=days)

    assert f"Asked on 20 November 2026 at 2:30pm {tag}" in office.open(reference).text


def test_a_request_is_withdrawn_with_a_reason_and_its_code_stops(office: Office) -> None:
    reference = office.receive()
    code = code_on(ask(office, reference))
    path = f"information/{only(office, reference).id}/withdrawn"
    links = office.open(reference).links
    assert [href for text, href in links.items() if text.startswith("Withdraw this")] == [
        f"/staff/cases/{reference}/{path}"
    ]

    office.open(reference, path)
    refused = office.at_desk().fill()
    done = office.at_desk().fill(reason="They phoned")

    assert refused.error_targets == ["#reason"]
    assert "Its code no longer works" in done.text
    assert "They phoned" in done.text
    assert "answered or withdrawn already" in office.open(reference, path).text
    visitor = Visitor(office.instance.services)
    visitor.get("/information")
    assert visitor.fill(reference=reference, code=code).status == 422


def test_one_that_was_answered_meanwhile_is_not_withdrawn(office: Office) -> None:
    reference = office.receive()
    code = code_on(ask(office, reference))
    office.open(reference, f"information/{only(office, reference).id}/withdrawn")
    office.instance.clock.move(minutes=1)
    answer(office, reference, code)

    page = office.at_desk().fill(reason="They phoned")

    assert page.status == 409
    assert "Information added, by Jo Referrer (referrer)" in page.text
    ended = only(office, reference).ended
    assert ended is not None
    assert ended.how.value == "answered"


@pytest.mark.parametrize("request_id", ["f" * 32, "nonsense", "%00"])
def test_what_was_never_asked_has_no_page(office: Office, request_id: str) -> None:
    page = office.open(office.receive(), f"information/{request_id}/withdrawn")

    assert page.status == 404


def test_nothing_is_offered_of_a_closed_case_or_to_who_only_reads(office: Office) -> None:
    reference = office.receive()
    ask(office, reference)
    offers = ("Ask for information", "Withdraw this request")
    read = office.open(reference, person=AUDITOR).text
    assert [one for one in offers if one in read] == []

    office.open(reference, "close")
    office.at_desk().fill(outcome="withdrawn_by_referrer", reason="Told us")
    closed = office.open(reference)

    assert [one for one in offers if one in closed.text] == []
    assert "The code does not work while the case is closed" in closed.text
    assert "The case is closed" in office.open(reference, "information").text


def test_whoever_is_barred_sees_nothing_of_it(office: Office) -> None:
    reference = office.receive()
    ask(office, reference)
    request = only(office, reference).id
    office.open(reference, "conflicts")
    office.at_desk().fill(person=SUPPORT.id, reason="A neighbour")

    for tail in ("", "print", "information", f"information/{request}/withdrawn"):
        page = office.open(reference, tail, SUPPORT)
        assert page.status == 403
        assert QUESTION not in page.html


def test_what_was_typed_when_the_session_ended_comes_back_and_is_forgotten_when_sent(
    office: Office,
) -> None:
    reference = office.receive()
    provider = cast("InMemoryIdentity", office.instance.services.identity)
    visitor = signed_in(office.instance.services, a_person(id=provider.identity.subject))
    path = f"/staff/cases/{reference}/information"
    page = visitor.get(path)
    typed: dict[str, Any] = {**page.fields(), "question": QUESTION, "how": "tell"}
    office.instance.clock.move(minutes=31)
    over = visitor.post(path, typed)
    link = next(href for href in over.links.values() if "signed-in?code=" in href)

    back = visitor.get(link)
    shown = visitor.fill()
    fresh = visitor.get(path)

    assert back.fields()["question"] == [QUESTION]
    assert only(office, reference).code == hash_of(code_on(shown))
    assert fresh.fields()["question"] == [""]
