"""What a deployment would do: the package is uploaded, the change set made, nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import typer

from infra.casereview.deploy_mailboxes import require_mailboxes
from infra.casereview.deploy_package import refuse_package
from infra.casereview.deploy_settings import settings, tags
from infra.casereview.exits import REFUSED, stop
from infra.casereview.instance import client
from infra.casereview.targets import Target, account
from infra.deploy.artifact import Artifact
from infra.deploy.artifacts_bucket import template_argument, upload
from infra.deploy.change_set import ChangeSet, ChangeSetRefused, make, parameters
from infra.deploy.stacks import StackState, read_stack, why_not
from infra.deploy.template_parameters import ParameterChange, parameter_changes, parameter_faults


@dataclass(frozen=True)
class Plan:
    """A deployment that can begin: what is deployed where, and what that changes.

    `parameters` is empty for a new stack."""

    target: Target
    state: StackState | None
    change_set: ChangeSet
    parameters: tuple[ParameterChange, ...] = ()

    @property
    def new(self) -> bool:
        return _is_new(self.state)


def planned(
    target: Target, artifact: Artifact, given: Mapping[str, str], *, no_mailbox: bool = False
) -> Plan:
    """Exits with 1 when it cannot begin."""
    cloudformation = client("cloudformation")
    refuse_package(target, artifact, cloudformation.meta.endpoint_url)
    state = read_stack(cloudformation, target.stack_name)
    refusal = why_not(state, target.id)
    if refusal:
        stop(refusal, REFUSED)
    if state is not None and state.drifted:
        typer.echo(
            f"{target.stack_name} was changed by hand: what you see below may undo that.", err=True
        )
    wanted = _wanted(target, artifact, given, state, no_mailbox=no_mailbox)
    changes = parameter_changes(state.parameters, wanted) if state and not state.is_new else ()
    if is_deployed(artifact, wanted, state):
        return Plan(target, state, ChangeSet("", target.stack_name, ()))
    arguments = {
        "Parameters": parameters(wanted, artifact.parameters(), state),
        "Tags": tags(target, artifact, state),
        **_template(artifact),
    }
    try:
        return Plan(
            target, state, make(cloudformation, target.stack_name, state, arguments), changes
        )
    except ChangeSetRefused as error:
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


def _wanted(
    target: Target,
    artifact: Artifact,
    given: Mapping[str, str],
    state: StackState | None,
    *,
    no_mailbox: bool,
) -> dict[str, str]:
    """The parameters to send, looked at before anything leaves this machine."""
    new = _is_new(state)
    wanted = settings(target, given, artifact.parameters(), new=new)
    require_mailboxes(target, wanted, new=new, waived=no_mailbox)
    deployed = state.parameters if state is not None and not new else {}
    faults = parameter_faults(artifact.template, wanted, deployed)
    if faults:
        stop("\n".join(["This cannot be deployed:", *faults]), REFUSED)
    return wanted


def _is_new(state: StackState | None) -> bool:
    return state is None or state.is_new


def _template(artifact: Artifact) -> dict[str, str]:
    s3, number = client("s3"), account()
    bucket = upload(s3, number, artifact)
    body = artifact.template_with_code(bucket)
    return template_argument(s3, number, bucket, artifact, body)
