"""A stack as it stands, and whether it can be deployed to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.adapters.aws import aws_errors, error_code

# In these nothing was ever made, or nothing that CloudFormation could go on from.
_NEVER_MADE = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"})
READY = frozenset(
    {
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)
REVIEWED = "REVIEW_IN_PROGRESS"  # a change set was made for it, and never executed


@dataclass(frozen=True)
class StackState:
    """One stack. `changed_at` is when it was last made or updated."""

    name: str
    id: str
    status: str
    changed_at: datetime
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    protected: bool = False
    drifted: bool = False
    created_at: datetime | None = None

    @property
    def is_new(self) -> bool:
        return self.status == REVIEWED


def read_stack(cloudformation: Any, name: str) -> StackState | None:
    """None when there is no such stack. Raises what botocore raises."""
    try:
        told = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except aws_errors() as error:
        if error_code(error) != "ValidationError":
            raise
        return None
    if told["StackStatus"] == "DELETE_COMPLETE":
        return None
    drift = told.get("DriftInformation", {}).get("StackDriftStatus")
    return StackState(
        name=name,
        id=told["StackId"],
        status=told["StackStatus"],
        changed_at=told.get("LastUpdatedTime") or told["CreationTime"],
        parameters=_pairs(told.get("Parameters", []), "ParameterKey", "ParameterValue"),
        tags=_pairs(told.get("Tags", []), "Key", "Value"),
        outputs=_pairs(told.get("Outputs", []), "OutputKey", "OutputValue"),
        protected=bool(told.get("EnableTerminationProtection")),
        drifted=drift == "DRIFTED",
        created_at=told.get("CreationTime"),
    )


def why_not(state: StackState | None, instance_id: str) -> str | None:
    """Why it cannot be deployed to as it stands, and what to do; None when it can."""
    if state is None or state.status in READY or state.is_new:
        return None
    if state.status in _NEVER_MADE:
        return (
            f"The stack {state.name} is {state.status}: it was never completed, and CloudFormation"
            f" cannot go on from there. Delete it first: casereview destroy {instance_id}"
        )
    if state.status == "DELETE_FAILED":
        return (
            f"The stack {state.name} is DELETE_FAILED: its deletion began and could not end, and"
            " some of it is gone. Mend what its last event names, then delete the rest:"
            f" casereview destroy {instance_id}"
        )
    if state.status.endswith("_IN_PROGRESS"):
        return (
            f"The stack {state.name} is {state.status}: somebody is changing it. Wait for that:"
            f" casereview status {instance_id}"
        )
    if state.status == "UPDATE_ROLLBACK_FAILED":
        return (
            f"The stack {state.name} could not be taken back to what it was. Mend what its last"
            " event names, then:"
            f" aws cloudformation continue-update-rollback --stack-name {state.name}"
        )
    return (
        f"The stack {state.name} is {state.status}. Roll it back first:"
        f" aws cloudformation rollback-stack --stack-name {state.name}"
    )


def service_url(state: StackState) -> str:
    """Where the service answers, without a slash at the end.

    An instance with a domain of its own answers there only; an emulator at its endpoint.
    """
    outputs = state.outputs
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        return f"{endpoint}/_aws/execute-api/{outputs['RestAPIId']}/live"
    domain = state.parameters.get("DomainName")
    if domain:
        return f"https://{domain}"
    return outputs["EndpointURL"].rstrip("/")


def _pairs(told: list[Mapping[str, Any]], key: str, value: str) -> dict[str, str]:
    return {one[key]: one.get(value, "") for one in told}
