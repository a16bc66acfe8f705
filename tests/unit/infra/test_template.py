"""What the packaged template promises. The emulator drops much of it, so it is read here."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest

from chalicelib.adapters.aws import CONNECT_TIMEOUT, MAIL_TIMEOUT
from chalicelib.use_cases import reconcile
from infra.paths import ROOT

FUNCTIONS = ("APIHandler", "Deliver", "Remind", "Reconcile", "Hear")
LOG_GROUPS = (
    "AccessLogGroup",
    "ApiHandlerLogGroup",
    "DeliverLogGroup",
    "HearLogGroup",
    "ReconcileLogGroup",
    "RemindLogGroup",
)
# Read by nothing that is deployed: the folder of forms lies beside the code there.
LOCAL_SETTINGS = {"FORMS_DIR"}
# Seconds that one delivery may take when its email is given up: see infra/stack/functions.yaml.
ONE_DELIVERY = CONNECT_TIMEOUT + MAIL_TIMEOUT + 8
START = 10  # seconds: more than a cold start takes
PROTECTED = {"Fn::If": ["IsProtected", True, False]}


def properties(template: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][name]["Properties"]
    return found


def of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def stream(template: dict[str, Any]) -> dict[str, Any]:
    events = properties(template, "Deliver")["Events"]
    found: dict[str, Any] = events["DeliverDynamodbEventSource"]["Properties"]
    return found


def test_the_table_expires_drafts_and_can_be_restored(template: dict[str, Any]) -> None:
    table = properties(template, "Table")

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_the_table_is_encrypted_by_a_key_of_the_instance_s_own(template: dict[str, Any]) -> None:
    assert properties(template, "Table")["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": {"Fn::GetAtt": ["TableKey", "Arn"]},
    }
    assert properties(template, "TableKey")["EnableKeyRotation"] is True


def test_a_key_is_ruled_by_the_account_and_used_by_no_stranger(template: dict[str, Any]) -> None:
    (statement,) = properties(template, "TableKey")["KeyPolicy"]["Statement"]

    root = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
    assert statement["Principal"] == {"AWS": root}


@pytest.mark.parametrize("name", ["Table", "TableKey", "UserPool"])
def test_what_cannot_be_made_again_outlives_its_stack(template: dict[str, Any], name: str) -> None:
    resource = template["Resources"][name]

    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"


def test_the_table_cannot_be_deleted_by_a_slip(template: dict[str, Any]) -> None:
    assert properties(template, "Table")["DeletionProtectionEnabled"] == PROTECTED
    assert template["Parameters"]["DeletionProtection"]["Default"] == "true"
    assert template["Conditions"]["IsProtected"] == {
        "Fn::And": [
            {"Fn::Not": [{"Condition": "IsLocal"}]},
            {"Fn::Equals": [{"Ref": "DeletionProtection"}, "true"]},
        ]
    }


def test_the_stream_carries_keys_only(template: dict[str, Any]) -> None:
    assert properties(template, "Table")["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}


def test_only_new_outbox_rows_start_a_delivery(template: dict[str, Any]) -> None:
    pattern = json.loads(stream(template)["FilterCriteria"]["Filters"][0]["Pattern"])

    assert pattern["eventName"] == ["INSERT"]
    assert pattern["dynamodb"]["Keys"]["pk"]["S"] == [{"prefix": "OUTBOX#"}]


def test_a_failing_record_is_tried_again_alone_then_kept(template: dict[str, Any]) -> None:
    source = stream(template)

    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"] is True
    assert source["MaximumRetryAttempts"] > 0
    assert source["DestinationConfig"]["OnFailure"]["Destination"]


def test_a_batch_ends_even_when_every_email_hangs(template: dict[str, Any]) -> None:
    hanging = stream(template)["BatchSize"] * ONE_DELIVERY

    assert properties(template, "Deliver")["Timeout"] >= START + hanging


def test_a_run_of_reconcile_has_time_left_after_its_last_delivery(
    template: dict[str, Any],
) -> None:
    deliveries = reconcile.BUDGET.total_seconds() + ONE_DELIVERY

    assert properties(template, "Reconcile")["Timeout"] >= START + 2 * deliveries


@pytest.mark.parametrize("name", ["Remind", "Hear"])
def test_a_function_for_one_thing_has_time_to_give_it_up(
    template: dict[str, Any], name: str
) -> None:
    assert properties(template, name)["Timeout"] >= START + ONE_DELIVERY


def test_a_function_of_the_pages_outlasts_the_gateway(template: dict[str, Any]) -> None:
    assert properties(template, "APIHandler")["Timeout"] > 29


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_the_memory_that_the_instance_says(
    template: dict[str, Any], name: str
) -> None:
    assert properties(template, name)["MemorySize"] == {"Ref": "FunctionMemory"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_traced_but_not_locally(template: dict[str, Any], name: str) -> None:
    tracing = properties(template, name)["Tracing"]

    assert tracing == {"Fn::If": ["IsLocal", "PassThrough", "Active"]}


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
    groups = of_type(template, "AWS::Logs::LogGroup")
    kept = {name: group["Properties"]["RetentionInDays"] for name, group in groups.items()}

    assert kept == {name: {"Ref": "LogRetentionInDays"} for name in LOG_GROUPS}


@pytest.mark.parametrize("name", ["ReminderFailures", "DeliveryFailures"])
def test_what_failed_is_kept_for_two_weeks(template: dict[str, Any], name: str) -> None:
    assert properties(template, name)["MessageRetentionPeriod"] == 14 * 24 * 3600


def settings_read() -> set[str]:
    """The names that settings.py asks the environment for."""
    tree = ast.parse((ROOT / "chalicelib" / "settings.py").read_text())
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str) and value.isupper()}
