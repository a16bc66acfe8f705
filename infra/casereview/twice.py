"""What is only done when it was said twice: by an option, and by the stack's name."""

from __future__ import annotations

from typing import Annotated

import typer

from infra.casereview.exits import REFUSED, stop

Confirm = Annotated[
    str | None,
    typer.Option("--confirm", metavar="STACK", help="The stack's name, instead of typing it."),
]


def require_said_twice(
    warning: str, stack: str, *, option: str, given: bool, confirmed: str | None
) -> None:
    """Goes on when the option was given and the stack's name is; otherwise ends, nothing done."""
    typer.echo(warning, err=True)
    if not given:
        stop(f"Nothing was done. If you mean it, say so twice: {option} --confirm {stack}", REFUSED)
    if confirmed is None:
        confirmed = typer.prompt(f"Type the stack's name to go on ({stack})", default="", err=True)
    if confirmed != stack:
        stop(f"That is not {stack}. Nothing was done.", REFUSED)
