"""Which instance `--stack` means: a stack by its name, or the one of an instance by its id."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from infra.casereview.__main__ import app
from infra.casereview.instance import Unreached
from infra.casereview.instances import instance_ids, load_instance

FILE = """\
partnership = "suffolk"
environment = "prod"
region = "eu-north-1"
stack = "casereview-restored"

[web]
public_url = "https://notifications.suffolk.test"

[mail]
from = "notifications@suffolk.test"
identity = "suffolk.test"
"""
COMMANDS = pytest.mark.parametrize(
    "command",
    [
        ["deliveries"],
        ["reconcile"],
        ["redrive"],
        ["tidy-schedules"],
        ["case", "show", "SUF-B3KT-9WXM"],
        ["restore", "assume-sent", "--before", "2026-01-01T10:00"],
    ],
    ids=lambda words: " ".join(words[:2]),
)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Stack and region of what a command would have reached."""
    (tmp_path / "suffolk-prod.toml").write_text(FILE)
    targets = "infra.casereview.targets"
    monkeypatch.setattr(f"{targets}.load_instance", partial(load_instance, folder=tmp_path))
    monkeypatch.setattr(f"{targets}.instance_ids", partial(instance_ids, tmp_path))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    found: list[tuple[str, str]] = []

    def variables(_: Any, __: Any, stack: str) -> None:
        found.append((stack, os.environ["AWS_DEFAULT_REGION"]))
        raise Unreached("far enough")

    monkeypatch.setattr("infra.casereview.instance.deployed_variables", variables)
    return found


def give(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200", "TERM": "dumb"})


@COMMANDS
def test_an_instances_id_means_its_stack_in_its_region(
    asked: list[tuple[str, str]], command: list[str]
) -> None:
    said = give(*command, "--stack", "suffolk-prod")

    assert said.exit_code == 3, said.output
    assert asked == [("casereview-restored", "eu-north-1")]


@COMMANDS
def test_any_other_name_is_a_stack_in_the_shells_region(
    asked: list[tuple[str, str]], command: list[str]
) -> None:
    give(*command, "--stack", "casereview-suffolk-prod")

    assert asked == [("casereview-suffolk-prod", "eu-west-1")]


def test_an_instances_file_with_a_fault_is_refused_before_anything_is_reached(
    asked: list[tuple[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "suffolk-prod.toml").write_text("partnership = ")

    said = give("deliveries", "--stack", "suffolk-prod")

    assert said.exit_code == 1
    assert "suffolk-prod.toml" in said.stderr
    assert asked == []
