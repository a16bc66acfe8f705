"""Deploys the packaged template to the embedded AWS, as CloudFormation would."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.aws import client
from infra.package import Package

BUCKET = "artifacts"
DEPLOY_SECONDS = 120
FUNCTION = "AWS::Serverless::Function"


class DeployError(Exception):
    """CloudFormation refused or rolled back; the message is its reason."""


@dataclass(frozen=True)
class Deployed:
    """What the front needs to know of the stack."""

    api_url: str
    table: str
    schedule_group: str
    remind_function: str
    reconcile_function: str
    user_pool: str


def deploy(endpoint: str, name: str, package: Package, parameters: Mapping[str, str]) -> Deployed:
    """Creates the stack, or updates it in place with everything in it kept. Raises DeployError."""
    cloudformation = client("cloudformation", endpoint)
    request = {
        "StackName": name,
        "TemplateURL": _uploaded(endpoint, _with_code(endpoint, package)),
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    _create_or_update(cloudformation, request)
    outputs = _wait(cloudformation, name)
    _set_time_to_live(endpoint, outputs["TableName"])
    return Deployed(
        api_url=f"{endpoint}/_aws/execute-api/{outputs['RestAPIId']}/live",
        table=outputs["TableName"],
        schedule_group=outputs["ScheduleGroupName"],
        remind_function=outputs["RemindFunctionName"],
        reconcile_function=outputs["ReconcileFunctionName"],
        user_pool=outputs["UserPoolId"],
    )


def _with_code(endpoint: str, package: Package) -> dict[str, Any]:
    """The template with the uploaded zip in place of the local file: nothing else changes."""
    code = package.code.read_bytes()
    key = f"{hashlib.sha256(code).hexdigest()[:16]}.zip"
    s3 = client("s3", endpoint)
    if BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        place = {"LocationConstraint": s3.meta.region_name}
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    s3.put_object(Bucket=BUCKET, Key=key, Body=code)
    document = package.document()
    for resource in document["Resources"].values():
        if resource.get("Type") == FUNCTION:
            resource["Properties"]["CodeUri"] = {"Bucket": BUCKET, "Key": key}
    return document


def _uploaded(endpoint: str, template: dict[str, Any]) -> str:
    """Where CloudFormation finds the template: it is too large to be sent with the request."""
    key = "template.json"
    body = json.dumps(template).encode()
    client("s3", endpoint).put_object(Bucket=BUCKET, Key=key, Body=body)
    return f"{endpoint}/{BUCKET}/{key}"


def _create_or_update(cloudformation: Any, request: dict[str, Any]) -> None:
    from botocore.exceptions import ClientError

    try:
        if request["StackName"] in _stacks(cloudformation):
            cloudformation.update_stack(**request)
        else:
            cloudformation.create_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeployError(str(error)) from error


def _stacks(cloudformation: Any) -> set[str]:
    found = cloudformation.describe_stacks()["Stacks"]
    return {stack["StackName"] for stack in found if stack["StackStatus"] != "DELETE_COMPLETE"}


def _wait(cloudformation: Any, name: str) -> dict[str, str]:
    """The stack's outputs, once it is complete."""
    deadline = time.monotonic() + DEPLOY_SECONDS
    while time.monotonic() < deadline:
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        status = stack["StackStatus"]
        if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        if status.endswith(("_FAILED", "ROLLBACK_COMPLETE")):
            raise DeployError(f"{status}: {stack.get('StackStatusReason', 'no reason given')}")
        time.sleep(0.1)
    raise DeployError("the stack is not complete after two minutes")


def _set_time_to_live(endpoint: str, table: str) -> None:
    """The emulator's CloudFormation leaves out what the template says of expiry."""
    dynamodb = client("dynamodb", endpoint)
    described = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if described["TimeToLiveStatus"] == "DISABLED":
        dynamodb.update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
        )
