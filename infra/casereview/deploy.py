"""`casereview deploy`: brings an instance to what was packaged, after showing what would change."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from chalicelib.adapters.aws import aws_errors, error_code, is_temporary
from infra.casereview.arguments import Json, Yes
from infra.casereview.change_sheet import change_sheet
from infra.casereview.deploy_mailboxes import NO_MAILBOX
from infra.casereview.deploy_package import package_in
from infra.casereview.deploy_plan import Plan, planned
from infra.casereview.deploy_report import Document, ending_document, plan_document, reporting
from infra.casereview.deploy_settings import read_parameters
from infra.casereview.exits import REFUSED, UNREACHED, stop
from infra.casereview.following import told_failure, watch_to_the_end
from infra.casereview.instance import client, failures_told
from infra.casereview.refusals import ask
from infra.casereview.sheet import terminal
from infra.casereview.smoke import smoke_deployed
from infra.casereview.targets import InstanceId, Target, target_named
from infra.casereview.twice import Confirm, require_said_twice
from infra.deploy.artifact import FOLDER
from infra.deploy.change_set import execute, take_back
from infra.deploy.changes import Change
from infra.deploy.stack_events import Ending
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
    no_mailbox: Annotated[
        bool, typer.Option(NO_MAILBOX, help="A new dev instance whose emails reach nobody.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Deploy what was packaged. Shows what would change, and asks."""
    given = read_parameters(parameter or [])
    out = terminal()
    with failures_told(), reporting(as_json=as_json, yes=yes) as document:
        target = target_named(instance)
        artifact = package_in(package)
        plan = planned(target, artifact, given, no_mailbox=no_mailbox)
        document |= plan_document(plan)
        if plan.change_set.changes:
            _show(out, plan)
            _agree(plan, allow_loss=allow_loss, confirm=confirm, yes=yes)
            _execute(out, plan, document)
        else:
            out.print(f"{target.stack_name} is as it should be: nothing to change.")
        with _unprotected_told(plan):
            if plan.new:
                again = planned(target, artifact, given, no_mailbox=no_mailbox)
                _finish(out, again, document)
            _protect(target)
        if not no_smoke:
            document["smoke"] = False
            smoke_deployed(target, artifact)
            document["smoke"] = True


def _show(out: Console, plan: Plan) -> None:
    what = "a new stack" if plan.new else "an update"
    out.print(Text(f"{plan.target.stack_name}, {plan.target.region}: {what}", style="bold"))
    for part in change_sheet(plan.change_set.changes, plan.parameters):
        out.print(part)


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


@contextmanager
def _unprotected_told(plan: Plan) -> Iterator[None]:
    """Whatever ends the block early, nobody takes what is there for protected."""
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            what = "its data is" if plan.new else "it is"
            typer.echo(
                f"{plan.target.stack_name} is deployed, and {what} NOT yet protected from being"
                f" deleted. This does it: casereview deploy {plan.target.id}",
                err=True,
            )


def _finish(out: Console, plan: Plan, document: Document) -> None:
    """What a new stack could not be given at once: its data is protected from here on."""
    if plan.change_set.changes:
        out.print("Protecting what holds data from being deleted.")
        _execute(out, plan, document)


def _execute(out: Console, plan: Plan, document: Document) -> None:
    cloudformation, token = client("cloudformation"), uuid.uuid4().hex
    name = plan.target.stack_name
    try:
        execute(cloudformation, plan.change_set, token)
    except aws_errors() as error:
        if not is_temporary(error):
            raise
        said = f"AWS did not answer when it was told to begin ({error_code(error)}): it may have."
        stop(f"{said} {_later(plan)}", UNREACHED)
    ending = watch_to_the_end(cloudformation, out, name, token, later=_later(plan))
    document |= ending_document(ending)
    if not ending.good:
        stop(f"{told_failure(ending, name)}\n{_advice(ending, plan)}", REFUSED)
    out.print(Text(f"{name} is {ending.status}.", style="bold green"))


def _later(plan: Plan) -> str:
    """What to do about a deployment whose end was not seen."""
    look = f"Look: casereview status {plan.target.id}."
    if not plan.new:
        return look
    return (
        f"{look} When the stack is CREATE_COMPLETE, deploy again: until then its data is not"
        " protected from being deleted."
    )


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
