"""`casereview logs`: only our own fixed fields are shown."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import typer

from infra.casereview.log_lines import as_text, shown
from infra.casereview.logs import read_since


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            {"event": "request", "method": "GET", "route": "/adult", "status": 200},
            "request method=GET route=/adult status=200",
        ),
        (
            {"level": "INFO", "message": "delivery", "delivery": "ab12", "outcome": "sent"},
            "delivery delivery=ab12 outcome=sent",
        ),
        (
            {"level": "ERROR", "message": "remind.raised", "error": "StoreBusy"},
            "remind.raised level=ERROR error=StoreBusy",
        ),
        ({"message": "reconcile", "counts": {"sent": 1}}, 'reconcile counts={"sent":1}'),
    ],
)
def test_our_lines_are_shown_by_their_fields(line: dict[str, object], text: str) -> None:
    assert as_text(shown(json.dumps(line)) or {}) == text


@pytest.mark.parametrize(
    "line",
    [
        "START RequestId: 1 Version: $LATEST",
        "REPORT RequestId: 1 Duration: 2 ms",
        '{"_aws": {}, "Heartbeat": [1.0], "message": "x"}',
        '{"answer": "what somebody wrote", "email": "canary@agency.example"}',
        '["canary"]',
        "Traceback: ValueError: canary wrote this",
    ],
)
def test_nothing_else_is_shown(line: str) -> None:
    assert shown(line) is None


def test_a_field_that_is_not_known_is_left_out() -> None:
    fields = shown('{"event": "request", "answer": "canary"}')

    assert fields == {"event": "request"}


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-22T08:00:00Z 1 Task timed out after 30.03 seconds",
        "RequestId: 1 Error: Runtime exited with error: signal: killed canary",
        "[ERROR] Runtime.ImportModuleError: Unable to import canary",
    ],
)
def test_what_lambda_says_of_a_stopped_function_is_shown_without_its_message(line: str) -> None:
    said = as_text(shown(line) or {})

    assert said.startswith("lambda")
    assert "canary" not in said


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("30m", timedelta(minutes=30)),
        ("1h", timedelta(hours=1)),
        ("2d", timedelta(days=2)),
    ],
)
def test_a_duration_is_read(text: str, since: timedelta) -> None:
    assert read_since(text) == since


@pytest.mark.parametrize("text", ["", "1", "h", "1w", "-1h", "1.5h", "99999m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        read_since(text)
