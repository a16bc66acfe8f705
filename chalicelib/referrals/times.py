"""London wall-clock times and UTC instants, and how a person reads them."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

END_OF_DAY = time(23, 59)
MORNING = time(9, 0)


@cache
def london() -> ZoneInfo:
    """The zone every local date and time of the service is in."""
    return ZoneInfo("Europe/London")


def local_date(instant: datetime) -> date:
    """The London calendar date of an aware instant."""
    return instant.astimezone(london()).date()


def london_to_utc(day: date, at: time) -> datetime:
    """The UTC instant of a London wall-clock time.

    Only called with 00:00, 09:00 and 23:59, which no clock change skips or repeats.
    """
    return datetime.combine(day, at, tzinfo=london()).astimezone(UTC)


def say_date(day: date) -> str:
    """`Friday 4 December 2026`."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def say_time(instant: datetime) -> str:
    """`4 December 2026 at 2:05pm`, in London time."""
    local = instant.astimezone(london())
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    return f"{local.day} {local:%B} {local.year} at {hour}:{local.minute:02d}{half}"


def to_text(instant: datetime) -> str:
    """An instant as stored: ISO 8601 in UTC with microseconds, so that text order is time order."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """The instant that `to_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
