"""`casereview destroy`: deletes an instance's stack. Its data is kept, and what is kept is told."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from chalicelib.adapters.aws import aws_errors, error_code
from infra.casereview.arguments import Json, Yes
from infra.casereview.deploy_report import Document, ending_document, reporting
from infra.casereview.exits import REFUSED, stop
from infra.casereview.following import told_failure, watch_to_the_end
from infra.casereview.instance import client, failures_told
from infra.casereview.refusals import ask
from infra.casereview.sheet import terminal
from infra.casereview.targets import InstanceId, target_named
from infra.casereview.twice import Confirm, require_said_twice
from infra.deploy.stacks import StackState, read_stack

EVEN_WITH_DATA = "--even-with-data"
RETAINED = frozenset({"Retain", "RetainExceptOnCreate"})
TABLE = "AWS::DynamoDB::Table"
_CHARGED = {
    TABLE: "charged for what it holds and for its backups, by the gigabyte and month",
    "AWS::KMS::Key": "charged by the month; without it nobody can read the table",
    "AWS::Cognito::UserPool": "charged for who signs in: for nobody, now",
    "AWS::Logs::LogGroup": "charged for what it holds, until that expires",
    "AWS::SES::EmailIdentity": "not charged; other instances may send with it",
}


@dataclass(frozen=True)
class Kept:
    """A resource that outlives its stack."""

    type: str
    name: str


def destroy(
    instance: InstanceId,
    even_with_data: Annotated[
        bool, typer.Option(EVEN_WITH_DATA, help="Although its table holds something.")
    ] = False,
    confirm: Confirm = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete an instance's stack. Its table, key and accounts are kept, and nothing is emptied.

    Its log groups and the staff's groups go."""
    with failures_told(), reporting(as_json=as_json, yes=yes) as document:
        target = target_named(instance)
        document |= {"instance": target.id, "stack": target.stack_name, "region": target.region}
        state = read_stack(client("cloudformation"), target.stack_name)
        document |= {"status": state and state.status, "kept": []}
        if state is None:
            typer.echo(f"There is no stack {target.stack_name} in {target.region}: nothing to do.")
            return
        _refuse_protected(state)
        kept = kept_of(client("cloudformation"), state.name)
        if has_data(client("dynamodb"), kept):
            require_said_twice(
                f"The table of {state.name} holds data. It would be kept, and nothing would serve"
                " it: no page, no email, no reminder.",
                state.name,
                option=EVEN_WITH_DATA,
                given=even_with_data,
                confirmed=confirm,
            )
        ask(f"Delete the stack {state.name}?", yes=yes)
        document["kept"] = [{"type": one.type, "name": one.name} for one in kept]
        _delete(state, target.id, document)
        tell_kept(kept)


def kept_of(cloudformation: Any, stack: str) -> list[Kept]:
    """What the stack's deployed template says to keep, and there is."""
    found = cloudformation.get_template(StackName=stack, TemplateStage="Processed")
    body = found["TemplateBody"]
    resources = (json.loads(body) if isinstance(body, str) else body).get("Resources", {})
    keep = {name for name, one in resources.items() if one.get("DeletionPolicy") in RETAINED}
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return [
        Kept(one["ResourceType"], one["PhysicalResourceId"])
        for page in pages
        for one in page["StackResourceSummaries"]
        if one["LogicalResourceId"] in keep
        and one.get("PhysicalResourceId")
        and one["ResourceStatus"] != "DELETE_COMPLETE"
    ]


def has_data(dynamodb: Any, kept: list[Kept]) -> bool:
    """Whether any of the tables holds a row. A count that AWS keeps would be hours old."""
    return any(_holds_a_row(dynamodb, one.name) for one in kept if one.type == TABLE)


def tell_kept(kept: list[Kept]) -> None:
    if not kept:
        typer.echo("Nothing of it is left.")
        return
    typer.echo("Kept, in your account:")
    for one in kept:
        charged = _CHARGED.get(one.type, "see docs/cost.md for what it costs")
        typer.echo(f"  {one.type.removeprefix('AWS::')} {one.name}: {charged}")
    typer.echo("docs/runbooks/restore.md says how another stack takes the table.")


def _refuse_protected(state: StackState) -> None:
    if state.protected:
        stop(
            f"{state.name} is protected from deletion. If it must go, somebody takes the protection"
            " away first: aws cloudformation update-termination-protection"
            f" --no-enable-termination-protection --stack-name {state.name}",
            REFUSED,
        )


def _holds_a_row(dynamodb: Any, table: str) -> bool:
    try:
        return bool(dynamodb.scan(TableName=table, Limit=1)["Items"])
    except aws_errors() as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        return False


def _delete(state: StackState, instance_id: str, document: Document) -> None:
    cloudformation, token = client("cloudformation"), uuid.uuid4().hex
    cloudformation.delete_stack(StackName=state.name, ClientRequestToken=token)
    later = (
        f"Look: casereview status {instance_id}. If the stack is still there when it has stopped,"
        " give this command again."
    )
    ending = watch_to_the_end(cloudformation, terminal(), state.id, token, later=later)
    document |= ending_document(ending)
    if not ending.good:
        stop(
            f"{told_failure(ending, state.name)}\nMend what failed, and give the command again:"
            " what was deleted stays deleted.",
            REFUSED,
        )
    typer.echo(f"{state.name} is deleted.")
