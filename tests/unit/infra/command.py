"""The `casereview` command on an instance in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from infra.casereview.__main__ import app
from tests.unit.use_cases.clock_rules import ACKNOWLEDGE, with_rules
from tests.unit.use_cases.instance import Instance, an_instance

MODULES = ("deliveries", "give_up", "people", "putting_right", "redrive", "restore")


def reached(monkeypatch: pytest.MonkeyPatch, instance: Instance) -> Instance:
    """Makes the commands reach this instance."""
    for name in MODULES:
        monkeypatch.setattr(f"infra.casereview.{name}.connect", lambda **_: instance.services)
    return instance


def suspended(instance: Instance) -> Instance:
    """The same instance with sending suspended."""
    settings = replace(instance.services.settings, suspended=True)
    return replace(instance, services=replace(instance.services, settings=settings))


def suffolk(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Instance:
    """One rule, so that what is counted does not hang on what a partnership ships."""
    return reached(monkeypatch, with_rules(an_instance("suffolk", **settings), ACKNOWLEDGE))


def run(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(
        app, [*arguments, "--local"], input=answer, env={"COLUMNS": "100", "TERM": "dumb"}
    )


def done(*arguments: str, answer: str | None = None, code: int = 0) -> str:
    """What it says, on one line."""
    result = run(*arguments, answer=answer)
    assert result.exit_code == code, result.output
    return " ".join(result.stdout.split())
