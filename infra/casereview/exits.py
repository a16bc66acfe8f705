"""How the command ends: 0 done, 1 refused or a person needed, 2 not understood, 3 not reached."""

from __future__ import annotations

from typing import NoReturn

import typer

REFUSED = 1  # the file has faults, or what was asked cannot be done; the text says what to do
NEEDS_PERSON = 1  # what was asked is done, and found what a person must look at
UNREACHED = 3  # no such stack, no running system, no credentials, or the store did not answer
# 2 is Typer's own, for what it cannot read: `typer.BadParameter` ends so.


def stop(message: str, code: int) -> NoReturn:
    """Tells on stderr why, and ends."""
    typer.echo(message, err=True)
    raise typer.Exit(code)
