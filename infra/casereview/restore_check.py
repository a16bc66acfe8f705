"""`casereview restore-check`: what a table needs that a restore leaves out, and what it holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer
from rich.text import Text

from chalicelib.adapters.aws import aws_errors, error_code
from chalicelib.bootstrap import Services, services
from chalicelib.referrals.times import say_time
from infra.casereview.arguments import Json
from infra.casereview.exits import NEEDS_PERSON
from infra.casereview.instance import Unreached, client, connect, failures_told
from infra.casereview.sheet import terminal
from infra.casereview.targets import InstanceId, require_stack, target_named
from infra.casereview.waiting import disposals, survey

CASE = "CASE"
EXPIRES = "expires"


@dataclass(frozen=True)
class Held:
    """What a table holds: counts, and the references of cases that a restore is dangerous for.

    `disposals` are deleted when sending is on again, `conflicts` keep somebody out by their id.
    """

    counts: dict[str, int]
    disposals: tuple[str, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """Of one thing that a restore leaves out. `command` puts it right, where one does."""

    what: str
    good: bool
    command: str = ""


def restore_check(
    instance: InstanceId,
    table: Annotated[
        str | None, typer.Option("--table", help="The restored one, before a stack has taken it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Whether a table could be restored, or has all that it needs after that; what it would send.

    Changes nothing. Ends with 1 when something is missing.
    """
    with failures_told():
        target = target_named(instance)
        outputs = require_stack(target).outputs
        deps = connect(stack=target.stack_name, partnership=None, local=False)
        name = table or deps.settings.table_name
        found = [*table_findings(client("dynamodb"), name, outputs.get("TableKeyArn", ""))]
        if table:  # on its way to serve: until then nothing may be sent from it
            found.append(_suspension(deps, instance))
        holds = _holds(_reading(deps, name), name)
    _tell(name, found, holds, as_json=as_json)
    if not all(one.good for one in found):
        raise typer.Exit(NEEDS_PERSON)


def table_findings(dynamodb: Any, table: str, key: str) -> Iterator[Finding]:
    """What point-in-time recovery does not restore. Raises `Unreached` when there is no table."""
    told = _described(lambda: dynamodb.describe_table(TableName=table)["Table"], table)
    update = f"aws dynamodb update-table --table-name {table}"
    yield Finding(
        "deletion protection",
        bool(told.get("DeletionProtectionEnabled")),
        f"{update} --deletion-protection-enabled",
    )
    stream = told.get("StreamSpecification", {})
    yield Finding(
        "stream of keys",
        bool(stream.get("StreamEnabled")) and stream.get("StreamViewType") == "KEYS_ONLY",
        f"{update} --stream-specification StreamEnabled=true,StreamViewType=KEYS_ONLY",
    )
    encrypted = told.get("SSEDescription", {})
    yield Finding(
        "encryption by the instance's key",
        bool(key) and encrypted.get("KMSMasterKeyArn") == key,
        f"{update} --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId={key or 'KEY'}",
    )
    yield _expiry(dynamodb, table)
    yield _recovery(dynamodb, table)


def _expiry(dynamodb: Any, table: str) -> Finding:
    told = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    on = told.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
    return Finding(
        "expiry of drafts",
        on and told.get("AttributeName") == EXPIRES,
        f"aws dynamodb update-time-to-live --table-name {table}"
        f" --time-to-live-specification Enabled=true,AttributeName={EXPIRES}",
    )


def _recovery(dynamodb: Any, table: str) -> Finding:
    told = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = told.get("PointInTimeRecoveryDescription", {})
    latest = recovery.get("LatestRestorableDateTime")
    until = f", up to {say_time(latest)}" if latest else ""
    return Finding(
        f"point-in-time recovery{until}",
        recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
        f"aws dynamodb update-continuous-backups --table-name {table}"
        " --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true",
    )


def _suspension(deps: Services, instance: str) -> Finding:
    return Finding(
        "sending is suspended",
        deps.settings.suspended,
        f"casereview deploy {instance} --parameter Sending=suspended",
    )


def _reading(deps: Services, table: str) -> Services:
    """The same instance on the table that is meant."""
    return services(replace(deps.settings, table_name=table))


def _holds(deps: Services, table: str) -> Held:
    """Cases, and what would be sent: now, and in time."""
    counts, cases = survey(deps).counts(), _cases(client("dynamodb"), table)
    holds = {
        "cases": len(cases),
        "deliveries due": counts["waiting"],
        "reminders planned": counts["planned"],
        "failed": counts["failed"],
    }
    return held(deps, holds, cases)


def held(deps: Services, counts: dict[str, int], references: list[str]) -> Held:
    """Counts, with what a restore is dangerous for among some cases. Each is read."""
    cases = (deps.cases.find(reference) for reference in sorted(references))
    conflicts = tuple(case.reference for case in cases if case and case.work.barred)
    return Held(counts, tuple(row.reference for row in disposals(deps)), conflicts)


def _cases(dynamodb: Any, table: str) -> list[str]:
    """The references of all cases. The whole table is read."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        ProjectionExpression="pk",
        FilterExpression="sk = :case",
        ExpressionAttributeValues={":case": {"S": CASE}},
    )
    return [row["pk"]["S"].partition("#")[2] for page in pages for row in page["Items"]]


def _described(look: Callable[[], dict[str, Any]], table: str) -> dict[str, Any]:
    try:
        return look()
    except aws_errors() as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise Unreached(
            f"There is no table {table}. The restore makes it: docs/runbooks/restore.md"
        ) from None


def _tell(table: str, found: list[Finding], holds: Held, *, as_json: bool) -> None:
    if as_json:
        checks = [{"what": o.what, "good": o.good, "command": o.command} for o in found]
        document = {"table": table, "checks": checks, "holds": holds.counts}
        document |= {"disposals": holds.disposals, "conflicts": holds.conflicts}
        typer.echo(json.dumps(document, indent=2))
        return
    out = terminal()
    out.print(Text(table, style="bold"))
    for one in found:
        mark, style = ("good", "green") if one.good else ("BAD ", "bold red")
        out.print(Text.assemble((f"{mark}  ", style), one.what))
    for one in found:
        if not one.good:
            typer.echo(f"\n{one.what}:\n  {one.command}")
    counts = ", ".join(f"{name} {count}" for name, count in holds.counts.items())
    out.print(Text(f"Holds: {counts}."))
    for what, references in _dangers(holds):
        typer.echo(f"\n{what}")
        for reference in references:
            typer.echo(f"  {reference}")


def _dangers(holds: Held) -> Iterator[tuple[str, tuple[str, ...]]]:
    if holds.disposals:
        yield "Approved to be deleted, as soon as sending is on:", holds.disposals
    if holds.conflicts:
        yield "Somebody is kept out by their id, which another user pool changes:", holds.conflicts
