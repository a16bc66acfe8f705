"""What `casereview deploy` looks at before anything leaves the machine, and what it tells of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
import typer
from botocore.stub import Stubber
from rich.console import Console

from infra.casereview import deploy as deploying
from infra.casereview import following
from infra.casereview.change_sheet import change_sheet
from infra.casereview.deploy_mailboxes import require_mailboxes
from infra.casereview.deploy_package import refuse_package
from infra.casereview.deploy_plan import Plan
from infra.casereview.deploy_report import plan_document, reporting
from infra.casereview.instances import InstanceFile, load_instance
from infra.deploy.artifact import Artifact
from infra.deploy.change_set import ChangeSet, ChangeSetRefused, make, take_back
from infra.deploy.changes import Kind, read_changes
from infra.deploy.stack_events import LostSight, TakesTooLong, follow
from infra.deploy.stacks import StackState
from infra.deploy.template_parameters import ParameterChange, parameter_changes, parameter_faults
from infra.stack.merge import stack_document

REGION = "eu-west-2"
STACK_ID = "arn:aws:cloudformation:eu-west-2:123456789012:stack/s/1"
AWS, HERE = "https://cloudformation.eu-west-2.amazonaws.com", "http://localhost:4566"
SUFFOLK = load_instance("suffolk-prod")
DEV, SALFORD = load_instance("suffolk-dev"), load_instance("salford-prod")
CHILD = {"TeamMailboxChild": "a@team.test", "AlarmEmail": "ops@team.test"}
BOTH = {**CHILD, "TeamMailboxAdult": "a@team.test,b@team.test"}


@pytest.fixture
def cloudformation() -> Any:
    return boto3.client("cloudformation", region_name=REGION)


def wanted(**more: str) -> dict[str, str]:
    return {**SUFFOLK.parameters(), **more}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ""),
        ({"Typo": "1"}, "no parameter Typo"),
        ({"Sending": "off"}, "Sending takes one of on, suspended"),
        ({"Sending": "suspended"}, ""),
        ({"PublicUrl": "https://a.test/"}, "PublicUrl takes what matches"),
        ({"FunctionMemory": "511"}, "FunctionMemory takes a number at least 512 and at most 3008"),
        ({"FunctionMemory": "512"}, ""),
        ({"FunctionMemory": "3009"}, "FunctionMemory takes"),
        ({"RequestBurst": "many"}, "RequestBurst takes a number"),
        ({"LogRetentionInDays": "31"}, "LogRetentionInDays takes one of 30, 60"),
        ({"AlarmEmail": "somebody"}, "AlarmEmail takes"),
        ({"DomainName": "a.test"}, "DomainName needs CertificateArn"),
        ({"DomainName": "a.test", "CertificateArn": "arn:aws:acm:x"}, ""),
    ],
)
def test_a_parameter_that_the_template_would_not_take_is_told_with_what_it_takes(
    given: dict[str, str], said: str
) -> None:
    faults = parameter_faults(stack_document(), wanted(**given), {})

    assert faults == [] if not said else said in "\n".join(faults)
    assert "somebody" not in "\n".join(faults)


def test_what_a_new_stack_needs_and_nothing_gives_is_told_and_an_update_keeps_it() -> None:
    given = wanted()
    address = given.pop("PublicUrl")

    assert "PublicUrl is needed" in str(parameter_faults(stack_document(), given, {}))
    assert parameter_faults(stack_document(), given, {"PublicUrl": address, "Gone": "1"}) == []


def test_a_rule_is_applied_to_what_would_be_deployed_and_not_only_to_what_is_given() -> None:
    deployed = wanted(DomainName="a.test", CertificateArn="arn:aws:acm:x")

    faults = parameter_faults(stack_document(), {"CertificateArn": ""}, deployed)

    assert faults == ["DomainName needs CertificateArn, a certificate in ACM of this region."]


def test_a_change_of_a_parameter_is_told_and_a_mailbox_only_as_changed() -> None:
    deployed = {"Same": "1", "Memory": "1024", "TeamMailboxChild": "a@team.test", "Kept": "x"}
    told = {"Same": "1", "Memory": "512", "TeamMailboxChild": "b@team.test", "Fresh": ""}

    changes = parameter_changes(deployed, told)

    assert list(change_sheet((), changes)) == [
        "Parameters:",
        "  Fresh: (new) -> (empty)",
        "  Memory: 1024 -> 512",
        "  TeamMailboxChild: changed",
    ]
    assert "@" not in repr(changes)


@pytest.mark.parametrize(
    ("target", "given", "more", "said"),
    [
        (SUFFOLK, BOTH, {}, None),
        (SUFFOLK, CHILD, {}, "it has no TeamMailboxAdult."),
        (SUFFOLK, {**BOTH, "AlarmEmail": ""}, {}, "it has no AlarmEmail."),
        (SUFFOLK, {}, {}, "infra/instances/suffolk-prod.private.toml"),
        (SUFFOLK, {}, {"waived": True}, "--no-mailbox is not for prod"),
        (SALFORD, CHILD, {}, None),
        (DEV, {}, {}, "reach nobody: --no-mailbox"),
        (DEV, {}, {"waived": True}, None),
        # An update keeps what it is not told.
        (SUFFOLK, {}, {"new": False}, None),
        (SUFFOLK, {"TeamMailboxChild": ""}, {"new": False}, "it has no TeamMailboxChild."),
        (SUFFOLK, {"TeamMailboxChild": "a@team.test,nobody"}, {"new": False}, "with commas"),
    ],
)
def test_a_new_stack_needs_a_mailbox_for_each_form_and_for_its_alarms(
    target: InstanceFile,
    given: dict[str, str],
    more: dict[str, bool],
    said: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = {"new": True, "waived": False, **more}
    if said is None:
        require_mailboxes(target, given, **options)
        return
    with pytest.raises(typer.Exit) as ended:
        require_mailboxes(target, given, **options)

    told = capsys.readouterr().err
    assert ended.value.exit_code == 1
    assert said in told
    assert "nobody," not in told
    assert "@" not in told


@pytest.mark.parametrize(
    ("target", "change", "endpoint", "refused"),
    [
        (SUFFOLK, {}, AWS, None),
        (SUFFOLK, {"python": "3.11"}, AWS, "3.13 on arm64"),
        (SUFFOLK, {"architecture": "x86_64"}, AWS, "casereview package"),
        (SUFFOLK, {"architecture": "unknown"}, AWS, "casereview package"),
        (SUFFOLK, {"code": Path("build/host/deployment.zip")}, AWS, "of this machine"),
        (SUFFOLK, {"architecture": "x86_64"}, HERE, None),
        (SUFFOLK, {"architecture": "x86_64"}, "https://localhost.example", "casereview package"),
        (SUFFOLK, {"dirty": True}, HERE, "Commit them"),
        (DEV, {"dirty": True}, AWS, None),
    ],
)
def test_only_a_package_that_lambda_runs_is_deployed_to_aws(
    target: InstanceFile,
    change: dict[str, Any],
    endpoint: str,
    refused: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    built = Artifact(
        Path("build/package/deployment.zip"), "", {}, "", python="3.13", architecture="arm64"
    )
    if refused is None:
        refuse_package(target, replace(built, **change), endpoint)
        return
    with pytest.raises(typer.Exit):
        refuse_package(target, replace(built, **change), endpoint)

    assert refused in capsys.readouterr().err


def told(name: str, type_: str, action: str, *properties: str) -> dict[str, Any]:
    details = [{"Target": {"Attribute": "Properties", "Name": one}} for one in properties]
    change = {"LogicalResourceId": name, "ResourceType": type_, "Action": action}
    return {"Type": "Resource", "ResourceChange": {**change, "Details": details}}


DEPLOYMENTS = [
    told("Deployment1", "AWS::ApiGateway::Deployment", "Remove"),
    told("Deployment2", "AWS::ApiGateway::Deployment", "Add"),
]


def stage(*properties: str) -> dict[str, Any]:
    return told("Stage", "AWS::ApiGateway::Stage", "Modify", *properties)


def test_what_every_update_does_to_the_api_is_one_quiet_line() -> None:
    changes = read_changes([*DEPLOYMENTS, stage("DeploymentId", "Tags")])

    assert {one.kind for one in changes} == {Kind.PUBLISHED}
    assert list(change_sheet(changes, ())) == ["The API is published anew, as at every update."]


def test_another_change_of_the_stage_and_a_first_deployment_are_shown() -> None:
    other = read_changes([*DEPLOYMENTS, stage("DeploymentId", "MethodSettings")])
    first = read_changes([DEPLOYMENTS[1]])

    assert [one.name for one in other if one.kind is not Kind.PUBLISHED] == ["Stage"]
    assert [one.kind for one in first] == [Kind.ADDED]


class Looks:
    """Answers of DescribeStackEvents, one by one; an exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def get_paginator(self, _name: str) -> Looks:
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return [{"StackEvents": answer}]


