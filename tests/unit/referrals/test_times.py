"""Times as stored and as read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.times import from_text, local_date, say_date, say_time, to_text

# Microseconds since 1970.
INSTANTS = st.integers(0, 4 * 10**15).map(
    lambda number: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number)
)


@given(INSTANTS)
def test_an_instant_is_read_back_as_stored(instant: datetime) -> None:
    assert from_text(to_text(instant)) == instant


@given(INSTANTS, INSTANTS)
def test_stored_text_sorts_as_time_does(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one < other)


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (datetime(2026, 11, 20, 14, 5, tzinfo=UTC), "20 November 2026 at 2:05pm"),
        (datetime(2026, 7, 1, 14, 5, tzinfo=UTC), "1 July 2026 at 3:05pm"),
        (datetime(2026, 11, 20, 0, 0, tzinfo=UTC), "20 November 2026 at 12:00am"),
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), "20 November 2026 at 12:00pm"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026 at 12:30am"),
    ],
    ids=str,
)
def test_a_time_is_said_as_in_london(instant: datetime, said: str) -> None:
    assert say_time(instant) == said


def test_a_date_is_said_with_its_weekday() -> None:
    assert say_date(date(2026, 12, 4)) == "Friday 4 December 2026"


def test_just_after_midnight_in_summer_is_the_next_day_in_london() -> None:
    assert local_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
