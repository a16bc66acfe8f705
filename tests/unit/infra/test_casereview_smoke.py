"""`casereview smoke`: each fault of a service is seen from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from email.message import Message

import pytest

from chalicelib.bootstrap import in_memory_services
from chalicelib.settings import load_settings
from chalicelib.web.http import Request, Response
from chalicelib.web.routes import respond
from infra.smoke.checks import CHECKS, Look
from infra.smoke.trial import MARK, marked
from infra.smoke.visit import Answer, NotReached, Site

Change = Callable[[Request, Response], Response]


class OwnSite(Site):
    """The pages in this process, as they are or with a fault."""

    def __init__(self, change: Change) -> None:
        super().__init__("http://localhost:1")
        self.services = in_memory_services(load_settings({"PARTNERSHIP": "suffolk"}))
        self._change = change

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        given = {name.lower(): value for name, value in (headers or {}).items()}
        request = Request(method=method, path=path, headers=given, cookies={}, body=body or b"")
        response = self._change(request, respond(request, self.services))
        message = Message()
        for name, value in {"Content-Type": response.content_type, **response.headers}.items():
            message[name] = value
        return Answer(response.status, message, str(response.body).encode())


def as_it_is(_: Request, response: Response) -> Response:
    return response


def failed(change: Change, partnership: str | None = None) -> set[str]:
    return {one.check for one in Look(OwnSite(change), partnership).run() if not one.good}


def test_a_sound_service_has_no_fault() -> None:
    assert failed(as_it_is, "suffolk") == set()


def test_looking_stores_nothing() -> None:
    site = OwnSite(as_it_is)
    list(Look(site).run())

    table = site.services.referrals._table  # type: ignore[attr-defined]
    assert [table.drafts, table.referrals, table.cases, table.deliveries] == [{}, {}, {}, {}]


def at(path: str, **changes: object) -> Change:
    def change(request: Request, response: Response) -> Response:
        matches = request.path.startswith(path) if path != "/" else request.path == "/"
        return replace(response, **changes) if matches else response  # type: ignore[arg-type]

    return change


def without_header(name: str) -> Change:
    def change(_: Request, response: Response) -> Response:
        kept = {key: value for key, value in response.headers.items() if key != name}
        return replace(response, headers=kept)

    return change


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (at("/health", status=500), "health"),
        (at("/health", body="{}"), "health"),
        (at("/", body="<h1>Another</h1>"), "home page"),
        (without_header("Content-Security-Policy"), "headers"),
        (without_header("X-Frame-Options"), "headers"),
        (without_header("Cache-Control"), "headers"),
        (at("/adult", status=404), "forms"),
        (at("/assets", status=404), "asset"),
        (at("/no-such-page", content_type="application/json"), "unknown page"),
        (at("/resume", status=500), "resume page"),
        (at("/adult", status=200), "redirect"),
        (at("/api/openapi.json", body="<html>"), "API description"),
        (at("/api/forms/adult/referrals", status=201), "API refusal"),
        (at("/api/forms/adult/referrals", content_type="text/html"), "API refusal"),
    ],
)
def test_a_fault_is_seen(change: Change, check: str) -> None:
    assert check in failed(change)


def test_another_partnerships_service_is_not_taken_for_ours() -> None:
    assert "health" in failed(as_it_is, "salford")


def test_no_answer_is_told_by_every_check_and_none_of_them_raises() -> None:
    class Silent(Site):
        def ask(self, *_: object, **__: object) -> Answer:
            raise NotReached("no answer: refused")

    verdicts = list(Look(Silent("http://localhost:1")).run())

    assert len(verdicts) == len(CHECKS)
    assert {one.check for one in verdicts if one.good} == {"certificate"}


def test_a_test_notification_says_that_it_is_one() -> None:
    answers = marked({"summary": "Example of what happened", "kind": "died", "known": True})

    assert answers == {"summary": f"{MARK} what happened", "kind": "died", "known": True}
