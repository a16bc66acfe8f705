"""`casereview calendar`: the bank holidays that deadlines skip, and how long they are known."""

from __future__ import annotations

from typing import Annotated

import typer

from chalicelib.referrals.clocks import clocks_of
from chalicelib.referrals.times import say_date
from chalicelib.referrals.working_days import calendar_warning, known_until
from infra.casereview.arguments import checked_partnership, today


def calendar(
    partnership: Annotated[str, typer.Argument(help="A folder below forms/partnerships.")],
) -> None:
    """The bank holidays that are skipped.

    Those to come, and the day up to which they are known.
    """
    chosen = checked_partnership(partnership)
    working = clocks_of(chosen, "", "").calendar
    for day in sorted(day for day in working.holidays if day >= today()):
        typer.echo(f"{say_date(day)}: {working.holiday(day)}")
    typer.echo(f"Known up to {say_date(known_until())}.")
    warning = calendar_warning(today())
    if warning:
        typer.echo(warning, err=True)
