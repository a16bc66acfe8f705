"""`casereview deploy` on what is deployed: nothing is lost, a failure is told and taken back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.instances import DeployedInstance, casereview, write_manifest
from tests.integration.local_run import waited_for
from tests.unit.web.conftest import minimum

pytestmark = [pytest.mark.emulator, pytest.mark.deploy]
Template = dict[str, Any]


@pytest.fixture
def changed(package: Path, tmp_path: Path) -> Callable[[Callable[[Template], None]], Path]:
    """A package whose template differs."""

    def with_template(change: Callable[[Template], None]) -> Path:
        folder = tmp_path / "changed"
        shutil.copytree(package, folder, ignore=shutil.ignore_patterns("source"))
        template = json.loads((folder / "template.json").read_text())
        change(template)
        (folder / "template.json").write_text(json.dumps(template))
        write_manifest(folder)
        return folder

    return with_template


def quicker_deliver(template: Template) -> None:
    template["Resources"]["Deliver"]["Properties"]["Timeout"] = 100


def broken(template: Template) -> None:
    """A change that CloudFormation takes, and a service then refuses."""
    quicker_deliver(template)
    alias = {"AliasName": "no-alias", "TargetKeyId": "no-key"}
    template["Resources"]["Broken"] = {"Type": "AWS::KMS::Alias", "Properties": alias}


def renamed_table(template: Template) -> None:
    template["Resources"]["Table"]["Properties"]["TableName"] = "another"


def timeout_of_deliver(instance: DeployedInstance) -> int:
    functions = instance.aws("lambda")
    found = functions.get_function_configuration(FunctionName=instance.resource("Deliver"))
    return int(found["Timeout"])


def test_deploying_the_same_again_changes_nothing(suffolk: DeployedInstance) -> None:
    said = suffolk.deploy("--yes")

    assert said.exit_code == 0, said.output
    assert "nothing to change" in said.output, said.output


def test_an_update_keeps_referrals_drafts_and_what_was_given_at_the_first_deployment(
    suffolk: DeployedInstance, changed: Callable[[Callable[[Template], None]], Path]
) -> None:
    reference = suffolk.submit()
    visitor = suffolk.visitor()
    visitor.get("/child")
    visitor.post("/child", {})
    visitor.go_on("who-you-are", minimum("child"))

    said = suffolk.deploy("--yes", package=changed(quicker_deliver))

    assert said.exit_code == 0, said.output
    assert timeout_of_deliver(suffolk) == 100
    visitor.go_on("check-answers", minimum("child"))
    assert visitor.fill().path.endswith("/confirmation")
    assert suffolk.rows(reference=reference, kind="team_email")
    after = suffolk.submit()
    assert waited_for(lambda: suffolk.emails_to_team(after))


def test_a_failed_update_is_taken_back_and_told(
    suffolk: DeployedInstance, changed: Callable[[Callable[[Template], None]], Path]
) -> None:
    before = timeout_of_deliver(suffolk)

    said = suffolk.deploy("--yes", package=changed(broken))

    assert said.exit_code == 1
    assert "is UPDATE_ROLLBACK_COMPLETE" in said.output
    assert "First failure: Broken (AWS::KMS::Alias): " in said.output
    assert "Everything is as it was before" in said.output
    assert timeout_of_deliver(suffolk) == before
    assert casereview("smoke", suffolk.id).exit_code == 0


def test_a_change_that_replaces_the_table_is_refused(
    suffolk: DeployedInstance, changed: Callable[[Callable[[Template], None]], Path]
) -> None:
    table = suffolk.resource("Table")

    said = suffolk.deploy("--yes", package=changed(renamed_table))

    assert said.exit_code == 1
    assert "Table (REPLACED)" in said.output
    assert "--allow-loss --confirm casereview-suffolk-dev" in said.output
    assert suffolk.resource("Table") == table
