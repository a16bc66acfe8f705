"""The entry point, as API Gateway and the event sources call it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

import app as entry
from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.settings import load_settings
from chalicelib.web import routes
from infra.paths import ROOT
from tests.unit.mail_fixtures import recorded


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    made = in_memory_services(load_settings({"PARTNERSHIP": "suffolk"}))
    monkeypatch.setattr(entry, "services", lambda: made)
    return made


def event(method: str, path: str, body: str | None = None, **headers: str) -> dict[str, Any]:
    return {
        "resource": "/{proxy+}" if path != "/" else "/",
        "path": path,
        "httpMethod": method,
        "headers": {"Host": "localhost:8000", **headers},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.removeprefix("/")} if path != "/" else None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": "/{proxy+}" if path != "/" else "/",
            "httpMethod": method,
            "path": f"/live{path}",
            "requestId": "r-1",
        },
        "body": body,
        "isBase64Encoded": False,
    }


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/adult", 200), ("/child", 200), ("/health", 200), ("/no-such-page", 404)],
)
def test_an_address_is_answered(path: str, status: int) -> None:
    answer = entry.app(event("GET", path), None)

    assert answer["statusCode"] == status


@pytest.mark.usefixtures("services")
def test_a_first_answer_comes_back_with_a_cookie_and_the_next_page() -> None:
    body = "immediate_danger=no"
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = entry.app(event("POST", "/adult/immediate-danger", body, **form), None)

    assert answer["statusCode"] == 303
    assert answer["headers"]["Location"] == "/adult/live-concern"
    assert "HttpOnly" in answer["multiValueHeaders"]["Set-Cookie"][0]


@pytest.mark.usefixtures("services")
def test_a_fault_of_ours_is_a_page_and_leaves_no_answer_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("the name Ada Byron")

    monkeypatch.setattr(entry, "respond", broken)
    answer = entry.app(event("GET", "/adult"), None)

    assert answer["statusCode"] == 500
    assert "Try again in a few minutes" in answer["body"]
    logged = capsys.readouterr().out
    assert "ValueError" in logged
    assert "Byron" not in logged


@pytest.mark.usefixtures("services")
def test_a_fault_in_the_api_is_a_problem_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(entry, "respond", broken)
    answer = entry.app(event("GET", "/api/forms"), None)

    assert answer["statusCode"] == 500
    assert answer["headers"]["Content-Type"].startswith("application/problem+json")


@pytest.mark.usefixtures("services")
def test_a_log_line_names_the_route_and_not_what_was_typed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entry.app(event("GET", "/adult/Ada-Byron"), None)

    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert line["route"] == "/adult"
    assert "Byron" not in json.dumps(line)


@pytest.mark.usefixtures("services")
def test_a_log_line_tells_the_page_that_sends_from_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entry.app(event("POST", "/adult/check-answers"), None)

    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert line["route"] == "/adult/check-answers"  # the dashboard counts these


def test_debug_is_off_so_that_no_stack_trace_is_shown() -> None:
    assert entry.app.debug is False


def test_every_route_says_who_may_use_it() -> None:
    assert {route.access for route in routes.ROUTES} == {"public"}
    assert [route.path for route in routes.ROUTES] == [
        "/",
        "/privacy",
        "/accessibility",
        "/resume",
        "/information",
        "/leave",
        "/health",
        "/assets/*",
        "/api/*",
    ]


def test_an_event_about_an_email_is_heard(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[object, Services]] = []
    monkeypatch.setattr("chalicelib.events.hear_mail", lambda *given: heard.append(given))

    entry.hear(recorded("delivery"), None)

    assert heard == [(recorded("delivery"), services)]


def test_a_page_waits_for_nothing_that_only_events_need() -> None:
    program = (
        "import json, sys; sys.path.insert(0, '.'); import app;"
        "assert app.app(json.loads(sys.argv[1]), None)['statusCode'] == 200;"
        "print([name for name in sys.modules if name.startswith("
        "('aws_lambda_powertools', 'chalicelib.events', 'chalicelib.mail_events'))])"
    )
    command = [sys.executable, "-c", program, json.dumps(event("GET", "/adult"))]

    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert ran.stdout.splitlines()[-1:] == ["[]"], ran.stderr
