"""`casereview deliveries`: what has not been delivered, and what of it needs a person."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from chalicelib.referrals.delivery import Delivery, Kind
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.reminders import rule_of
from chalicelib.referrals.times import london, to_text
from infra.casereview.arguments import Json, Local, Stack, Which
from infra.casereview.exits import NEEDS_PERSON
from infra.casereview.instance import connect, failures_told
from infra.casereview.sheet import terminal
from infra.casereview.waiting import (
    ESCALATED,
    FAILED,
    PLANNED,
    RECEIPTS,
    UNCONFIRMED,
    UNREADABLE,
    WAITING,
    Waiting,
    since,
    survey,
)

KINDS = {
    Kind.TEAM_EMAIL: "email to the team",
    Kind.RECEIPT_EMAIL: "receipt",
    Kind.SCHEDULES: "making schedules",
    Kind.REMINDER_EMAIL: "reminder",
    Kind.DISPOSAL: "deleting a case",
    Kind.ADDED_EMAIL: "email to the team: information added",
}
_MEANS = {
    FAILED: "refused for good, not tried any more: casereview redrive, or give-up",
    ESCALATED: "has failed for over five hours, still tried every hour",
    UNCONFIRMED: "sent, and not heard to have arrived in time: ask the team, then give-up",
    UNREADABLE: "not understood by this version of the system: docs/runbooks/needs-person.md",
    RECEIPTS: "the sender has no copy by email, nothing else is amiss: redrive, or give-up",
    WAITING: "being tried",
    PLANNED: "reminders whose time has not come",
}


def deliveries(
    stack: Stack = None, local: Local = False, partnership: Which = None, as_json: Json = False
) -> None:
    """What has not been delivered, and why.

    Ends with 1 when something needs a person.
    """
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        found = survey(deps)
    if as_json:
        document = _document(found, suspended=deps.settings.suspended)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _show(found, suspended=deps.settings.suspended)
    if found.needing_a_person() or found.unreadable:
        raise typer.Exit(NEEDS_PERSON)


def _document(found: Waiting, *, suspended: bool) -> dict[str, Any]:
    counts = found.counts()
    return {
        "suspended": suspended,
        "counts": {name: counts[name] for name in _MEANS},
        "needs_person": [_entry(row, why) for why, row in found.needing_a_person()],
        "unreadable": list(found.unreadable),
        "receipts": [_entry(row, RECEIPTS) for row in found.receipts],
        "waiting": [_entry(row, WAITING) for row in found.waiting],
    }


def _entry(row: Delivery, why: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "reference": row.reference,
        "stream": row.stream,
        "kind": row.kind.value,
        "reminder": row.reminder,
        "why": why,
        "state": row.state.value,
        "attempts": row.attempts,
        "since": to_text(since(row)),
        "code": row.code,
        "heard": None if row.feedback is None else row.feedback.value,
    }


def _show(found: Waiting, *, suspended: bool) -> None:
    out = terminal()
    if suspended:
        out.print(Text("Sending is suspended.", style="bold red"), end="\n\n")
    waiting = [(WAITING, row) for row in found.waiting]
    receipts = [("failed", row) for row in found.receipts]
    tables = (
        ("Needs a person", found.needing_a_person()),
        ("Not received", receipts),
        ("Waits", waiting),
    )
    for heading, entries in tables:
        if entries:
            out.print(_table(heading, entries))
            out.print()
    for delivery_id in found.unreadable:
        out.print(Text(f"Cannot be read: {delivery_id}"))
    counts = found.counts()
    for name, meaning in _MEANS.items():
        if counts[name]:
            out.print(Text(f"{counts[name]} {name}: {meaning}."))
    if not any(counts.values()):
        out.print(Text("Everything is delivered."))


def _table(heading: str, entries: Iterable[tuple[str, Delivery]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, leading=1)
    table.add_column(heading, no_wrap=True)
    table.add_column("What")
    table.add_column("State", no_wrap=True)
    table.add_column("Since", no_wrap=True)
    table.add_column("Error, heard back", overflow="fold")
    for why, row in entries:
        tries = "1 attempt" if row.attempts == 1 else f"{row.attempts} attempts"
        silent = row.feedback in (None, Feedback.UNCONFIRMED)
        heard = "" if silent else f"heard: {row.feedback}"
        said = "\n".join(line for line in (row.code, heard) if line)
        cells = (row.reference, _what(row), f"{why}\n{tries}", _local(since(row)), said)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _what(row: Delivery) -> str:
    rule = rule_of(row.reminder) if row.reminder else ""
    return f"{KINDS[row.kind]}\n{rule}".rstrip()


def _local(instant: datetime) -> str:
    local = instant.astimezone(london())
    return f"{local.day} {local:%b %Y}\n{local:%H:%M}"
