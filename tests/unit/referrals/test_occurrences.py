"""When a repeating deadline falls due, and which occurrence comes after one that was done."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.deadlines import due_date, next_occurrence
from tests.unit.referrals.a_case import CALENDAR, a_deadline, a_rule

MONTHLY = a_rule("progress", length=1, unit="months", repeats_months=1)


@pytest.mark.parametrize(
    ("occurrence", "due"),
    [(0, date(2027, 2, 28)), (1, date(2027, 3, 31)), (2, date(2027, 4, 30))],
)
def test_a_repeating_deadline_keeps_its_day_of_the_month(occurrence: int, due: date) -> None:
    assert due_date(MONTHLY, date(2027, 1, 31), CALENDAR, occurrence) == due


def test_a_deadline_in_days_repeats_in_months_from_its_first_date() -> None:
    rule = a_rule(repeats_months=12)

    assert due_date(rule, date(2026, 11, 20), CALENDAR, 1) == date(2027, 11, 27)


@pytest.mark.parametrize(
    ("present", "done_on", "following"),
    [
        (0, date(2026, 12, 20), 1),  # on its day
        (0, date(2026, 12, 1), 1),  # early
        (0, date(2026, 12, 28), 1),  # late
        (0, date(2027, 1, 20), 2),  # so late that the next one is due that day
        (0, date(2027, 4, 1), 4),  # several missed
        (1, date(2026, 12, 28), 2),  # early, after the one before was due
        (1, date(2026, 12, 20), 1),  # the day of the one before: that one again
        (3, date(2027, 1, 2), 3),  # long before
    ],
)
def test_a_repeating_deadline_goes_on_past_the_day_it_was_done(
    present: int, done_on: date, following: int
) -> None:
    deadline = replace(a_deadline(MONTHLY), occurrence=present)

    assert next_occurrence(MONTHLY, deadline, done_on, CALENDAR) == following


@given(st.dates(date(2026, 1, 1), date(2027, 6, 1)), st.integers(0, 5), st.integers(-99, 400))
def test_the_next_occurrence_is_due_after_the_day_it_was_done(
    on: date, present: int, days: int
) -> None:
    deadline = replace(a_deadline(MONTHLY, on), occurrence=present)
    done_on = date.fromordinal(on.toordinal() + days)

    following = next_occurrence(MONTHLY, deadline, done_on, CALENDAR)

    assert following >= present
    assert due_date(MONTHLY, on, CALENDAR, following) > done_on
