"""A period of whole days, first and last among them: pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.times import london_to_utc

# No case of this service is older; an earlier year is a slip of the hand.
EARLIEST_YEAR = 2000
_MIDNIGHT = time(0, 0)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From the first day's beginning to the last day's end."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The UTC instant at which the first day begins in London."""
        return london_to_utc(self.first, _MIDNIGHT)

    @property
    def ends(self) -> datetime:
        """The UTC instant at which the last day is over in London: not in the period itself."""
        return london_to_utc(self.last + _DAY, _MIDNIGHT)

    @property
    def days(self) -> Iterator[date]:
        """Each day, oldest first."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * _DAY

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        """As file names and the audit trail say it: `2026-04-01 to 2027-03-31`."""
        one_day = self.first == self.last
        return f"{self.first}" if one_day else f"{self.first} to {self.last}"


def period_of(first: date, last: date, today: date, *, most_days: int | None = None) -> Period:
    """The period of two days that somebody chose; raises `NotPossible` beside `from` or `to`.

    Its end may lie ahead, as that of a financial year does, by a year at most.
    """
    if first.year < EARLIEST_YEAR:
        raise NotPossible(f"The first day must be in {EARLIEST_YEAR} or later", "from")
    if first > today:
        raise NotPossible("The first day must be today or in the past", "from")
    if last < first:
        raise NotPossible("The last day must be the same as or after the first day", "to")
    if last.year > today.year + 1:
        raise NotPossible(f"The last day must be in {today.year + 1} or earlier", "to")
    period = Period(first, last)
    if most_days is not None and len(period) > most_days:
        text = f"Choose {most_days} days or fewer: these are {len(period)}"
        raise NotPossible(text, "to")
    return period
