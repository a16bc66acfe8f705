"""Which instance a command means, and where it is: its file says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Protocol

import typer

from infra.casereview.exits import REFUSED, stop
from infra.casereview.instance import Unreached, client
from infra.casereview.instances import InstanceError, instance_ids, load_instance
from infra.deploy.stacks import StackState, read_stack

InstanceId = Annotated[
    str, typer.Argument(metavar="INSTANCE", help="As in infra/instances: suffolk-dev.")
]


class Target(Protocol):
    """What a deployment reads of an instance's file."""

    @property
    def id(self) -> str: ...
    @property
    def partnership(self) -> str: ...
    @property
    def environment(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def stack_name(self) -> str: ...
    @property
    def streams(self) -> tuple[str, ...]: ...
    def parameters(self) -> Mapping[str, str]: ...
    def placeholders(self) -> tuple[str, ...]: ...


def target_named(instance_id: str) -> Target:
    """The instance; from here on this process calls AWS in its region. Exits with 1 when its file
    has faults."""
    try:
        return read_target(instance_id)
    except InstanceError as error:
        stop(str(error), REFUSED)


def read_target(instance_id: str) -> Target:
    """As `target_named`, but raises `InstanceError`, with a line for each fault."""
    target = load_instance(instance_id)
    aim_at(target.region)
    return target


def stack_meant(given: str | None) -> str | None:
    """What `--stack` was given: a stack's name as it is, or the stack of an instance by its id.

    An id also sets the region, as its file says. Exits with 1 when that has faults.
    """
    if given is None or given not in instance_ids():
        return given
    return target_named(given).stack_name


def aim_at(region: str) -> None:
    """Clients made from here on call this region, whatever the profile says."""
    os.environ["AWS_DEFAULT_REGION"] = region


def account() -> str:
    """The number of the account that the command's credentials belong to."""
    return str(client("sts").get_caller_identity()["Account"])


def require_stack(target: Target) -> StackState:
    """The instance's stack. Raises `Unreached` when there is none."""
    state = read_stack(client("cloudformation"), target.stack_name)
    if state is None:
        raise Unreached(
            f"There is no stack {target.stack_name} in {target.region}. Check the account you are"
            f" signed in to, or deploy it: casereview deploy {target.id}"
        )
    return state
