"""Today's date where the partnership is: a death at 00:30 on a summer night was not tomorrow."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from chalicelib.use_cases.ports import Clock

LONDON = ZoneInfo("Europe/London")


def today(clock: Clock) -> date:
    return clock.now().astimezone(LONDON).date()
