"""`casereview restore`: what follows a restore of the table, before anything is sent again."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.times import say_time
from chalicelib.use_cases.resume_sending import assume_sent_before, due_before
from infra.casereview.arguments import Local, Stack, Which, Yes, read_instant
from infra.casereview.deliveries import KINDS
from infra.casereview.instance import connect, failures_told
from infra.casereview.refusals import ask, refuse_other_rules

app = typer.Typer(help="After a restore of the table.", no_args_is_help=True)


@app.callback()
def restore() -> None:
    """After a restore of the table."""


@app.command("assume-sent")
def assume_sent(
    before: Annotated[
        str,
        typer.Option(
            "--before",
            metavar="YYYY-MM-DDTHH:MM",
            help="When the failure was, in London time unless it has an offset.",
        ),
    ],
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    yes: Yes = False,
) -> None:
    """Take what had been due before the failure as sent.

    The restored table says that it waits: without this it would be sent again.
    """
    instant = read_instant(before)
    understood = f"{say_time(instant)} in London ({instant:%Y-%m-%dT%H:%M:%SZ})"
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        if not deps.settings.suspended:
            raise NotPossible(
                "Sending is not suspended: what waits is being sent. Suspend it first, by the"
                " parameter Sending, as docs/runbooks/restore.md says."
            )
        if instant > deps.clock.now():
            raise NotPossible(f"{understood} has not come yet. Give the time of the failure.")
        refuse_other_rules(deps)
        typer.echo(f"Before means: due by {understood}.")
        kinds = Counter(KINDS[row.kind] for row in due_before(deps, instant))
        if not kinds:
            typer.echo("No email that waits was due by then. Nothing to do.")
            return
        for kind, count in kinds.items():
            typer.echo(f"{kind}: {count}")
        ask("These wait, were due by then, and will never be sent. Go on?", yes=yes)
        count = assume_sent_before(deps, instant)
    typer.echo(f"Emails taken as sent: {count}. Sending is still suspended: resume it.")
