"""`casereview status`: what of an instance needs a person, and what a table looks like."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner, Result

from infra.casereview.__main__ import app
from infra.casereview.instance import Unreached
from infra.casereview.vital_signs import NOT_DEPLOYED, VitalSigns

WELL = VitalSigns(
    id="suffolk-prod",
    stack="UPDATE_COMPLETE",
    deployed_at=datetime(2026, 11, 20, 14, 30, tzinfo=UTC),
    commit="0123456789abcdef",
    digest="fedcba9876543210",
    health="ok",
    forms={"adult": "1"},
    heartbeat=timedelta(minutes=3),
)


@pytest.mark.parametrize(
    ("signs", "said"),
    [
        (WELL, ()),
        (replace(WELL, suspended=True), ()),
        (replace(WELL, heartbeat=None), ()),
        (replace(WELL, stack="CREATE_COMPLETE"), ()),
        (VitalSigns("suffolk-prod", NOT_DEPLOYED), ()),
        (
            replace(WELL, stack="UPDATE_ROLLBACK_COMPLETE"),
            ("the stack is UPDATE_ROLLBACK_COMPLETE",),
        ),
        (replace(WELL, health="no answer"), ("it does not serve: no answer",)),
        (replace(WELL, alarms=("NeedsPerson",)), ("alarms: NeedsPerson",)),
        (replace(WELL, deliveries=2), ("deliveries: 2",)),
        (replace(WELL, dead_letters=1), ("dead letters: 1",)),
        (replace(WELL, heartbeat=timedelta(minutes=45)), ()),
        (replace(WELL, heartbeat=timedelta(minutes=46)), ("no heartbeat",)),
    ],
)
def test_what_needs_a_person_is_told(signs: VitalSigns, said: tuple[str, ...]) -> None:
    assert signs.for_a_person() == said


def status(monkeypatch: pytest.MonkeyPatch, found: dict[str, VitalSigns], *more: str) -> Result:
    def signs(instance: str) -> VitalSigns:
        if instance not in found:
            raise Unreached("no such stack")
        return found[instance]

    monkeypatch.setattr("infra.casereview.status.target_named", lambda name: name)
    monkeypatch.setattr("infra.casereview.status.vital_signs", signs)
    monkeypatch.setattr("infra.casereview.status.instance_ids", lambda: ("suffolk-prod", "b-prod"))
    return CliRunner().invoke(app, ["status", *more], env={"COLUMNS": "120", "TERM": "dumb"})


def test_one_that_is_well_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    said = status(monkeypatch, {"suffolk-prod": WELL}, "suffolk-prod")

    assert said.exit_code == 0
    assert "01234567 fedcba98" in said.output
    assert "3 min ago" in said.output


def test_one_that_cannot_be_reached_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = status(monkeypatch, {"suffolk-prod": WELL}, "--all", "--json")

    assert said.exit_code == 1
    first, second = json.loads(said.output)
    assert first["needs_person"] == []
    assert second["stack"] == "not reached"


def test_a_single_one_that_cannot_be_reached_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    assert status(monkeypatch, {}, "suffolk-prod").exit_code == 3


@pytest.mark.parametrize("arguments", [(), ("suffolk-prod", "--all")])
def test_which_instance_must_be_said(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    assert status(monkeypatch, {"suffolk-prod": WELL}, *arguments).exit_code == 2
