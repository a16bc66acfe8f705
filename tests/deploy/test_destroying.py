"""`casereview destroy`: nothing that holds data goes by mistake, and the data itself is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.emulator import Emulator
from tests.deploy.instances import DeployedInstance, casereview

pytestmark = [pytest.mark.emulator, pytest.mark.deploy]


@pytest.fixture
def doomed(emulator: Emulator, package: Path) -> DeployedInstance:
    """An instance of prod, with one referral in its table."""
    instance = DeployedInstance("salford", emulator.endpoint, package, "prod")
    said = instance.deploy_first()
    assert said.exit_code == 0, said.output
    instance.submit()
    return instance


def test_an_instance_with_data_goes_only_when_told_twice_and_its_table_stays(
    doomed: DeployedInstance,
) -> None:
    table = doomed.output("TableName")

    protected = casereview("destroy", doomed.id, "--yes")
    assert protected.exit_code == 1
    assert "--no-enable-termination-protection" in protected.output
    doomed.aws("cloudformation").update_termination_protection(
        StackName=doomed.stack, EnableTerminationProtection=False
    )
    once = casereview("destroy", doomed.id, "--yes")
    wrong = casereview("destroy", doomed.id, "--even-with-data", "--confirm", "x", "--yes")
    assert (once.exit_code, wrong.exit_code) == (1, 1)
    assert "holds data" in once.output
    assert f"--even-with-data --confirm {doomed.stack}" in once.output
    assert casereview("smoke", doomed.id).exit_code == 0

    twice = casereview("destroy", doomed.id, "--even-with-data", "--confirm", doomed.stack, "--yes")

    assert twice.exit_code == 0, twice.output
    assert f"DynamoDB::Table {table}: charged" in " ".join(twice.output.split())
    assert "KMS::Key" in twice.output
    assert doomed.rows(kind="team_email")
    assert "nothing to do" in casereview("destroy", doomed.id, "--yes").output
