"""The referrer answers a question on this website: without an account, a cookie or a script."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chalicelib.adapters.in_memory_cases import InMemoryCases
from chalicelib.referrals.information import LONGEST_ANSWER, derived_code
from chalicelib.use_cases.ports import StoreBusy
from chalicelib.use_cases.work_on_case import close_case
from chalicelib.web.http import Request
from chalicelib.web.request_log import log_request
from chalicelib.web.routes import route_name
from tests.unit.use_cases.instance import Instance, an_instance
from tests.unit.use_cases.test_ask_information import CODE, MANAGER, REQUEST, ask
from tests.visitor import Page, Visitor

PATH = "/information"
QUESTION = "zqxquestion: which\nschool <b>?</b>"
ANSWER = "zqxanswer\nline two 🙂"


@pytest.fixture
def instance() -> Instance:
    return an_instance()


@pytest.fixture
def reference(instance: Instance) -> str:
    reference = instance.submit("adult").reference
    ask(instance, reference, question=QUESTION)
    return reference


@pytest.fixture
def visitor(instance: Instance, reference: str) -> Visitor:
    return Visitor(instance.services)


def opened(visitor: Visitor, reference: str, code: str = CODE) -> Page:
    visitor.get(PATH)
    return visitor.fill(reference=reference, code=code)


def checked(
    visitor: Visitor, reference: str, answer: str = ANSWER, name: str = "Jo Bloggs"
) -> Page:
    opened(visitor, reference)
    return visitor.fill(answer=answer, name=name)


def send(visitor: Visitor, step: str = "send") -> Page:
    """Press a button of the check page that is open."""
    assert visitor.page is not None
    return visitor.post(PATH, {**visitor.page.fields(), "step": step})


def texts(instance: Instance, reference: str) -> list[str]:
    return [one.text for one in instance.services.cases.additions(reference)]


def test_the_question_is_read_answered_checked_and_sent(
    instance: Instance, visitor: Visitor, reference: str
) -> None:
    asked = opened(visitor, reference.lower(), CODE.lower().replace("-", " "))
    check = visitor.fill(answer=ANSWER, name="Jo Bloggs")
    thanks = send(visitor)

    assert "zqxquestion: which school <b>?</b>" in asked.text
    assert "Friday 4 December 2026" in asked.text
    assert "Send answer" in check.text
    assert (thanks.status, thanks.heading.startswith("Your answer was added")) == (200, True)
    assert reference in thanks.text
    assert texts(instance, reference) == [ANSWER]


def test_the_answer_can_be_changed_before_it_is_sent(
    instance: Instance, visitor: Visitor, reference: str
) -> None:
    checked(visitor, reference)
    back = send(visitor, "question")
    assert back.fields()["answer"] == [ANSWER]

    visitor.fill(answer="Something else")
    send(visitor)

    assert texts(instance, reference) == ["Something else"]


def test_no_address_title_cookie_header_or_log_line_tells_anything(
    visitor: Visitor, reference: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [opened(visitor, reference), checked(visitor, reference), send(visitor)]
    response = visitor.send("POST", PATH)
    asked = Request("POST", PATH)
    log_request(asked, response, route_name(asked, visitor.services), 1.0)

    for page in pages:
        told = [page.path, page.title, page.heading, *page.links.values()]
        assert [one for one in told if "zqx" in one or CODE in one] == []
        assert page.path == PATH
    assert visitor.cookies == {}
    printed = capsys.readouterr().out + json.dumps(dict(response.headers))
    assert "zqx" not in printed
    assert CODE not in printed
    assert reference not in printed
    assert response.headers["Cache-Control"] == "no-store"


def test_a_double_press_is_thanked_alike_and_added_once(
    instance: Instance, visitor: Visitor, reference: str
) -> None:
    checked(visitor, reference)
    assert visitor.page is not None
    fields = {**visitor.page.fields(), "step": "send"}

    pages = [visitor.post(PATH, fields) for _ in range(3)]

    assert {page.status for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert texts(instance, reference) == [ANSWER]


def every_refusal(instance: Instance, reference: str) -> dict[str, tuple[str, str]]:
    """What does not open a question, and what is posted for it."""
    services = instance.services
    used, expired = instance.submit("adult").reference, instance.submit("child").reference
    for one in (used, expired):
        ask(instance, one)
    visitor = Visitor(services)
    checked(visitor, used)
    send(visitor)
    old = instance.table.cases[expired]
    (request,) = old.work.requests
    past = replace(request, expires_on=old.received_at.date().replace(year=2020))
    instance.table.cases[expired] = replace(old, work=replace(old.work, requests=(past,)))
    return {
        "wrong reference": ("SUF-BBBB-BBBB", CODE),
        "no reference": ("Rex Smith", CODE),
        "wrong code": (reference, derived_code("x", REQUEST)),
        "no code": (reference, "nonsense"),
        "used": (used, CODE),
        "expired": (expired, CODE),
    }


@pytest.mark.parametrize("step", ["question", "check", "send", "", "nonsense"])
def test_whatever_is_wrong_the_page_says_the_same(
    instance: Instance, visitor: Visitor, reference: str, step: str
) -> None:
    said = set()
    for typed, code in every_refusal(instance, reference).values():
        fields = {"reference": typed, "code": code, "step": step, "answer": "Mine", "name": "Jo"}
        page = visitor.post(PATH, fields)
        assert page.status == 422
        assert page.fields()["code"] == [code]
        text = page.text.replace(typed, "").replace(code, "")
        said.add((tuple(page.errors), tuple(page.error_targets), page.title, text))

    assert len(said) == 1
    assert "email enquiries@" in page.text, "whom to ask"


def test_an_answer_that_came_second_is_still_on_the_page_and_goes_to_a_new_code(
    instance: Instance, visitor: Visitor, reference: str
) -> None:
    checked(visitor, reference, "Mine, zqx")
    other = Visitor(visitor.services)
    checked(other, reference, "Theirs")
    send(other)

    second = send(visitor)
    code = derived_code("a session's secret", "e" * 32)
    ask(
        instance,
        reference,
        instance.table.cases[reference].version,
        request="e" * 32,
        code=code,
    )
    filled = visitor.fill(code=code)
    visitor.fill()
    send(visitor)

    assert second.status == 422
    assert "What you typed" in second.text
    assert "Mine, zqx" in second.text
    assert filled.fields()["answer"] == ["Mine, zqx"]
    assert sorted(texts(instance, reference)) == ["Mine, zqx", "Theirs"]


@pytest.mark.parametrize(
    ("answer", "name", "targets"),
    [
        ("", "", ["#answer", "#name"]),
        ("a" * (LONGEST_ANSWER + 1), "Jo", ["#answer"]),
        ("Yes", "n" * 201, ["#name"]),
        ("a\x00b", "Jo", ["#answer"]),
    ],
)
@pytest.mark.parametrize("step", ["check", "send"])
def test_what_is_wrong_with_an_answer_is_told_beside_its_box_and_kept(
    instance: Instance,
    visitor: Visitor,
    reference: str,
    step: str,
    answer: str,
    name: str,
    targets: list[str],
) -> None:
    fields = {"reference": reference, "code": CODE, "answer": answer, "name": name, "step": step}

    page = visitor.post(PATH, fields)

    assert (page.status, page.error_targets) == (422, targets)
    assert page.title.startswith("Error: ")
    assert texts(instance, reference) == []


def test_as_many_characters_as_are_promised_are_taken(
    instance: Instance, visitor: Visitor, reference: str
) -> None:
    longest = ("é\n" * LONGEST_ANSWER)[: LONGEST_ANSWER - 1] + "."
    checked(visitor, reference, longest.replace("\n", "\r\n"))

    assert send(visitor).status == 200
    assert texts(instance, reference) == [longest]


def test_both_are_asked_for(visitor: Visitor) -> None:
    visitor.get(PATH)

    page = visitor.fill()

    assert page.errors == ["Enter the reference", "Enter the code"]


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}]
)
def test_a_post_from_another_site_does_nothing(
    instance: Instance, visitor: Visitor, reference: str, headers: dict[str, str]
) -> None:
    before = list(instance.table.audit)
    body = f"reference={reference}&code={CODE}&answer=Forged&name=Jo&step=send".encode()

    response = visitor.send("POST", PATH, body, headers)

    assert response.status == 403
    assert "zqx" not in response.body
    assert texts(instance, reference) == []
    assert instance.table.audit == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(visitor: Visitor, method: str) -> None:
    assert visitor.send(method, PATH).status == 405


def test_a_code_in_the_address_opens_nothing(visitor: Visitor, reference: str) -> None:
    page = visitor.get(f"{PATH}?reference={reference}&code={CODE}")

    assert "zqx" not in page.html
    assert CODE not in page.html


def test_hostile_text_comes_back_as_text(visitor: Visitor, reference: str) -> None:
    hostile = '"><script>alert(1)</script>{{ 7 * 7 }}{% raw %}'

    pages = [
        checked(visitor, reference, hostile, hostile[:40]),
        visitor.post(PATH, {"reference": hostile, "code": hostile, "answer": hostile}),
    ]

    for page in pages:
        assert "<script>alert" not in page.html
        assert hostile[:40] in page.text.replace("  ", " ") or page.status == 422


def test_a_huge_post_is_refused_without_a_fault(visitor: Visitor, reference: str) -> None:
    page = visitor.post(PATH, {"reference": reference, "code": CODE, "answer": "&" * 1_500_000})

    assert page.status in (413, 422)


def test_while_the_store_is_busy_the_answer_is_on_the_page_and_goes_again(
    instance: Instance, visitor: Visitor, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(visitor, reference)
    store = InMemoryCases.change

    def stored_and_lost(self: InMemoryCases, change: object) -> None:
        store(self, change)  # type: ignore[arg-type]
        raise StoreBusy

    with monkeypatch.context() as patched:
        patched.setattr(InMemoryCases, "change", stored_and_lost)
        busy = send(visitor)
    page = visitor.fill()

    assert busy.status == 503
    assert page.status == 200
    assert texts(instance, reference) == [ANSWER]


def test_a_closed_case_s_question_does_not_open(
    instance: Instance, visitor: Visitor, reference: str
) -> None:
    checked(visitor, reference)
    close_case(instance.services, reference, "withdrawn_by_referrer", "Told us", MANAGER, 2)

    page = send(visitor)

    assert page.status == 422
    assert "zqxanswer" in page.text
    assert texts(instance, reference) == []


def test_the_pages_around_it_say_where_to_answer(visitor: Visitor) -> None:
    assert PATH in visitor.get("/").links.values()
