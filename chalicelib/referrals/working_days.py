"""Working days of England and Wales.

A working day is not a Saturday, a Sunday or a bank holiday in England and Wales; Christmas Eve is
one. Holidays come from the data that the package govuk-bank-holidays carries (GOV.UK's own feed,
read from the file, never from the network) and from the partnership's additions.
"""

import json
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

CountFrom = Literal["next_day", "deemed_received"]
_SATURDAY = 5


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked. `count_from`: see `CalendarRules`."""

    holidays: frozenset[date]
    count_from: CountFrom = "next_day"

    def is_working(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day.weekday() < _SATURDAY and day not in self.holidays

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
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England and Wales that the data package knows."""
    source = files("govuk_bank_holidays").joinpath("bank-holidays.json")
    divisions = json.loads(source.read_text(encoding="utf-8"))
    events = divisions["england-and-wales"]["events"]
    return frozenset(date.fromisoformat(event["date"]) for event in events)


def england_and_wales(
    extra_holidays: Iterable[date] = (), count_from: CountFrom = "next_day"
) -> WorkingCalendar:
    """The calendar with a partnership's additions."""
    return WorkingCalendar(bank_holidays() | frozenset(extra_holidays), count_from)
