"""The packaged template before the linters, as it is written and as CloudFormation gets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from infra.package import Package
from infra.paths import ROOT
from infra.setup import checkov
from tests.unit.infra.expanded import expanded

SKIPS = ROOT / "infra" / "stack" / "skips.toml"
LARGEST = 460_000  # bytes: the emulator's limit; CloudFormation takes 1 MB from S3


@pytest.fixture(scope="module")
def whole(template: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("expanded") / "template.json"
    path.write_text(json.dumps(expanded(template)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def faulty(whole: Path) -> Path:
    """The template with a key that is not rotated."""
    template = json.loads(whole.read_text(encoding="utf-8"))
    template["Resources"]["TableKey"]["Properties"]["EnableKeyRotation"] = False
    path = whole.with_name("faulty.json")
    path.write_text(json.dumps(template), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def looked_over(whole: Path, faulty: Path) -> dict[str, set[str]]:
    """The ids of checkov's findings by file: it takes longer to start than to look at another."""
    return findings(whole, faulty)


@pytest.fixture(scope="module")
def found(whole: Path, looked_over: dict[str, set[str]]) -> set[str]:
    return looked_over[whole.name]


def said_by_cfn_lint(*templates: Path) -> str:
    program = Path(sys.executable).with_name("cfn-lint")
    command: list[str | Path] = [program, "-r", "eu-west-2", "-t", *templates]
    linted = subprocess.run(command, capture_output=True, text=True, check=False)
    return linted.stdout + linted.stderr


def findings(*templates: Path) -> dict[str, set[str]]:
    # --skip-download: it would ask its maker's server for texts, and wait for an answer.
    arguments = ["--framework", "cloudformation", "--skip-download", "--quiet", "-o", "json"]
    # As tests/unit/infra/test_setup.py's tools, it is there after `make setup`.
    looked = subprocess.run(
        [checkov.program(), "-f", *templates, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LOG_LEVEL": "ERROR"},
    )
    assert looked.stdout, f"checkov did not run: {looked.stderr[-2000:]}"
    report = json.loads(looked.stdout)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 50 * len(templates), "it has looked at hardly anything"
    found: dict[str, set[str]] = {template.name: set() for template in templates}
    for check in report["results"]["failed_checks"]:
        found[Path(check["file_path"]).name].add(check["check_id"])
    return found


def reasons() -> dict[str, str]:
    table: dict[str, str] = tomllib.loads(SKIPS.read_text(encoding="utf-8"))["checkov"]
    return table


def test_cfn_lint_finds_nothing_in_it_nor_in_what_sam_makes_of_it(
    package: Package, whole: Path
) -> None:
    assert said_by_cfn_lint(package.template, whole) == ""


def test_checkov_finds_nothing_that_has_no_reason(found: set[str]) -> None:
    assert found - set(reasons()) == set()


def test_no_reason_outlives_what_it_excuses(found: set[str]) -> None:
    assert set(reasons()) - found == set()


def test_each_skip_says_why() -> None:
    assert [check for check, why in reasons().items() if len(why) < 40] == []


def test_checkov_sees_a_key_that_is_not_rotated(
    faulty: Path, looked_over: dict[str, set[str]]
) -> None:
    assert "CKV_AWS_7" in looked_over[faulty.name]


def test_the_template_is_of_a_size_that_can_be_deployed(package: Package) -> None:
    assert len(json.dumps(package.document(), separators=(",", ":")).encode()) < LARGEST
