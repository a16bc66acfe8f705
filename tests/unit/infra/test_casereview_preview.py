"""`casereview preview`: which partnership's pages are shown, and where."""

from __future__ import annotations

import os

import pytest
from typer.testing import CliRunner, Result

from infra.casereview import preview
from infra.casereview.__main__ import app

Shown = list[tuple[str | None, str | None]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """The partnership and port that each preview was started with."""
    started: Shown = []

    def start(given: list[str]) -> int:
        started.append((os.environ.get("PARTNERSHIP"), os.environ.get("PORT")))
        return 0

    monkeypatch.setenv("PARTNERSHIP", "suffolk")
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setattr(preview, "main", start)
    return started


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["preview", *arguments], env={"TERM": "dumb"})


def test_the_partnership_that_is_named_is_shown_whatever_the_environment_says(shown: Shown) -> None:
    assert run("salford", "--port", "8123").exit_code == 0
    assert shown == [("salford", "8123")]


def test_an_unknown_partnership_is_not_shown(shown: Shown) -> None:
    result = run("nowhere")

    assert (result.exit_code, shown) == (2, [])
    assert "To add one: casereview new nowhere" in result.stderr
