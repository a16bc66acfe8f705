"""`casereview people` and `casereview sign-out`: who has signed in, and ending their sessions."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.staff import Person
from chalicelib.referrals.times import say_time, to_text
from chalicelib.use_cases.staff_session import end_all_of
from infra.casereview.arguments import Json, Local, Stack, Which, Yes
from infra.casereview.case import As, actor_of
from infra.casereview.instance import connect, failures_told
from infra.casereview.refusals import ask
from infra.casereview.sheet import terminal

Signed = tuple[Person, datetime]


def people(
    stack: Stack = None, local: Local = False, partnership: Which = None, as_json: Json = False
) -> None:
    """Who has signed in within a year, as what, and when last."""
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        found = sorted(deps.sessions.people(), key=lambda row: (row[0].name.casefold(), row[0].id))
    if as_json:
        typer.echo(json.dumps([_entry(*row) for row in found], ensure_ascii=False, indent=2))
    elif found:
        terminal().print(_table(found))
    else:
        typer.echo("Nobody has signed in within the last year.")


def sign_out(
    person: Annotated[str, typer.Argument(help="Their id, as `casereview people` shows it.")],
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    who: As = None,
    yes: Yes = False,
) -> None:
    """End all sessions of somebody now.

    They can sign in again: disable their account at the identity provider first.
    """
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        found = next((row[0] for row in deps.sessions.people() if row[0].id == person), None)
        if found is None:
            raise NotPossible("Nobody with this id has signed in. See: casereview people")
        typer.echo(f"{found.name}: {_roles(found)}")
        ask(
            "Every session of theirs ends, and what they have not sent is not saved. Go on?",
            yes=yes,
        )
        end_all_of(deps, person, actor_of(who))
    typer.echo("Signed out everywhere. They can sign in again unless their account is disabled.")


def _entry(person: Person, at: datetime) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "roles": sorted(role.value for role in person.roles),
        "signed_in": to_text(at),
    }


def _table(found: list[Signed]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, leading=1)
    for column in ("Name and id", "Roles", "Last signed in"):
        table.add_column(column, overflow="fold")
    for person, at in found:
        cells = (f"{person.name}\n{person.id}", _roles(person), say_time(at))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _roles(person: Person) -> str:
    return ", ".join(sorted(role.value for role in person.roles)) or "no role"
