"""Working days of England and Wales, and months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.working_days import add_months, bank_holidays, england_and_wales

CALENDAR = england_and_wales()
DEEMED = england_and_wales(count_from="deemed_received")
DAYS = st.dates(date(2013, 1, 1), date(2027, 12, 31))
COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("trigger", "length", "due"),
    [
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 11, 21), 5, date(2026, 11, 27)),
        (date(2026, 12, 21), 5, date(2026, 12, 30)),
        (date(2026, 12, 24), 5, date(2027, 1, 5)),
        (date(2026, 12, 18), 15, date(2027, 1, 13)),
        (date(2026, 12, 29), 15, date(2027, 1, 20)),
        (date(2027, 3, 24), 5, date(2027, 4, 2)),
    ],
    ids=str,
)
def test_working_days_are_counted_from_day_0(trigger: date, length: int, due: date) -> None:
    assert CALENDAR.add(trigger, length) == due


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


def test_a_trigger_on_a_saturday_counts_monday_as_day_1() -> None:
    assert CALENDAR.add(date(2026, 11, 21), 1) == date(2026, 11, 23)


def test_a_trigger_deemed_received_counts_monday_as_day_0() -> None:
    assert DEEMED.add(date(2026, 11, 21), 1) == date(2026, 11, 24)


def test_deeming_changes_nothing_on_a_working_day() -> None:
    assert DEEMED.add(date(2026, 11, 20), 5) == CALENDAR.add(date(2026, 11, 20), 5)


def test_a_deadline_on_the_same_day_waits_for_a_working_day() -> None:
    assert CALENDAR.add(date(2026, 11, 21), 0) == date(2026, 11, 23)


def test_an_added_holiday_moves_a_deadline() -> None:
    royal = england_and_wales([date(2026, 11, 25)])

    assert royal.add(date(2026, 11, 20), 5) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
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
