"""A period of whole London days, also where the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.period import Period, period_of
from chalicelib.referrals.times import local_date

TODAY = date(2026, 11, 20)
START = datetime(2000, 1, 2, tzinfo=UTC)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(
    st.tuples(DAYS, DAYS),
    st.integers(0, 100 * 365 * 86400).map(lambda seconds: START + timedelta(seconds=seconds)),
)
@example((date(2026, 3, 29), date(2026, 3, 29)), datetime(2026, 3, 29, 23, 0, tzinfo=UTC))
@example((date(2026, 10, 25), date(2026, 10, 25)), datetime(2026, 10, 24, 23, 0, tzinfo=UTC))
@example((date(2026, 10, 25), date(2026, 10, 25)), datetime(2026, 10, 25, 23, 59, tzinfo=UTC))
def test_an_instant_is_in_a_period_when_its_day_in_london_is(
    days: tuple[date, date], at: datetime
) -> None:
    period = Period(min(days), max(days))

    assert (period.begins <= at < period.ends) == (period.first <= local_date(at) <= period.last)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (TODAY, 24)]
)
def test_a_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    period = Period(day, day)

    assert period.ends - period.begins == timedelta(hours=hours)


@given(st.lists(DAYS, min_size=3, max_size=3, unique=True))
def test_two_periods_in_a_row_leave_no_instant_out_and_share_none(days: list[date]) -> None:
    first, middle, last = sorted(days)

    assert Period(first, middle).ends == Period(middle + timedelta(days=1), last).begins


@pytest.mark.parametrize(
    ("first", "last", "beside", "text"),
    [
        (date(1999, 12, 31), TODAY, "from", "2000 or later"),
        (date(1, 1, 1), TODAY, "from", "2000 or later"),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=2), "from", "today or in the past"),
        (TODAY, TODAY - timedelta(days=1), "to", "same as or after"),
        (TODAY, date(2028, 1, 1), "to", "2027 or earlier"),
        (TODAY, date.max, "to", "2027 or earlier"),
        (TODAY - timedelta(days=31), TODAY, "to", "Choose 31 days or fewer: these are 32"),
    ],
)
def test_an_odd_period_is_refused_beside_its_field(
    first: date, last: date, beside: str, text: str
) -> None:
    with pytest.raises(NotPossible, match=text) as refused:
        period_of(first, last, TODAY, most_days=31)

    assert refused.value.problems[0][0] == beside


@pytest.mark.parametrize(
    ("first", "last", "days", "said"),
    [
        (TODAY, TODAY, 1, "2026-11-20"),
        (date(2026, 4, 1), date(2027, 3, 31), 365, "2026-04-01 to 2027-03-31"),
        (date(2000, 1, 1), date(2027, 12, 31), 10227, "2000-01-01 to 2027-12-31"),
    ],
)
def test_a_period_has_its_first_and_its_last_day(
    first: date, last: date, days: int, said: str
) -> None:
    period = period_of(first, last, TODAY)

    every = list(period.days)
    assert (every[0], every[-1], len(every), len(period)) == (first, last, days, days)
    assert str(period) == said
