"""Ages that stand for dates of birth."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.referrals.ages import NOT_KNOWN, age_in_words, age_words, born_in

DAY = date(2026, 3, 27)


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ({"year": 1968, "month": 3, "day": 27}, "58 years old"),
        ({"year": 1968, "month": 3, "day": 28}, "57 years old"),
        ({"year": 2025, "month": 3, "day": 27}, "1 year old"),
        ({"year": 2025, "month": 3, "day": 28}, "Under 1 year old"),
        ({"year": 2026, "month": 4, "day": 1}, "Not born yet"),
        ({"year": 2024, "month": 2, "day": 29}, "2 years old"),
        ({"year": 1968, "month": 12}, "About 57 years old"),
        ({"year": 1968}, "About 58 years old"),
        ({"year": 2026}, "Under 1 year old"),
        ({"year": 2023, "month": 2, "day": 30}, NOT_KNOWN),
        ({"not_known": True}, NOT_KNOWN),
        ({}, NOT_KNOWN),
    ],
)
def test_the_age_of_a_date_of_birth(born: dict[str, Any], said: str) -> None:
    assert age_words(born, DAY) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("27/3/1968", "58 years old"),
        ("27.3.68", "58 years old"),
        ("28 March 1968", "57 years old"),
        ("the 27th of March 2018", "8 years old"),
        ("2018-03-28", "7 years old"),
        ("5/5/18", "7 years old"),
        ("about 8", "About 8 years old"),
        ("8", "About 8 years old"),
        ("6 months", "Under 1 year old"),
        ("born in 1990", "About 36 years old"),
        ("8 or 9", NOT_KNOWN),
        ("31/2/2018", "About 8 years old"),
        ("an adult", NOT_KNOWN),
        ("999", NOT_KNOWN),
    ],
)
def test_the_age_that_a_text_tells(typed: str, said: str) -> None:
    assert age_in_words(typed, DAY) == said


def test_a_year_of_two_digits_is_in_the_past() -> None:
    assert born_in("1.2.26", DAY) == date(2026, 2, 1)
    assert born_in("1.2.27", DAY) == date(1927, 2, 1)
