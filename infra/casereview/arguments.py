"""What several commands take: partnerships and dates as typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import typer

from chalicelib.referrals.partnership import Partnership, load_partnership
from chalicelib.referrals.times import local_date
from infra.casereview.exits import REFUSED, stop
from infra.paths import FORMS

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def today() -> date:
    """The day in London."""
    return local_date(datetime.now(UTC))


def read_date(text: str) -> date:
    """`2026-12-18`, and nothing else: a day-first date would be guessed wrong. Exits with 2."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    message = f"{text!r} is not a date. Write year, month and day, as in 2026-12-18."
    raise typer.BadParameter(message)


def checked_partnership(partnership_id: str) -> Partnership:
    """The partnership, once its file has no faults. Exits with 2 or, telling the faults, with 1."""
    from chalicelib.referrals.partnership_check import check_partnership, partnership_ids

    known = partnership_ids(FORMS)
    if partnership_id not in known:
        message = f"there is no partnership {partnership_id!r}. There are: {', '.join(known)}."
        raise typer.BadParameter(message)
    findings = check_partnership(FORMS, partnership_id)
    if findings:
        stop("\n".join(str(finding) for finding in findings), REFUSED)
    return load_partnership(FORMS, partnership_id)
