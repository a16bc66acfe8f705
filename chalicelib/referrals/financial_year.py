"""The periods that figures are given for: financial years of councils, April to March. Pure.

No two of them share a day. Figures of a year and of a quarter of it, taken together, would tell
numbers that neither shows (docs/statistics.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# Councils' and the National Health Service's financial year begins with April.
_FIRST_MONTH = 4
# How many years before the present one are offered.
YEARS_OFFERED = 10


@dataclass(frozen=True)
class Span:
    """Whole London days, `last` among them."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day is in it."""
        return day is not None and self.first <= day <= self.last

    def quarters(self) -> tuple["Span", ...]:
        """The quarters of it, in order."""
        return tuple(self._parts(3))

    def months(self) -> tuple["Span", ...]:
        """The months of it, in order."""
        return tuple(self._parts(1))

    def _parts(self, months: int) -> Iterator["Span"]:
        first = self.first
        while first <= self.last:
            number = first.year * 12 + first.month - 1 + months
            following = date(number // 12, number % 12 + 1, 1)
            yield Span(first, following - timedelta(days=1))
            first = following


def financial_year(start: int) -> Span:
    """The year that begins on 1 April of a calendar year."""
    first = date(start, _FIRST_MONTH, 1)
    return Span(first, date(start + 1, _FIRST_MONTH, 1) - timedelta(days=1))


def start_of(day: date) -> int:
    """The calendar year in which the financial year of a day begins."""
    return day.year - (day.month < _FIRST_MONTH)


def offered(today: date) -> tuple[int, ...]:
    """The years that figures are given for, the present one first."""
    present = start_of(today)
    return tuple(range(present, present - YEARS_OFFERED - 1, -1))
