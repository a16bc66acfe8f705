"""`casereview status`: how instances are, a row each, and what of them needs a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from chalicelib.adapters.aws import aws_errors, error_code
from chalicelib.referrals.times import say_time
from chalicelib.use_cases.ports import StoreBusy
from infra.casereview.arguments import Json
from infra.casereview.exits import NEEDS_PERSON
from infra.casereview.instance import Unreached, failures_told
from infra.casereview.instances import instance_ids
from infra.casereview.sheet import terminal
from infra.casereview.targets import target_named
from infra.casereview.vital_signs import NOT_DEPLOYED, VitalSigns, vital_signs

_SHORT = 8  # of a commit or a digest


def status(
    instance: Annotated[
        str | None, typer.Argument(metavar="[INSTANCE]", help="As in infra/instances.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every instance that has a file.")] = False,
    as_json: Json = False,
) -> None:
    """How an instance is, or all of them.

    Ends with 1 when something needs a person.
    """
    if every == (instance is not None):
        raise typer.BadParameter("say which instance: its id, or --all.")
    if instance is not None:
        with failures_told():
            found = [vital_signs(target_named(instance))]
    else:
        found = [_or_why_not(one) for one in instance_ids()]
    if as_json:
        document = [_document(one) for one in found]
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _show(found)
    if any(one.for_a_person() for one in found):
        raise typer.Exit(NEEDS_PERSON)


def _or_why_not(instance: str) -> VitalSigns:
    """One that cannot be reached must not hide the others."""
    try:
        return vital_signs(target_named(instance))
    except (Unreached, StoreBusy):
        return VitalSigns(instance, "not reached")
    except aws_errors() as error:
        return VitalSigns(instance, f"not reached ({error_code(error)})")


def _show(found: Sequence[VitalSigns]) -> None:
    out = terminal()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, leading=1)
    for heading in ("Instance", "Stack", "Deployed", "Sending", "Heartbeat", "Needs a person"):
        table.add_column(heading, overflow="fold")
    for one in found:
        person = "\n".join(one.for_a_person())
        style = "bold red" if person else "green"
        cells = (one.id, one.stack, _deployed(one), _sending(one), _age(one.heartbeat))
        table.add_row(*(Text(cell) for cell in cells), Text(person or "nothing", style=style))
    out.print(table)


def _deployed(one: VitalSigns) -> str:
    if one.deployed_at is None:
        return ""
    marks = f"{one.commit[:_SHORT]} {one.digest[:_SHORT]}".strip()
    return f"{say_time(one.deployed_at)}\n{marks}"


def _sending(one: VitalSigns) -> str:
    if one.stack == NOT_DEPLOYED or not one.health:
        return ""
    return "suspended" if one.suspended else "on"


def _age(age: timedelta | None) -> str:
    return "not known" if age is None else f"{int(age.total_seconds() // 60)} min ago"


def _document(one: VitalSigns) -> dict[str, Any]:
    plain = replace(one, deployed_at=None, heartbeat=None)
    return {
        **{name: getattr(plain, name) for name in VitalSigns.__dataclass_fields__},
        "alarms": list(one.alarms),
        "deployed_at": one.deployed_at and one.deployed_at.isoformat(),
        "heartbeat": one.heartbeat and int(one.heartbeat.total_seconds()),
        "needs_person": list(one.for_a_person()),
    }
