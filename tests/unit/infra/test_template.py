"""What the packaged template promises. The emulator drops much of it, so it is read here."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.package import Package
from infra.paths import ROOT

FUNCTIONS = ("APIHandler", "Deliver", "Remind", "Reconcile")
ROLES = ("ApiHandlerRole", "DeliverRole", "RemindRole", "ReconcileRole")
# Read by nothing that is deployed: the folder of forms lies beside the code there.
LOCAL_SETTINGS = {"FORMS_DIR"}


def properties(template: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][name]["Properties"]
    return found


def statements(template: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield name, statement


def rights(statement: dict[str, Any]) -> set[str]:
    """`service:Action` of a statement, however it is written."""
    actions = statement["Action"]
    return {actions} if isinstance(actions, str) else set(actions)


def rights_to(template: dict[str, Any], role: str, resource: dict[str, Any]) -> set[str]:
    """The actions that a role may do to a resource, without the service's name."""
    allowed = (
        statement
        for name, statement in statements(template)
        if name == role and statement["Resource"] == resource
    )
    return {action.partition(":")[2] for statement in allowed for action in rights(statement)}


def schedule_rights(template: dict[str, Any], role: str) -> set[str]:
    allowed = (rights(statement) for name, statement in statements(template) if name == role)
    prefix = "scheduler:"
    return {one.removeprefix(prefix) for some in allowed for one in some if one.startswith(prefix)}


def test_cfn_lint_finds_nothing(package: Package) -> None:
    program = Path(sys.executable).with_name("cfn-lint")
    command: list[str | Path] = [program, "-r", "eu-west-2", "-t", package.template]

    linted = subprocess.run(command, capture_output=True, text=True, check=False)

    assert linted.stdout + linted.stderr == ""


def test_the_table_expires_drafts_and_can_be_restored(template: dict[str, Any]) -> None:
    table = properties(template, "Table")

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["SSESpecification"]["SSEType"] == "KMS"


def test_the_table_outlives_its_stack(template: dict[str, Any]) -> None:
    table = template["Resources"]["Table"]

    assert table["DeletionPolicy"] == "RetainExceptOnCreate"
    assert table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["IsLocal", False, True]}


def test_the_stream_carries_keys_only(template: dict[str, Any]) -> None:
    assert properties(template, "Table")["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}


def test_only_new_outbox_rows_start_a_delivery(template: dict[str, Any]) -> None:
    source = properties(template, "Deliver")["Events"]["DeliverDynamodbEventSource"]["Properties"]
    pattern = json.loads(source["FilterCriteria"]["Filters"][0]["Pattern"])

    assert pattern["eventName"] == ["INSERT"]
    assert pattern["dynamodb"]["Keys"]["pk"]["S"] == [{"prefix": "OUTBOX#"}]


def test_a_failing_record_is_tried_again_alone_then_kept(template: dict[str, Any]) -> None:
    source = properties(template, "Deliver")["Events"]["DeliverDynamodbEventSource"]["Properties"]

    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"] is True
    assert source["MaximumRetryAttempts"] > 0
    assert source["DestinationConfig"]["OnFailure"]["Destination"]


def test_mail_is_never_sent_unencrypted(template: dict[str, Any]) -> None:
    assert properties(template, "ConfigurationSet")["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}


def test_only_the_instance_s_own_schedules_may_use_the_schedule_role(
    template: dict[str, Any],
) -> None:
    trust = properties(template, "ScheduleRole")["AssumeRolePolicyDocument"]["Statement"][0]

    assert trust["Condition"]["StringEquals"] == {
        "aws:SourceAccount": {"Ref": "AWS::AccountId"},
        "aws:SourceArn": {"Fn::GetAtt": ["ScheduleGroup", "Arn"]},
    }


def test_each_function_has_a_role_of_its_own(template: dict[str, Any]) -> None:
    roles = [json.dumps(properties(template, name)["Role"]) for name in FUNCTIONS]

    assert len(set(roles)) == len(FUNCTIONS)


def test_no_right_is_a_wildcard_but_listing_streams(template: dict[str, Any]) -> None:
    wide = [
        (role, statement["Action"])
        for role, statement in statements(template)
        if statement["Resource"] == "*" or "*" in json.dumps(statement["Action"])
    ]

    assert wide == [("DeliverRole", "dynamodb:ListStreams")]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("ApiHandlerRole", {"GetItem", "PutItem", "UpdateItem"}),
        ("DeliverRole", {"GetItem", "PutItem", "UpdateItem", "Query", "DeleteItem"}),
        ("RemindRole", {"GetItem", "PutItem", "UpdateItem", "Query"}),
        ("ReconcileRole", {"GetItem", "PutItem", "UpdateItem", "Query", "DeleteItem"}),
    ],
)
def test_a_function_has_the_rights_to_rows_that_its_code_uses(
    template: dict[str, Any], role: str, expected: set[str]
) -> None:
    assert rights_to(template, role, {"Fn::GetAtt": ["Table", "Arn"]}) == expected


def test_only_reconcile_looks_for_what_is_late(template: dict[str, Any]) -> None:
    index = {"Fn::Sub": "${Table.Arn}/index/pending"}

    assert [role for role in ROLES if rights_to(template, role, index)] == ["ReconcileRole"]


@pytest.mark.parametrize("role", ["DeliverRole", "ReconcileRole"])
def test_what_makes_a_schedule_may_remove_it(template: dict[str, Any], role: str) -> None:
    assert schedule_rights(template, role) == {"CreateSchedule", "UpdateSchedule", "DeleteSchedule"}


@pytest.mark.parametrize("role", ["ApiHandlerRole", "RemindRole"])
def test_a_function_that_makes_no_schedule_may_not(template: dict[str, Any], role: str) -> None:
    assert schedule_rights(template, role) == set()


def test_no_draft_form_or_token_may_be_deleted(template: dict[str, Any]) -> None:
    deleting = [
        statement
        for _, statement in statements(template)
        if "dynamodb:DeleteItem" in json.dumps(statement["Action"])
    ]

    assert len(deleting) == 2
    for statement in deleting:
        assert statement["Action"] == "dynamodb:DeleteItem"
        assert statement["Condition"] == {
            "ForAllValues:StringLike": {"dynamodb:LeadingKeys": "REFERRAL#*"}
        }


def test_no_function_may_scan(template: dict[str, Any]) -> None:
    actions = json.dumps([statement["Action"] for _, statement in statements(template)])

    assert "Scan" not in actions


def test_the_stack_sets_every_setting_that_the_code_reads(template: dict[str, Any]) -> None:
    given = {
        name
        for function in FUNCTIONS
        for name in properties(template, function)["Environment"]["Variables"]
    }

    assert given == settings_read() - LOCAL_SETTINGS


def test_logs_are_kept_for_as_long_as_the_instance_says(template: dict[str, Any]) -> None:
    groups = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Logs::LogGroup"
    ]

    assert [group["RetentionInDays"] for group in groups] == [{"Ref": "LogRetentionInDays"}] * 4


@pytest.mark.parametrize("name", ["ReminderFailures", "DeliveryFailures"])
def test_what_failed_is_kept_for_two_weeks(template: dict[str, Any], name: str) -> None:
    assert properties(template, name)["MessageRetentionPeriod"] == 14 * 24 * 3600


def settings_read() -> set[str]:
    """The names that settings.py asks the environment for."""
    tree = ast.parse((ROOT / "chalicelib" / "settings.py").read_text())
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str) and value.isupper()}
