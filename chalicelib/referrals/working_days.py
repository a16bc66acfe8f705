"""Working days of England and Wales.

A working day is not a Saturday, a Sunday or a bank holiday in England and Wales; Christmas Eve is
one. Holidays come from the data that the package govuk-bank-holidays carries (GOV.UK's own feed,
read from the file, never from the network) and from the partnership's additions.
"""

import json
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

CountFrom = Literal["next_day", "deemed_received"]
_SATURDAY = 5
# No year has fewer bank holidays, so a year with fewer in the table is not all there yet.
_IN_A_YEAR = 8
ADDED = "an extra bank holiday"


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked. `count_from`: see `CalendarRules`."""

    holidays: frozenset[date]
    count_from: CountFrom = "next_day"

    def is_working(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def holiday(self, day: date) -> str | None:
        """What a bank holiday is called; None for any other day, a weekend among them.

        One that the partnership's file adds has no name there.
        """
        return bank_holiday_names().get(day, ADDED) if day in self.holidays else None

    def holidays_skipped(self, first: date, last: date) -> tuple[date, ...]:
        """The bank holidays from one day to another that would be worked otherwise, in order."""
        found = (day for day in self.holidays if first <= day <= last)
        return tuple(sorted(day for day in found if day.weekday() < _SATURDAY))

    def on_or_after(self, day: date) -> date:
        """The first working day from this one on."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def on_or_before(self, day: date) -> date:
        """The last working day up to this one."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def add(self, trigger: date, working_days: int) -> date:
        """The day that is so many working days after a trigger, which is day 0.

        After a trigger on a non-working day, the next working day is day 1, or day 0 when the
        calendar counts it as received then.
        """
        if working_days == 0 or self.count_from == "deemed_received":
            trigger = self.on_or_after(trigger)
        day = trigger
        for _ in range(working_days):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def subtract(self, day: date, working_days: int) -> date:
        """The working day so many before a day; 0 gives the day itself or the one before."""
        day = self.on_or_before(day)
        for _ in range(working_days):
            day = self.on_or_before(day - timedelta(days=1))
        return day


def add_months(day: date, months: int) -> date:
    """The same day-number so many months on (or back), else the last day of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def bank_holiday_names() -> Mapping[date, str]:
    """The bank holidays of England and Wales that the data package knows, as it calls them.

    One that is moved from a weekend is `Boxing Day (substitute day)`.
    """
    source = files("govuk_bank_holidays").joinpath("bank-holidays.json")
    events = json.loads(source.read_text(encoding="utf-8"))["england-and-wales"]["events"]
    return MappingProxyType({date.fromisoformat(event["date"]): _name(event) for event in events})


def _name(event: Mapping[str, str]) -> str:
    notes = event["notes"]
    return f"{event['title']} ({notes[:1].lower()}{notes[1:]})" if notes else event["title"]


@cache
def bank_holidays() -> frozenset[date]:
    """The days of `bank_holiday_names`."""
    return frozenset(bank_holiday_names())


@cache
def _whole_years() -> tuple[int, int]:
    counts = Counter(day.year for day in bank_holidays())
    whole = [year for year, count in counts.items() if count >= _IN_A_YEAR]
    return min(whole), max(whole)


def known_from() -> date:
    """The first day whose being a bank holiday or not is known: 1 January of a year."""
    return date(_whole_years()[0], 1, 1)


def known_until() -> date:
    """The last day whose being a bank holiday or not is known: 31 December of a year.

    After it every day from Monday to Friday counts as worked, unless the partnership's file says
    otherwise, so a date that depends on later days may move.
    """
    return date(_whole_years()[1], 12, 31)


def calendar_warning(today: date) -> str | None:
    """What to do about a table that ends in under 12 months; None while there is time."""
    end = known_until()
    if add_months(today, 12) <= end:
        return None
    return (
        f"Bank holidays are known up to {end.day} {end:%B %Y}; deadlines after that day leave out"
        " weekends only. Bring the package govuk-bank-holidays up to date, or add the days that"
        " GOV.UK has announced to extra_holidays under [calendar] in partnership.toml."
    )


def england_and_wales(
    extra_holidays: Iterable[date] = (), count_from: CountFrom = "next_day"
) -> WorkingCalendar:
    """The calendar with a partnership's additions."""
    return WorkingCalendar(bank_holidays() | frozenset(extra_holidays), count_from)
