"""What each function may do, in the packaged template: what its code calls and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.infra.test_template import FUNCTIONS, properties

ROLES = ("ApiHandlerRole", "DeliverRole", "RemindRole", "ReconcileRole", "HearRole")
TRACES = ("PutTelemetryRecords", "PutTraceSegments")


def statements(
    template: dict[str, Any], effect: str = "Allow"
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    if statement["Effect"] == effect:
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


def service_rights(template: dict[str, Any], role: str, prefix: str) -> set[str]:
    allowed = (rights(statement) for name, statement in statements(template) if name == role)
    return {one.removeprefix(prefix) for some in allowed for one in some if one.startswith(prefix)}


def schedule_rights(template: dict[str, Any], role: str) -> set[str]:
    return service_rights(template, role, "scheduler:")


def mail_rights(template: dict[str, Any], role: str) -> set[str]:
    return service_rights(template, role, "ses:")


def test_each_function_has_a_role_of_its_own(template: dict[str, Any]) -> None:
    roles = [json.dumps(properties(template, name)["Role"]) for name in FUNCTIONS]

    assert len(set(roles)) == len(FUNCTIONS)


def test_no_right_is_a_wildcard_but_what_takes_no_resource(
    template: dict[str, Any],
) -> None:
    wide = {
        (role, action)
        for role, statement in statements(template)
        for action in rights(statement)
        if statement["Resource"] == "*" or "*" in action
    }

    assert wide == {
        ("DeliverRole", "dynamodb:ListStreams"),
        ("ReconcileRole", "scheduler:ListSchedules"),
        *((role, f"xray:{action}") for role in ROLES for action in TRACES),
    }


@pytest.mark.parametrize("role", ROLES)
def test_the_table_s_key_is_used_through_the_table_only(
    template: dict[str, Any], role: str
) -> None:
    (statement,) = (
        statement
        for name, statement in statements(template)
        if name == role and any(action.startswith("kms:") for action in rights(statement))
    )

    assert statement["Resource"] == {"Fn::GetAtt": ["TableKey", "Arn"]}
    assert statement["Condition"] == {
        "StringEquals": {"kms:ViaService": {"Fn::Sub": "dynamodb.${AWS::Region}.amazonaws.com"}}
    }


def test_no_function_may_rule_a_key(template: dict[str, Any]) -> None:
    used = {one for role in ROLES for one in service_rights(template, role, "kms:")}

    assert used == {
        "Decrypt",
        "DescribeKey",
        "Encrypt",
        "GenerateDataKey",
        "ReEncryptFrom",
        "ReEncryptTo",
    }


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("ApiHandlerRole", {"BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"}),
        ("DeliverRole", {"GetItem", "PutItem", "UpdateItem", "Query", "DeleteItem"}),
        ("RemindRole", {"GetItem", "PutItem", "UpdateItem", "Query"}),
        ("ReconcileRole", {"GetItem", "PutItem", "UpdateItem", "Query", "DeleteItem"}),
        ("HearRole", {"GetItem", "UpdateItem"}),
    ],
)
def test_a_function_has_the_rights_to_rows_that_its_code_uses(
    template: dict[str, Any], role: str, expected: set[str]
) -> None:
    assert rights_to(template, role, {"Fn::GetAtt": ["Table", "Arn"]}) == expected


def test_only_reconcile_and_lists_of_cases_read_the_sparse_index(template: dict[str, Any]) -> None:
    index = {"Fn::Sub": "${Table.Arn}/index/pending"}

    reading = {role: rights_to(template, role, index) for role in ROLES}

    readers = {"ApiHandlerRole": {"Query"}, "ReconcileRole": {"Query"}}
    assert {role: found for role, found in reading.items() if found} == readers


def denial(template: dict[str, Any], role: str, sid: str) -> dict[str, Any]:
    denials = (one for name, one in statements(template, "Deny") if name == role)
    (found,) = (one for one in denials if one["Sid"] == sid)
    return found


@pytest.mark.parametrize(
    ("role", "puts"), [(role, role != "HearRole") for role in ROLES], ids=ROLES
)
def test_no_function_may_change_or_remove_what_is_in_the_audit_trail(
    template: dict[str, Any], role: str, puts: bool
) -> None:
    denied = denial(template, role, "KeepTheTrail")

    assert rights(denied) == {
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        *(() if puts else ("dynamodb:PutItem",)),
    }
    assert denied["Resource"] == {"Fn::GetAtt": ["Table", "Arn"]}
    assert denied["Condition"] == {
        "ForAnyValue:StringLike": {"dynamodb:LeadingKeys": "AUDIT#*"},
    }


@pytest.mark.parametrize("role", [role for role in ROLES if role != "ApiHandlerRole"])
def test_only_pages_reach_sessions_and_who_has_signed_in(
    template: dict[str, Any], role: str
) -> None:
    denied = denial(template, role, "SignInAsNobody")

    assert {f"dynamodb:{one}" for one in ("GetItem", "Query", "PutItem")} < rights(denied)
    assert rights(denied) >= {"dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    assert denied["Resource"] == {"Fn::GetAtt": ["Table", "Arn"]}
    assert denied["Condition"] == {
        "ForAnyValue:StringLike": {
            "dynamodb:LeadingKeys": ["SESSION#*", "SIGNIN#*", "PERSON#*", "PEOPLE"]
        }
    }


def test_pages_may_reach_sessions(template: dict[str, Any]) -> None:
    denials = [one["Sid"] for name, one in statements(template, "Deny") if name == "ApiHandlerRole"]

    assert denials == ["KeepTheTrail", "KeepTheProofs"]


@pytest.mark.parametrize("role", ["ApiHandlerRole", "RemindRole"])
def test_what_carries_out_no_disposal_writes_no_proof_of_one(
    template: dict[str, Any], role: str
) -> None:
    denied = denial(template, role, "KeepTheProofs")

    assert rights(denied) == {f"dynamodb:{one}" for one in ("PutItem", "UpdateItem", "DeleteItem")}
    assert denied["Resource"] == {"Fn::GetAtt": ["Table", "Arn"]}
    assert denied["Condition"] == {
        "ForAnyValue:StringLike": {"dynamodb:LeadingKeys": "DISPOSED#*"},
    }


@pytest.mark.parametrize("role", ["DeliverRole", "ReconcileRole"])
def test_a_disposal_may_be_carried_out_and_its_proof_never_removed(
    template: dict[str, Any], role: str
) -> None:
    (deleting,) = (
        statement
        for name, statement in statements(template)
        if name == role and "dynamodb:DeleteItem" in rights(statement)
    )

    assert deleting["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": "REFERRAL#*"}
    }
    denials = [one["Sid"] for name, one in statements(template, "Deny") if name == role]
    assert "KeepTheProofs" not in denials


def test_pages_may_delete_nothing(template: dict[str, Any]) -> None:
    assert "DeleteItem" not in service_rights(template, "ApiHandlerRole", "dynamodb:")


@pytest.mark.parametrize("role", ["DeliverRole", "ReconcileRole"])
def test_what_makes_a_schedule_may_remove_it(template: dict[str, Any], role: str) -> None:
    keeping = {"CreateSchedule", "UpdateSchedule", "DeleteSchedule"}

    assert schedule_rights(template, role) - {"ListSchedules"} == keeping


def test_only_reconcile_compares_all_schedules(template: dict[str, Any]) -> None:
    listing = [role for role in ROLES if "ListSchedules" in schedule_rights(template, role)]

    assert listing == ["ReconcileRole"]


@pytest.mark.parametrize("role", ["ApiHandlerRole", "RemindRole", "HearRole"])
def test_a_function_that_makes_no_schedule_may_not(template: dict[str, Any], role: str) -> None:
    assert schedule_rights(template, role) == set()


@pytest.mark.parametrize("role", ["DeliverRole", "RemindRole", "ReconcileRole"])
def test_what_sends_a_reminder_may_send_it_with_its_file(
    template: dict[str, Any], role: str
) -> None:
    assert mail_rights(template, role) == {"SendEmail", "SendRawEmail"}


@pytest.mark.parametrize(
    ("role", "expected"), [("ApiHandlerRole", {"SendEmail"}), ("HearRole", set())]
)
def test_what_sends_no_reminder_may_send_no_file(
    template: dict[str, Any], role: str, expected: set[str]
) -> None:
    assert mail_rights(template, role) == expected


def test_every_email_is_from_the_instance_s_own_address(template: dict[str, Any]) -> None:
    conditions = [
        statement["Condition"]
        for _, statement in statements(template)
        if "ses:" in json.dumps(statement["Action"])
    ]

    own = {"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}}
    assert conditions == [own] * 4


def test_what_hears_of_emails_reaches_no_draft_form_or_token(template: dict[str, Any]) -> None:
    (rows,) = (
        statement
        for role, statement in statements(template)
        if role == "HearRole" and "dynamodb:" in json.dumps(statement["Action"])
    )

    assert rows["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["OUTBOX#*", "REFERRAL#*", "INSTANCE"]}
    }


@pytest.mark.parametrize(
    ("role", "queue"),
    [
        ("DeliverRole", "DeliveryFailures"),
        ("RemindRole", "ReminderFailures"),
        ("HearRole", "HearFailures"),
    ],
)
def test_a_function_may_report_what_it_could_not_do(
    template: dict[str, Any], role: str, queue: str
) -> None:
    assert rights_to(template, role, {"Fn::GetAtt": [queue, "Arn"]}) == {"SendMessage"}


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
