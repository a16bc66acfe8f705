"""The store does not answer: whatever a person posted is on the page that says so."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.bootstrap import Services
from chalicelib.use_cases.ports import StoreBusy
from tests.unit.web.conftest import minimum
from tests.visitor import Page, Visitor

TEXT = 'He said "stop" & fell\r\nin the <kitchen>.'


def busy(*_: object, **__: object) -> Any:
    raise StoreBusy


@pytest.fixture
def at_summary(visitor: Visitor) -> Visitor:
    visitor.get(visitor.get("/adult").links["Start now"])
    visitor.go_on("/summary", minimum("adult"))
    return visitor


def sent_while_busy(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, store: str = "drafts.find"
) -> Page:
    name, _, call = store.partition(".")
    with monkeypatch.context() as broken:
        broken.setattr(getattr(visitor.services, name), call, busy)
        return visitor.fill(summary=TEXT)


def test_it_says_what_to_do_and_that_nothing_is_lost(
    at_summary: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = sent_while_busy(at_summary, monkeypatch)

    assert (page.status, page.heading) == (503, "The service is busy")
    assert "What you typed is kept on this page until then." in page.text


def test_trying_again_saves_what_was_typed(
    at_summary: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed_at = at_summary.page.path if at_summary.page else ""
    sent_while_busy(at_summary, monkeypatch)

    following = at_summary.fill()

    assert not following.path.endswith("/summary")
    assert at_summary.get(typed_at).fields()["summary"] == [TEXT.replace("\r\n", "\n")]


def test_trying_again_while_it_is_still_busy_keeps_it_still(
    at_summary: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_while_busy(at_summary, monkeypatch)
    monkeypatch.setattr(at_summary.services.drafts, "find", busy)

    assert at_summary.fill().fields()["summary"] == [TEXT.replace("\r\n", "\n")]


def test_what_another_site_posted_is_not_offered_to_be_sent(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.drafts, "create", busy)
    monkeypatch.setattr(services.drafts, "find", busy)
    visitor = Visitor(services, {"draft-adult": "token"})

    response = visitor.send(
        "POST", "/adult/summary", b"summary=mischief", {"sec-fetch-site": "cross-site"}
    )

    assert response.status == 503
    assert "mischief" not in response.body


def test_a_page_that_was_only_asked_for_links_to_itself(
    at_summary: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_summary.services.drafts, "find", busy)

    page = at_summary.get("/adult/summary")

    assert page.links["Go back and try again"] == "/adult/summary"


def test_nobody_is_shown_a_reference_of_what_was_not_stored(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get(visitor.get("/adult").links["Start now"])
    visitor.go_on("/check-answers", minimum("adult"))
    with monkeypatch.context() as broken:
        broken.setattr(visitor.services.referrals, "submit", busy)
        page = visitor.fill()

    assert page.status == 503
    assert re.search(r"SUF-\w{4}-\w{4}", page.text) is None

    assert visitor.fill().path.endswith("/confirmation")
