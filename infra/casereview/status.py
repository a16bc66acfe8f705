"""`casereview status`: how instances are, a row each, and what of them needs a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from chalicelib.adapters.aws import aws_errors, error_code
from chalicelib.referrals.partnership import PartnershipError
from chalicelib.referrals.times import say_time
from chalicelib.use_cases.ports import StoreBusy
from infra.casereview.arguments import Json
from infra.casereview.exits import NEEDS_PERSON
from infra.casereview.instance import Unreached, failures_told, what_to_do
from infra.casereview.instances import InstanceError, instance_ids
from infra.casereview.sheet import terminal
from infra.casereview.targets import read_target, target_named
from infra.casereview.vital_signs import (
    LOOKED_BACK,
    NOT_ASKED,
    NOT_DEPLOYED,
    VitalSigns,
    vital_signs,
)

NOT_KNOWN, NOT_REACHED = "not known", "not reached"
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
        found = _all_of_them()
    if as_json:
        document = [_document(one) for one in found]
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _show(found)
    if any(one.for_a_person() for one in found):
        raise typer.Exit(NEEDS_PERSON)


def _all_of_them() -> list[VitalSigns]:
    """A row each, and below them, once, what to do about what AWS refused."""
    advice: dict[str, None] = {}
    found = [_or_why_not(one, advice) for one in instance_ids()]
    for said in advice:
        typer.echo(said, err=True)
    return found


def _or_why_not(instance: str, advice: dict[str, None]) -> VitalSigns:
    """One that has a fault or cannot be reached must not hide the others."""
    try:
        return vital_signs(read_target(instance))
    except InstanceError as error:
        return VitalSigns(instance, NOT_KNOWN, faults=tuple(str(error).splitlines()))
    except (Unreached, PartnershipError) as error:
        return VitalSigns(instance, NOT_REACHED, faults=(str(error),))
    except StoreBusy:
        return VitalSigns(instance, NOT_REACHED, faults=("the store does not answer: try again",))
    except aws_errors() as error:
        advice[what_to_do(error)] = None
        return VitalSigns(instance, NOT_REACHED, faults=(f"not reached: {error_code(error)}",))


def _show(found: Sequence[VitalSigns]) -> None:
    out = terminal()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, leading=1)
    for heading in ("Instance", "Stack", "Deployed", "Sending", "Heartbeat", "Needs a person"):
        table.add_column(heading, overflow="fold")
    for one in found:
        person = "\n".join(one.for_a_person())
        style = "bold red" if person else "green"
        cells = (one.id, one.stack, _deployed(one), _sending(one), _heartbeat(one))
        table.add_row(*(Text(cell) for cell in cells), Text(person or "nothing", style=style))
    out.print(table)


def _deployed(one: VitalSigns) -> str:
    if one.deployed_at is None:
        return ""
    marks = f"{one.commit[:_SHORT]} {one.digest[:_SHORT]}".strip()
    return f"{say_time(one.deployed_at)}\n{marks}"


def _sending(one: VitalSigns) -> str:
    if not _looked_at(one):
        return ""
    return "suspended" if one.suspended else "on"


def _heartbeat(one: VitalSigns) -> str:
    if not _looked_at(one):
        return ""
    if one.heartbeat is None:
        hours = int(LOOKED_BACK.total_seconds() // 3600)
        return "not yet" if one.young else f"none for {hours} hours"
    return f"{int(one.heartbeat.total_seconds() // 60)} min ago"


def _looked_at(one: VitalSigns) -> bool:
    return one.stack != NOT_DEPLOYED and one.health not in ("", NOT_ASKED)


def _document(one: VitalSigns) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in VitalSigns.__dataclass_fields__},
        **{name: list(getattr(one, name)) for name in ("alarms", "nobody", "faults")},
        "deployed_at": one.deployed_at and one.deployed_at.isoformat(),
        "heartbeat": one.heartbeat and int(one.heartbeat.total_seconds()),
        "needs_person": list(one.for_a_person()),
    }
