"""The years that figures are given for."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from chalicelib.referrals.financial_year import financial_year, offered, start_of


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 3, 31), 2025),
        (date(2026, 4, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2028, 2, 29), 2027),
    ],
)
def test_a_year_begins_on_the_first_of_april(day: date, start: int) -> None:
    assert start_of(day) == start
    assert financial_year(start).holds(day)


@pytest.mark.parametrize("start", [2023, 2026, 2027])
def test_months_and_quarters_fill_a_year_without_a_gap(start: int) -> None:
    year = financial_year(start)

    for parts, number in ((year.months(), 12), (year.quarters(), 4)):
        assert len(parts) == number
        assert (parts[0].first, parts[-1].last) == (date(start, 4, 1), date(start + 1, 3, 31))
        for one, following in pairwise(parts):
            assert following.first == one.last + timedelta(days=1)


def test_no_two_years_share_a_day() -> None:
    years = [financial_year(start) for start in sorted(offered(date(2026, 11, 20)))]

    assert all(one.last < following.first for one, following in pairwise(years))


def test_the_present_year_and_ten_before_are_offered() -> None:
    assert offered(date(2026, 3, 31)) == tuple(range(2025, 2014, -1))


@pytest.mark.parametrize("day", [None, date(2026, 3, 31), date(2027, 4, 1)])
def test_no_day_and_days_around_a_year_are_not_in_it(day: date | None) -> None:
    assert not financial_year(2026).holds(day)