def ending(status: str) -> list[dict[str, Any]]:
    return [
        {
            "StackId": STACK_ID,
            "EventId": status,
            "LogicalResourceId": "s",
            "PhysicalResourceId": STACK_ID,
            "ResourceType": "AWS::CloudFormation::Stack",
            "ResourceStatus": status,
            "ClientRequestToken": "mine",
        }
    ]


def no_network() -> Exception:
    from botocore.exceptions import EndpointConnectionError

    return EndpointConnectionError(endpoint_url=AWS)


def refused(code: str) -> Exception:
    from botocore.exceptions import ClientError

    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    return ClientError(answer, "DescribeStackEvents")


def times(number: int) -> Callable[[float], Callable[[], bool]]:
    """Waits for no time, and so many times at most."""

    def waiting(_seconds: float) -> Callable[[], bool]:
        left = iter([True] * number)
        return lambda: next(left, False)

    return waiting


def test_a_network_that_fails_for_a_while_does_not_end_a_deployment() -> None:
    looks = Looks(no_network(), no_network(), ending("UPDATE_COMPLETE"))
    lost: list[str] = []

    ended = follow(looks, "s", "mine", lambda _: None, lost.append, times(5))

    assert ended.good
    assert lost == ["EndpointConnectionError"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [(no_network(), "ten minutes"), (refused("ExpiredToken"), r"\(ExpiredToken\)")],
)
def test_one_that_does_not_come_back_or_refuses_ends_the_looking(
    answer: Exception, why: str
) -> None:
    with pytest.raises(LostSight, match=why):
        follow(Looks(answer), "s", "mine", lambda _: None, waiting=times(3))


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 1), (LostSight("x."), 3), (TakesTooLong("x."), 1)]
)
def test_who_stops_looking_is_told_that_it_goes_on_and_how_to_look(
    error: BaseException,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def raises(*_: Any) -> None:
        raise error

    monkeypatch.setattr(following, "follow", raises)
    later = deploying._later(Plan(SUFFOLK, None, ChangeSet("id", "s", ())))

    with pytest.raises(typer.Exit) as ended:
        following.watch_to_the_end(None, Console(), "s", "mine", later=later)

    said = capsys.readouterr().err
    assert ended.value.exit_code == code
    assert "CloudFormation goes on by itself. Look: casereview status suffolk-prod" in said
    assert "deploy again" in said


def test_a_new_stack_that_was_not_protected_after_all_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan = Plan(SUFFOLK, None, ChangeSet("id", "s", ()))

    with pytest.raises(KeyboardInterrupt), deploying._unprotected_told(plan):
        raise KeyboardInterrupt
    said = capsys.readouterr().err
    with deploying._unprotected_told(plan):
        pass

    assert "its data is NOT yet protected" in said
    assert "casereview deploy suffolk-prod" in said
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("status", "deleted"), [("REVIEW_IN_PROGRESS", True), ("CREATE_IN_PROGRESS", False)]
)
def test_who_says_no_deletes_a_stack_only_while_it_is_an_empty_shell(
    cloudformation: Any, status: str, deleted: bool
) -> None:
    stack = {
        "StackName": "s",
        "StackId": STACK_ID,
        "StackStatus": status,
        "CreationTime": datetime.now(UTC),
    }
    with Stubber(cloudformation) as stub:
        stub.add_response("delete_change_set", {}, {"ChangeSetName": "change-set-id"})
        stub.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": "s"})
        if deleted:
            stub.add_response("delete_stack", {}, {"StackName": STACK_ID})

        take_back(cloudformation, ChangeSet("change-set-id", "s", ()), new=True)

        stub.assert_no_pending_responses()


