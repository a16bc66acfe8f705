"""`casereview deploy`: brings an instance to what was packaged, after showing what would change."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from infra.casereview.arguments import Yes
from infra.casereview.change_sheet import change_table, tags_only
from infra.casereview.deploy_plan import Plan, planned
from infra.casereview.deploy_settings import read_parameters
from infra.casereview.exits import REFUSED, stop
from infra.casereview.following import told_failure, watch
from infra.casereview.instance import client, failures_told
from infra.casereview.refusals import ask
from infra.casereview.sheet import terminal
from infra.casereview.smoke import smoke_deployed
from infra.casereview.targets import InstanceId, Target, target_named
from infra.casereview.twice import Confirm, require_said_twice
from infra.deploy.artifact import FOLDER, Artifact, NoArtifact, read_artifact
from infra.deploy.change_set import execute, take_back
from infra.deploy.changes import Change, Kind
from infra.deploy.stack_events import Ending, TakesTooLong
from infra.deploy.stacks import read_stack, why_not

ALLOW_LOSS = "--allow-loss"


def deploy(
    instance: InstanceId,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter", metavar="KEY=VALUE", help="Of the template; kept by later deployments."
        ),
    ] = None,
    package: Annotated[
        Path, typer.Option("--package", help="The folder that casereview package made.")
    ] = FOLDER,
    allow_loss: Annotated[
        bool, typer.Option(ALLOW_LOSS, help="Also replace or remove what holds data.")
    ] = False,
    confirm: Confirm = None,
    yes: Yes = False,
    no_smoke: Annotated[bool, typer.Option("--no-smoke", help="Do not look at it at the end.")] = (
        False
    ),
) -> None:
    """Deploy what was packaged. Shows what would change, and asks."""
    given = read_parameters(parameter or [])
    out = terminal()
    with failures_told():
        target = target_named(instance)
        artifact = _artifact(package)
        plan = planned(target, artifact, given)
        if plan.change_set.changes:
            _show(out, plan)
            _agree(plan, allow_loss=allow_loss, confirm=confirm, yes=yes)
            _execute(out, plan)
        else:
            out.print(f"{target.stack_name} is as it should be: nothing to change.")
        if plan.new:
            _finish(out, planned(target, artifact, given))
        _protect(target)
        if not no_smoke:
            smoke_deployed(target)


def _artifact(folder: Path) -> Artifact:
    try:
        return read_artifact(folder)
    except NoArtifact as error:
        stop(str(error), REFUSED)


def _show(out: Console, plan: Plan) -> None:
    changes = plan.change_set.changes
    what = "a new stack" if plan.new else "an update"
    out.print(Text(f"{plan.target.stack_name}, {plan.target.region}: {what}", style="bold"))
    if any(change.kind is not Kind.TAGGED for change in changes):
        out.print(change_table(changes))
    if count := tags_only(changes):
        out.print(f"Only their tags change: {count}.")


def _agree(plan: Plan, *, allow_loss: bool, confirm: str | None, yes: bool) -> None:
    """Ends, with nothing left behind, unless everything that must be said was said."""
    try:
        lost = [change for change in plan.change_set.changes if change.loses]
        if lost:
            require_said_twice(
                _warning(lost),
                plan.target.stack_name,
                option=ALLOW_LOSS,
                given=allow_loss,
                confirmed=confirm,
            )
        ask("Change it so?", yes=yes)
    except (typer.Exit, typer.Abort):
        take_back(client("cloudformation"), plan.change_set, new=plan.new)
        raise


def _warning(lost: list[Change]) -> str:
    named = ", ".join(f"{change.name} ({change.kind.value})" for change in lost)
    return (
        f"The instance would lose what cannot be made again: {named}."
        " A replaced table is an empty one; docs/runbooks/restore.md says how data moves."
    )


def _finish(out: Console, plan: Plan) -> None:
    """What a new stack could not be given at once: its data is protected from here on."""
    if plan.change_set.changes:
        out.print("Protecting what holds data from being deleted.")
        _execute(out, plan)


def _execute(out: Console, plan: Plan) -> None:
    cloudformation, token = client("cloudformation"), uuid.uuid4().hex
    name = plan.target.stack_name
    execute(cloudformation, plan.change_set, token)
    try:
        ending = watch(cloudformation, out, name, token)
    except TakesTooLong as error:
        stop(f"{error} casereview status {plan.target.id}", REFUSED)
    if not ending.good:
        stop(f"{told_failure(ending, name)}\n{_advice(ending, plan)}", REFUSED)
    out.print(Text(f"{name} is {ending.status}.", style="bold green"))


def _advice(ending: Ending, plan: Plan) -> str:
    """What a failure leaves, and what to do."""
    if plan.new:
        return (
            "Nothing of it serves. Mend what failed, delete what is left:"
            f" casereview destroy {plan.target.id}, and deploy again."
        )
    if ending.status == "UPDATE_ROLLBACK_COMPLETE":
        return "Everything is as it was before, and serves. Mend what failed, and deploy again."
    state = read_stack(client("cloudformation"), plan.target.stack_name)
    return why_not(state, plan.target.id) or f"Look at it: casereview status {plan.target.id}"


def _protect(target: Target) -> None:
    """A stack of prod cannot be deleted before somebody has said so by hand."""
    if target.environment != "prod":
        return
    cloudformation: Any = client("cloudformation")
    state = read_stack(cloudformation, target.stack_name)
    if state is not None and not state.protected:
        cloudformation.update_termination_protection(
            StackName=target.stack_name, EnableTerminationProtection=True
        )
