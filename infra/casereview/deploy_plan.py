"""What a deployment would do: the package is uploaded, the change set made, nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import typer

from infra.casereview.deploy_settings import settings, tags
from infra.casereview.exits import REFUSED, stop
from infra.casereview.instance import client
from infra.casereview.targets import Target, account
from infra.deploy.artifact import Artifact
from infra.deploy.artifacts_bucket import template_argument, upload
from infra.deploy.change_set import ChangeSet, ChangeSetRefused, make, parameters
from infra.deploy.stacks import StackState, read_stack, why_not


@dataclass(frozen=True)
class Plan:
    """A deployment that can begin: what is deployed where, and what that changes."""

    target: Target
    state: StackState | None
    change_set: ChangeSet

    @property
    def new(self) -> bool:
        return _is_new(self.state)


def planned(target: Target, artifact: Artifact, given: Mapping[str, str]) -> Plan:
    if artifact.dirty and target.environment == "prod":
        stop(
            "This package was built with changes that no commit has: nobody could build it again."
            " Commit them, and package again.",
            REFUSED,
        )
    cloudformation = client("cloudformation")
    state = read_stack(cloudformation, target.stack_name)
    refusal = why_not(state, target.id)
    if refusal:
        stop(refusal, REFUSED)
    if state is not None and state.drifted:
        typer.echo(
            f"{target.stack_name} was changed by hand: what you see below may undo that.", err=True
        )
    try:
        wanted = settings(target, given, artifact.parameters(), new=_is_new(state))
        told = parameters(wanted, artifact.parameters(), state)
        if is_deployed(artifact, wanted, state):
            return Plan(target, state, ChangeSet("", target.stack_name, ()))
        arguments = {
            "Parameters": told,
            "Tags": tags(target, artifact, state),
            **_template(artifact),
        }
        return Plan(target, state, make(cloudformation, target.stack_name, state, arguments))
    except (ValueError, ChangeSetRefused) as error:
        stop(f"This cannot be deployed: {error}", REFUSED)


def is_deployed(artifact: Artifact, wanted: Mapping[str, str], state: StackState | None) -> bool:
    """Whether this very package is deployed with these parameters. A change set would not say so:
    it deploys the API anew each time (infra/stack/api.yaml)."""
    return (
        state is not None
        and state.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        and not state.drifted
        and state.tags.get("digest") == artifact.digest
        and all(state.parameters.get(key) == value for key, value in wanted.items())
    )


def _is_new(state: StackState | None) -> bool:
    return state is None or state.is_new


def _template(artifact: Artifact) -> dict[str, str]:
    s3, number = client("s3"), account()
    bucket = upload(s3, number, artifact)
    body = artifact.template_with_code(bucket)
    return template_argument(s3, number, bucket, artifact, body)
