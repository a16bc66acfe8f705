"""What the packaged template promises. The emulator drops much of it, so it is read here."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.package import Package
from infra.paths import ROOT

FUNCTIONS = ("APIHandler", "Deliver", "Remind", "Reconcile", "Hear")
# Read by nothing that is deployed: the folder of forms lies beside the code there.
LOCAL_SETTINGS = {"FORMS_DIR"}


def properties(template: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][name]["Properties"]
    return found


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
    assert properties(template, "ConfigurationSet")["DeliveryOptions"]["TlsPolicy"] == "REQUIRE"


def test_only_the_instance_s_own_schedules_may_use_the_schedule_role(
    template: dict[str, Any],
) -> None:
    trust = properties(template, "ScheduleRole")["AssumeRolePolicyDocument"]["Statement"][0]

    assert trust["Condition"]["StringEquals"] == {
        "aws:SourceAccount": {"Ref": "AWS::AccountId"},
        "aws:SourceArn": {"Fn::GetAtt": ["ScheduleGroup", "Arn"]},
    }


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

    assert [group["RetentionInDays"] for group in groups] == [{"Ref": "LogRetentionInDays"}] * 5


@pytest.mark.parametrize("name", ["ReminderFailures", "DeliveryFailures"])
def test_what_failed_is_kept_for_two_weeks(template: dict[str, Any], name: str) -> None:
    assert properties(template, name)["MessageRetentionPeriod"] == 14 * 24 * 3600


def settings_read() -> set[str]:
    """The names that settings.py asks the environment for."""
    tree = ast.parse((ROOT / "chalicelib" / "settings.py").read_text())
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str) and value.isupper()}