def test_a_refusal_of_cloudformation_is_told_without_addresses(cloudformation: Any) -> None:
    deployed = StackState("s", STACK_ID, "UPDATE_COMPLETE", datetime.now(UTC))
    reason = {"Status": "FAILED", "StatusReason": "No: a.person@team.example is not good"}
    with Stubber(cloudformation) as stub:
        stub.add_response("create_change_set", {"Id": "change-set-id"})
        stub.add_response("describe_change_set", reason)
        stub.add_response("delete_change_set", {})

        with pytest.raises(ChangeSetRefused, match=r"^No: \(an address\) is not good$"):
            make(cloudformation, "s", deployed, {"TemplateBody": "{}"})


def test_json_is_one_document_and_everything_else_goes_to_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    changes = read_changes([told("Table", "AWS::DynamoDB::Table", "Modify", "Tags")])
    mailbox = ParameterChange("TeamMailboxChild", None, None)
    plan = Plan(SUFFOLK, None, ChangeSet("id", "s", changes), (mailbox,))

    with pytest.raises(typer.Exit):
        told_and_refused(plan)

    said = capsys.readouterr()
    assert said.err == "what a person reads\n"
    assert json.loads(said.out) == {
        "instance": "suffolk-prod",
        "stack": "casereview-suffolk-prod",
        "region": "eu-west-2",
        "new": True,
        "changes": [
            {
                "change": "changed",
                "resource": "Table",
                "type": "AWS::DynamoDB::Table",
                "what": ["Tags"],
            }
        ],
        "parameters": [{"parameter": "TeamMailboxChild"}],
        "status": None,
        "failure": None,
    }


def told_and_refused(plan: Plan) -> None:
    with reporting(as_json=True, yes=True) as document:
        typer.echo("what a person reads")
        document |= plan_document(plan)
        raise typer.Exit(1)


def test_json_asks_nobody() -> None:
    with pytest.raises(typer.BadParameter, match="--yes"), reporting(as_json=True, yes=False):
        pass
