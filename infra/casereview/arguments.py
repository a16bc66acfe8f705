"""What several commands take: which instance, partnerships, dates and instants as typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from chalicelib.referrals.partnership import Partnership, load_partnership
from chalicelib.referrals.times import local_date, london
from infra.casereview.exits import REFUSED, stop
from infra.paths import FORMS


def _stack(given: str | None) -> str | None:
    """Here, as `--help` should not wait for what reads the instances' files."""
    from infra.casereview.targets import stack_meant

    return stack_meant(given)


Stack = Annotated[
    str | None,
    typer.Option(
        "--stack",
        metavar="NAME|INSTANCE",
        callback=_stack,
        help="A deployed instance: its id as in infra/instances, or its stack's name.",
    ),
]
Local = Annotated[bool, typer.Option("--local", help="The system that `make run` runs.")]
Which = Annotated[str | None, typer.Option("--partnership", help="With --local, when several run.")]
Json = Annotated[bool, typer.Option("--json", help="For another program.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

# Years in which a date may be meant; beyond them a calendar cannot count on.
FIRST, LAST = date(1990, 1, 1), date(2200, 12, 31)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?")


def today() -> date:
    """The day in London."""
    return local_date(datetime.now(UTC))


def read_date(text: str) -> date:
    """`2026-12-18`, and nothing else: a day-first date would be guessed wrong. Exits with 2."""
    try:
        if _DATE.fullmatch(text) and FIRST <= (day := date.fromisoformat(text)) <= LAST:
            return day
    except ValueError:
        pass
    message = f"{text!r} is not a date. Write year, month and day, as in 2026-12-18."
    raise typer.BadParameter(message)


def read_instant(text: str) -> datetime:
    """`2026-12-01T10:00` in London time, or any time with its offset: in UTC. Exits with 2."""
    try:
        at = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        at = None
    if at is None:
        message = f"{text!r} is not a time. Write date and time, as in 2026-12-01T10:00."
        raise typer.BadParameter(message)
    if at.tzinfo is None:
        at = at.replace(tzinfo=london())
        if at.utcoffset() != at.replace(fold=1).utcoffset():
            message = f"the clocks change at {text}. Add +00:00 (winter) or +01:00 (summer)."
            raise typer.BadParameter(message)
    try:
        return at.astimezone(UTC)
    except OverflowError:  # at the edge of the calendar
        raise typer.BadParameter(f"{text} is out of reach.") from None


def known_partnership(partnership_id: str) -> str:
    """The id, once there is such a partnership. Exits with 2."""
    from chalicelib.referrals.partnership_check import partnership_ids

    known = partnership_ids(FORMS)
    if partnership_id not in known:
        message = f"there is no partnership {partnership_id!r}. There are: {', '.join(known)}."
        raise typer.BadParameter(f"{message} To add one: casereview new {partnership_id}")
    return partnership_id


def checked_partnership(partnership_id: str) -> Partnership:
    """The partnership, once its file has no faults. Exits with 2 or, telling the faults, with 1."""
    from chalicelib.referrals.partnership_check import check_partnership

    known_partnership(partnership_id)
    findings = check_partnership(FORMS, partnership_id)
    if findings:
        stop("\n".join(str(finding) for finding in findings), REFUSED)
    return load_partnership(FORMS, partnership_id)
