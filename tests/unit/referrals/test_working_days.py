"""Working days of England and Wales, and months."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.working_days import (
    WorkingCalendar,
    add_months,
    bank_holidays,
    calendar_warning,
    england_and_wales,
    known_from,
    known_until,
)

CALENDAR = england_and_wales()
DEEMED = england_and_wales(count_from="deemed_received")
DAYS = st.dates(date(2013, 1, 1), date(2027, 12, 31))
COUNTS = st.integers(0, 60)


# domain.md's vectors first, then runs over Easter, Christmas and a leap day: trigger, working days,
# and when it falls due as either switch counts a trigger that is no working day.
VECTORS = """
2026-11-20  5  2026-11-27  2026-11-27
2026-11-21  5  2026-11-27  2026-11-30
2026-12-21  5  2026-12-30  2026-12-30
2026-12-24  5  2027-01-05  2027-01-05
2026-12-18 15  2027-01-13  2027-01-13
2026-12-29 15  2027-01-20  2027-01-20
2027-03-24  5  2027-04-02  2027-04-02
2026-12-25  1  2026-12-29  2026-12-30
2026-12-26  5  2027-01-05  2027-01-06
2026-12-28  0  2026-12-29  2026-12-29
2027-12-24  2  2027-12-30  2027-12-30
2027-12-25  5  2028-01-05  2028-01-06
2028-01-01  1  2028-01-04  2028-01-05
2027-03-26  1  2027-03-30  2027-03-31
2028-02-28  1  2028-02-29  2028-02-29
2028-02-29  5  2028-03-07  2028-03-07
2022-06-01  1  2022-06-06  2022-06-06
2022-09-19  1  2022-09-20  2022-09-21
""".strip()


@pytest.mark.parametrize("vector", VECTORS.splitlines())
def test_working_days_are_counted_from_day_0(vector: str) -> None:
    trigger, length, *due = vector.split()

    counted = [
        calendar.add(date.fromisoformat(trigger), int(length)) for calendar in (CALENDAR, DEEMED)
    ]

    assert counted == [date.fromisoformat(day) for day in due]


def random_counts() -> Iterator[tuple[date, int]]:
    """10,000 dates and lengths, the same in every run."""
    source = random.Random(20261218)
    days = (known_until() - known_from()).days - 150
    for _ in range(10_000):
        yield known_from() + timedelta(days=source.randrange(days)), source.randint(0, 90)


def test_10000_random_counts_agree_with_another_library() -> None:
    oracle = holidays.country_holidays("GB", subdiv="ENG")

    differing = [
        (day, length)
        for day, length in random_counts()
        if CALENDAR.add(day, length) != oracle.get_nth_working_day(day, length)
    ]

    assert differing == []


def test_10000_random_counts_back_agree_with_another_library() -> None:
    oracle = holidays.country_holidays("GB", subdiv="ENG")
    room = timedelta(days=150)  # so that no count leaves the years that both know

    differing = [
        (day, length)
        for day, length in ((day + room, length) for day, length in random_counts())
        if length and CALENDAR.is_working(day)
        if CALENDAR.subtract(day, length) != oracle.get_nth_working_day(day, -length)
    ]

    assert differing == []


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        (2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
    ],
)
def test_the_holidays_of_a_year_are_known(year: int, days: str) -> None:
    known = sorted(day for day in bank_holidays() if day.year == year)

    assert known == [date.fromisoformat(f"{year}-{day}") for day in days.split()]


def test_christmas_eve_is_a_working_day() -> None:
    assert CALENDAR.is_working(date(2026, 12, 24))


def test_deeming_changes_nothing_on_a_working_day() -> None:
    assert DEEMED.add(date(2026, 11, 20), 5) == CALENDAR.add(date(2026, 11, 20), 5)


def test_an_added_holiday_moves_a_deadline() -> None:
    royal = england_and_wales([date(2026, 11, 25)])

    assert royal.add(date(2026, 11, 20), 5) == date(2026, 11, 30)


def test_a_trigger_on_an_added_holiday_is_deemed_received_the_next_working_day() -> None:
    royal = england_and_wales([date(2026, 11, 19)], "deemed_received")

    assert royal.add(date(2026, 11, 19), 5) == DEEMED.add(date(2026, 11, 20), 5)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
        (date(2022, 9, 19), "Bank Holiday for the State Funeral of Queen Elizabeth II"),
        (date(2026, 11, 25), "an extra bank holiday"),
        (date(2026, 12, 26), None),
        (date(2026, 12, 24), None),
    ],
    ids=str,
)
def test_a_holiday_has_its_name(day: date, name: str | None) -> None:
    assert england_and_wales([date(2026, 11, 25)]).holiday(day) == name


def test_an_added_day_that_is_a_bank_holiday_keeps_its_name() -> None:
    assert england_and_wales([date(2026, 12, 25)]).holiday(date(2026, 12, 25)) == "Christmas Day"


def test_holidays_skipped_leave_out_those_at_a_weekend() -> None:
    royal = england_and_wales([date(2026, 12, 26)])

    assert royal.holidays_skipped(date(2026, 12, 1), date(2027, 1, 1)) == (
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2027, 1, 1),
    )


def test_the_table_is_known_for_whole_years() -> None:
    assert (known_from(), known_until()) == (date(2012, 1, 1), date(2028, 12, 31))


def test_there_is_no_warning_while_the_table_lasts_a_year() -> None:
    assert calendar_warning(date(2027, 12, 31)) is None


def test_a_table_that_ends_in_under_a_year_is_warned_of_with_what_to_do() -> None:
    warning = calendar_warning(date(2028, 1, 1))

    assert warning is not None
    assert "known up to 31 December 2028" in warning
    assert "Bring the package govuk-bank-holidays up to date" in warning
    assert "extra_holidays under [calendar]" in warning


def test_after_the_table_days_are_monday_to_friday() -> None:
    assert CALENDAR.add(date(2029, 12, 21), 5) == date(2029, 12, 28)


def test_equal_calendars_are_one_key() -> None:
    same: dict[WorkingCalendar, str] = {england_and_wales(): "one", england_and_wales(): "two"}

    assert same == {CALENDAR: "two"}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 6, date(2028, 8, 29)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2027, 1, 31), -1, date(2026, 12, 31)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
    ],
    ids=str,
)
def test_months_keep_the_day_number_or_take_the_months_last_day(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected


@given(DAYS, COUNTS)
def test_a_deadline_is_always_a_working_day(day: date, count: int) -> None:
    assert CALENDAR.is_working(CALENDAR.add(day, count))


@given(DAYS, st.integers(1, 60))
def test_exactly_so_many_working_days_lie_between(day: date, count: int) -> None:
    due = CALENDAR.add(day, count)

    between = (day + timedelta(days=step) for step in range(1, (due - day).days + 1))

    assert sum(CALENDAR.is_working(one) for one in between) == count


@given(DAYS, COUNTS)
def test_subtracting_undoes_adding_from_a_working_day(day: date, count: int) -> None:
    start = CALENDAR.on_or_after(day)

    assert CALENDAR.subtract(CALENDAR.add(start, count), count) == start


@given(DAYS, COUNTS)
def test_deeming_never_brings_a_deadline_forward(day: date, count: int) -> None:
    assert DEEMED.add(day, count) >= CALENDAR.add(day, count)
