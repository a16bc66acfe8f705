"""One partnership's functions cannot touch what is another's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.deploy.instances import DeployedInstance
from tests.deploy.roles import FUNCTIONS, Role, Roles

pytestmark = [pytest.mark.emulator, pytest.mark.deploy]
DENIED = {"AccessDenied", "AccessDeniedException"}
SENDING = sorted(set(FUNCTIONS) - {"HearRole"})
KEY = {"pk": {"S": "REFERRAL#NOBODY"}, "sk": {"S": "CASE"}}


def code_of(call: Callable[[], Any]) -> str:
    """The error's code; empty when it was done."""
    try:
        call()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def read(role: Role, table: str) -> str:
    return code_of(lambda: role.client("dynamodb").get_item(TableName=table, Key=KEY))


def send(role: Role, sender: DeployedInstance) -> str:
    return code_of(
        lambda: role.client("sesv2").send_email(
            FromEmailAddress=f"notifications@{sender.partnership}.test",
            Destination={"ToAddresses": ["somebody@elsewhere.test"]},
            Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
        )
    )


def schedule(role: Role, owner: DeployedInstance) -> str:
    return code_of(
        lambda: role.client("scheduler").create_schedule(
            Name="of-another",
            GroupName=owner.output("ScheduleGroupName"),
            ScheduleExpression="at(2099-01-01T00:00:00)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": owner.aws("lambda").get_function(FunctionName=owner.resource("Remind"))[
                    "Configuration"
                ]["FunctionArn"],
                "RoleArn": owner.aws("iam").get_role(RoleName=owner.resource("ScheduleRole"))[
                    "Role"
                ]["Arn"],
            },
        )
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_reads_or_writes_the_others_table(
    suffolk: DeployedInstance, salford: DeployedInstance, roles: Roles, name: str
) -> None:
    role = roles(name)
    theirs = salford.output("TableName")

    assert read(role, suffolk.output("TableName")) == ""
    assert read(role, theirs) in DENIED
    update = {"TableName": theirs, "Key": KEY, "UpdateExpression": "SET a = pk"}
    assert code_of(lambda: role.client("dynamodb").update_item(**update)) in DENIED


@pytest.mark.parametrize("name", SENDING)
def test_no_function_sends_as_the_other(
    suffolk: DeployedInstance, salford: DeployedInstance, roles: Roles, name: str
) -> None:
    role = roles(name)

    assert send(role, suffolk) == ""
    assert send(role, salford) in DENIED


@pytest.mark.parametrize("name", ["DeliverRole", "ReconcileRole"])
def test_no_function_makes_the_others_schedules(
    suffolk: DeployedInstance, salford: DeployedInstance, roles: Roles, name: str
) -> None:
    role = roles(name)

    assert schedule(role, suffolk) in ("", "ConflictException")
    assert schedule(role, salford) in DENIED
