"""What `casereview deploy` shows of a change set, what it refuses, and what it sends."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from infra.casereview.deploy_plan import is_deployed
from infra.deploy.artifact import Artifact, NoArtifact, read_artifact
from infra.deploy.artifacts_bucket import MOST_INLINE, template_argument
from infra.deploy.change_set import ChangeSetRefused, make, parameters
from infra.deploy.changes import Kind, read_changes
from infra.deploy.stack_events import follow
from infra.deploy.stacks import StackState, service_url, why_not
from infra.packaging.artifact import CODE, MANIFEST, TEMPLATE

ACCOUNT, REGION = "123456789012", "eu-west-2"
TABLE, LOGS, FUNCTION = "AWS::DynamoDB::Table", "AWS::Logs::LogGroup", "AWS::Lambda::Function"
STACK_ID = "arn:aws:cloudformation:eu-west-2:123456789012:stack/s/1"


def described(name: str, type_: str, action: str, **more: Any) -> dict[str, Any]:
    change = {"LogicalResourceId": name, "ResourceType": type_, "Action": action, **more}
    return {"Type": "Resource", "ResourceChange": change}


def modified(name: str, type_: str, replacement: str, *causes: str) -> dict[str, Any]:
    """Conditional because of what it names, as CloudFormation tells it."""
    details = [
        {
            "Target": {"Attribute": "Properties", "Name": "P", "RequiresRecreation": "Always"},
            "Evaluation": "Dynamic",
            "ChangeSource": "ResourceReference",
            "CausingEntity": cause,
        }
        for cause in causes
    ]
    return described(name, type_, "Modify", Replacement=replacement, Details=details)


@pytest.mark.parametrize(
    ("changes", "kind", "loses"),
    [
        ([described("X", TABLE, "Add")], Kind.ADDED, False),
        ([described("X", TABLE, "Remove")], Kind.REMOVED, True),
        ([described("X", FUNCTION, "Remove")], Kind.REMOVED, False),
        ([modified("X", TABLE, "False")], Kind.CHANGED, False),
        ([modified("X", TABLE, "True")], Kind.REPLACED, True),
        ([modified("X", "AWS::KMS::Key", "True")], Kind.REPLACED, True),
        ([modified("X", "AWS::Cognito::UserPool", "True")], Kind.REPLACED, True),
        ([modified("X", FUNCTION, "True")], Kind.REPLACED, False),
        # Nothing says why: it may come to pass.
        ([modified("X", TABLE, "Conditional")], Kind.REPLACED, True),
        # It names a function that only changes: its name stays.
        ([modified("X", LOGS, "Conditional", "F"), modified("F", FUNCTION, "False")],
         Kind.CHANGED, False),
        ([modified("X", LOGS, "Conditional", "F.Arn"), modified("F", FUNCTION, "True")],
         Kind.REPLACED, True),
        # Through another one that is only conditional too.
        ([modified("X", LOGS, "Conditional", "G"), modified("G", FUNCTION, "Conditional", "F"),
          modified("F", FUNCTION, "True")], Kind.REPLACED, True),
        ([described("X", TABLE, "Modify", Replacement="False", Scope=["Tags"])],
         Kind.TAGGED, False),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_known(
    changes: list[dict[str, Any]], kind: Kind, loses: bool
) -> None:
    (change,) = [one for one in read_changes(changes) if one.name == "X"]

    assert (change.kind, change.loses) == (kind, loses)


def test_what_stands_out_comes_first() -> None:
    changes = [
        described("A", FUNCTION, "Add"),
        modified("B", FUNCTION, "False"),
        modified("C", FUNCTION, "True"),
        described("D", FUNCTION, "Remove"),
    ]

    assert [one.name for one in read_changes(changes)] == ["D", "C", "B", "A"]


def state(status: str, **parameters: str) -> StackState:
    return StackState("s", STACK_ID, status, datetime.now(UTC), parameters)


def test_what_is_not_given_stays_as_it_is_deployed() -> None:
    deployed = state("UPDATE_COMPLETE", Kept="1", Given="2", Gone="3")

    told = parameters({"Given": "new"}, frozenset({"Kept", "Given", "Fresh"}), deployed)

    assert told == [
        {"ParameterKey": "Given", "ParameterValue": "new"},
        {"ParameterKey": "Kept", "UsePreviousValue": True},
    ]


def test_a_new_stack_has_nothing_to_keep() -> None:
    assert parameters({}, frozenset({"Kept"}), state("REVIEW_IN_PROGRESS", Kept="1")) == []


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("CREATE_COMPLETE", None),
        ("UPDATE_COMPLETE", None),
        ("UPDATE_ROLLBACK_COMPLETE", None),
        ("REVIEW_IN_PROGRESS", None),
        ("ROLLBACK_COMPLETE", "casereview destroy suffolk-dev"),
        ("DELETE_FAILED", "delete the rest: casereview destroy suffolk-dev"),
        ("UPDATE_IN_PROGRESS", "Wait for that"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
        ("UPDATE_FAILED", "rollback-stack"),
    ],
)
def test_a_stack_that_cannot_be_deployed_to_is_told_with_what_to_do(
    status: str, advice: str | None
) -> None:
    said = why_not(state(status), "suffolk-dev")

    assert said is None if advice is None else advice in (said or "")


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"status": "UPDATE_ROLLBACK_COMPLETE"}, False),
        ({"drifted": True}, False),
        ({"tags": {"digest": "another"}}, False),
        ({"parameters": {"Sending": "suspended", "Kept": "1"}}, False),
    ],
)
def test_the_same_package_with_the_same_parameters_is_not_deployed_again(
    artifact: Artifact, changed: dict[str, Any], same: bool
) -> None:
    deployed = replace(
        state("UPDATE_COMPLETE", Sending="on", Kept="1"), tags={"digest": artifact.digest}
    )

    assert is_deployed(artifact, {"Sending": "on"}, replace(deployed, **changed)) is same


def package(folder: Path, **manifest: Any) -> Path:
    template = {
        "Parameters": {"Partnership": {}},
        "Resources": {
            "F": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./x"}},
            "T": {"Type": TABLE, "Properties": {}},
        },
    }
    (folder / CODE).write_bytes(b"zip")
    (folder / TEMPLATE).write_text(json.dumps(template))
    digests = {
        key: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for key, name in (("digest", CODE), ("template_digest", TEMPLATE))
    }
    (folder / MANIFEST).write_text(json.dumps({"commit": "c", **digests, **manifest}))
    return folder


def test_only_the_functions_code_is_replaced_in_the_template(tmp_path: Path) -> None:
    artifact = read_artifact(package(tmp_path))

    resources = json.loads(artifact.template_with_code("bucket"))["Resources"]

    assert resources["F"]["Properties"]["CodeUri"] == {"Bucket": "bucket", "Key": artifact.key}
    assert resources["T"] == artifact.template["Resources"]["T"]


def test_a_package_that_was_changed_or_is_not_whole_is_refused(tmp_path: Path) -> None:
    package(tmp_path)
    (tmp_path / CODE).write_bytes(b"other")
    with pytest.raises(NoArtifact, match="changed after it was built"):
        read_artifact(tmp_path)
    (tmp_path / MANIFEST).unlink()
    with pytest.raises(NoArtifact, match="casereview package"):
        read_artifact(tmp_path)


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    return read_artifact(package(tmp_path))


@pytest.mark.parametrize(
    ("size", "how"), [(MOST_INLINE, "TemplateBody"), (MOST_INLINE + 1, "TemplateURL")]
)
def test_a_template_too_large_for_a_request_is_uploaded(
    artifact: Artifact, size: int, how: str
) -> None:
    with mock_aws():
        s3 = boto3.client("s3", region_name=REGION)
        place = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration=place)

        argument = template_argument(s3, ACCOUNT, "artifacts", artifact, "x" * size)

        assert list(argument) == [how]
        assert len(s3.list_objects_v2(Bucket="artifacts").get("Contents", [])) == size - MOST_INLINE


def event(number: int, name: str, status: str, reason: str = "", **more: Any) -> dict[str, Any]:
    whole = name == "s"
    return {
        "StackId": STACK_ID,
        "StackName": "s",
        "EventId": str(number),
        "Timestamp": datetime.now(UTC),
        "LogicalResourceId": name,
        "PhysicalResourceId": STACK_ID if whole else name,
        "ResourceType": "AWS::CloudFormation::Stack" if whole else FUNCTION,
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        "ClientRequestToken": "mine",
        **more,
    }


def test_the_first_failure_is_told_and_not_what_it_cancelled() -> None:
    events = [
        event(9, "s", "UPDATE_ROLLBACK_COMPLETE"),
        event(8, "Other", "UPDATE_FAILED", "Resource update cancelled"),
        event(7, "Broken", "CREATE_FAILED", "refused for a.person@team.example"),
        event(6, "Early", "UPDATE_FAILED", "Resource update cancelled"),
        event(1, "Broken", "CREATE_FAILED", "of another time", ClientRequestToken="before"),
    ]
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    told: list[str] = []
    with Stubber(cloudformation) as stub:
        stub.add_response("describe_stack_events", {"StackEvents": events}, {"StackName": "s"})
        ending = follow(cloudformation, "s", "mine", lambda one: told.append(one.resource))

    assert told == ["Early", "Broken", "Other", "s"]
    assert ending.status == "UPDATE_ROLLBACK_COMPLETE"
    assert not ending.good
    assert ending.failure is not None
    assert ending.failure.resource == "Broken"
    assert ending.failure.reason == "refused for (an address)"


def test_a_stack_that_is_as_it_should_be_is_left_alone_and_no_change_set_stays() -> None:
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    told = {
        "Status": "FAILED",
        "StatusReason": "The submitted information didn't contain changes.",
    }
    with Stubber(cloudformation) as stub:
        stub.add_response("create_change_set", {"Id": "change-set-id"})
        stub.add_response("describe_change_set", told, {"ChangeSetName": "change-set-id"})
        stub.add_response("delete_change_set", {}, {"ChangeSetName": "change-set-id"})

        made = make(cloudformation, "s", state("UPDATE_COMPLETE"), {"TemplateBody": "{}"})

        stub.assert_no_pending_responses()
    assert made.changes == ()


def test_a_new_stack_that_cannot_be_made_leaves_no_shell_behind() -> None:
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    with Stubber(cloudformation) as stub:
        stub.add_response("create_change_set", {"Id": "change-set-id"})
        stub.add_response(
            "describe_change_set", {"Status": "FAILED", "StatusReason": "no such transform"}
        )
        stub.add_response("delete_change_set", {})
        shell = {
            "StackName": "s",
            "StackId": STACK_ID,
            "StackStatus": "REVIEW_IN_PROGRESS",
            "CreationTime": datetime.now(UTC),
        }
        stub.add_response("describe_stacks", {"Stacks": [shell]}, {"StackName": "s"})
        stub.add_response("delete_stack", {}, {"StackName": STACK_ID})

        with pytest.raises(ChangeSetRefused, match="no such transform"):
            make(cloudformation, "s", None, {"TemplateBody": "{}"})

        stub.assert_no_pending_responses()


def test_an_instance_with_a_domain_is_asked_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one, the API's own address is switched off."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    outputs = {"EndpointURL": "https://a1.execute-api.eu-west-2.amazonaws.com/live/"}
    plain = replace(state("UPDATE_COMPLETE", DomainName=""), outputs=outputs)
    named = replace(state("UPDATE_COMPLETE", DomainName="notify.example"), outputs=outputs)

    assert service_url(plain) == "https://a1.execute-api.eu-west-2.amazonaws.com/live"
    assert service_url(named) == "https://notify.example"
