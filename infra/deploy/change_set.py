"""Makes a change set and gives what it would change; executes it or takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.deploy.changes import Change, read_changes
from infra.deploy.pause import Pause
from infra.deploy.stack_events import without_addresses
from infra.deploy.stacks import StackState, read_stack

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
MADE_WITHIN = 600  # seconds
_NOTHING = ("didn't contain changes", "No updates are to be performed")


class ChangeSetRefused(Exception):
    """CloudFormation cannot make one of this template and these parameters; the text is why."""


@dataclass(frozen=True)
class ChangeSet:
    """`changes` is empty when the stack is as it should be already."""

    id: str
    stack: str
    changes: tuple[Change, ...]


def parameters(
    given: Mapping[str, str], known: frozenset[str], state: StackState | None
) -> list[dict[str, Any]]:
    """What is given; what is not stays as it is deployed, or is the template's default."""
    deployed = set() if state is None or state.is_new else set(state.parameters)
    kept = sorted((deployed & known) - set(given))
    return [
        *({"ParameterKey": key, "ParameterValue": given[key]} for key in sorted(given)),
        *({"ParameterKey": key, "UsePreviousValue": True} for key in kept),
    ]


def make(
    cloudformation: Any, name: str, state: StackState | None, arguments: Mapping[str, Any]
) -> ChangeSet:
    """Nothing of the stack is touched. Raises `ChangeSetRefused`, or what botocore raises."""
    new = state is None or state.is_new
    made = cloudformation.create_change_set(
        StackName=name,
        ChangeSetName=f"deploy-{datetime.now(UTC):%Y%m%dT%H%M%S%f}",
        ChangeSetType="CREATE" if new else "UPDATE",
        Capabilities=CAPABILITIES,
        **arguments,
    )
    told = _when_made(cloudformation, made["Id"])
    if told["Status"] == "FAILED":
        reason = told.get("StatusReason", "no reason given")
        take_back(cloudformation, ChangeSet(made["Id"], name, ()), new=new)
        if any(said in reason for said in _NOTHING):
            return ChangeSet(made["Id"], name, ())
        raise ChangeSetRefused(without_addresses(reason))
    return ChangeSet(made["Id"], name, read_changes(_all_changes(cloudformation, told)))


def execute(cloudformation: Any, change_set: ChangeSet, token: str) -> None:
    """Begins it. The token marks its events."""
    cloudformation.execute_change_set(ChangeSetName=change_set.id, ClientRequestToken=token)


def take_back(cloudformation: Any, change_set: ChangeSet, *, new: bool) -> None:
    """Leaves nothing behind: neither the change set nor, for a new stack, its empty shell.

    Somebody else may have made the stack meanwhile: it is looked at again."""
    cloudformation.delete_change_set(ChangeSetName=change_set.id)
    state = read_stack(cloudformation, change_set.stack) if new else None
    if state is not None and state.is_new:
        cloudformation.delete_stack(StackName=state.id)


def _when_made(cloudformation: Any, change_set_id: str) -> dict[str, Any]:
    pause = Pause(MADE_WITHIN)
    while True:
        told: dict[str, Any] = cloudformation.describe_change_set(ChangeSetName=change_set_id)
        if not told["Status"].endswith(("_PENDING", "_IN_PROGRESS")):
            return told
        if not pause():
            raise ChangeSetRefused("CloudFormation has not made the change set in ten minutes.")


def _all_changes(cloudformation: Any, told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Page by page: a description stops at 100 changes."""
    changes = list(told["Changes"])
    while token := told.get("NextToken"):
        told = cloudformation.describe_change_set(
            ChangeSetName=told["ChangeSetId"], NextToken=token
        )
        changes += told["Changes"]
    return changes
