"""`casereview logs`: what the functions of an instance did, in their own fixed words."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from chalicelib.adapters.aws import aws_errors, error_code
from chalicelib.referrals.times import london
from infra.casereview.arguments import Json
from infra.casereview.instance import Unreached, client, failures_told
from infra.casereview.log_lines import as_text, shown
from infra.casereview.targets import InstanceId, target_named

FUNCTION = "AWS::Lambda::Function"
AGAIN = 3  # seconds between two looks
# CloudWatch shows a line some seconds late: each look begins that long before the last.
OVERLAP_MS = 15_000
_SINCE = re.compile(r"(\d{1,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class LogLine:
    """`at` in milliseconds since 1970, as CloudWatch counts."""

    id: str
    at: int
    function: str
    fields: Mapping[str, Any]


def logs(
    instance: InstanceId,
    function: Annotated[
        str | None, typer.Option("--function", help="One of them: APIHandler, Deliver, Remind ...")
    ] = None,
    since: Annotated[str, typer.Option("--since", help="30m, 1h, 2d.")] = "1h",
    follow: Annotated[bool, typer.Option("--follow", help="Go on until Ctrl-C.")] = False,
    as_json: Json = False,
) -> None:
    """What the functions logged: fixed events and ids, in London time."""
    begin = datetime.now(UTC) - read_since(since)
    with failures_told():
        target = target_named(instance)
        groups = log_groups(client("cloudformation"), target.stack_name, function)
        start, seen = int(begin.timestamp() * 1000), set[str]()
        while True:
            lines = [one for one in _lines(client("logs"), groups, start) if one.id not in seen]
            for line in lines:
                typer.echo(_said(line, as_json=as_json))
            seen |= {one.id for one in lines}
            if not follow:
                return
            start = max([start, *(one.at - OVERLAP_MS for one in lines)])
            time.sleep(AGAIN)


def read_since(text: str) -> timedelta:
    """`30m`, `1h`, `2d`. Exits with 2."""
    found = _SINCE.fullmatch(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is no duration. Write 30m, 1h or 2d.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def log_groups(cloudformation: Any, stack: str, only: str | None) -> dict[str, str]:
    """Log group by function, as the template names it. Raises `Unreached`. Exits with 2 when there
    is no such function."""
    try:
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        found = {
            one["LogicalResourceId"]: f"/aws/lambda/{one['PhysicalResourceId']}"
            for page in pages
            for one in page["StackResourceSummaries"]
            if one["ResourceType"] == FUNCTION
        }
    except aws_errors() as error:
        if error_code(error) != "ValidationError":
            raise
        raise Unreached(f"There is no stack {stack}. Deploy it first.") from None
    if only is None:
        return found
    chosen = {name: group for name, group in found.items() if name.lower() == only.lower()}
    if not chosen:
        raise typer.BadParameter(f"there is no function {only!r}. There are: {', '.join(found)}.")
    return chosen


def _lines(cloudwatch_logs: Any, groups: Mapping[str, str], start: int) -> Sequence[LogLine]:
    found = (
        line
        for name, group in groups.items()
        for line in _of_group(cloudwatch_logs, name, group, start)
    )
    return sorted(found, key=lambda line: line.at)


def _of_group(cloudwatch_logs: Any, name: str, group: str, start: int) -> Iterator[LogLine]:
    pages = cloudwatch_logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=start
    )
    for page in pages:
        for event in page["events"]:
            fields = shown(event["message"])
            if fields:
                at = event["timestamp"]
                yield LogLine(event.get("eventId") or f"{at} {fields}", at, name, fields)


def _said(line: LogLine, *, as_json: bool) -> str:
    at = datetime.fromtimestamp(line.at / 1000, UTC)
    if as_json:
        told = {"at": at.isoformat(), "function": line.function, **line.fields}
        return json.dumps(told, ensure_ascii=False)
    return f"{at.astimezone(london()):%d %b %H:%M:%S}  {line.function:<10}  {as_text(line.fields)}"
