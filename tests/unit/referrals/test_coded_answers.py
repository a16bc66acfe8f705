"""What of the answers is counted: codes of options and bands of age, nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.coded_answers import UNBORN, bands, counted

ON = date(2026, 6, 15)
COUNTS = {
    "sex": ("sex", "people"),
    "disability": ("disability", "people"),
    "born": ("dob", "people"),
    "age": ("age", "people"),
    "unborn": ("unborn", "people"),
    "setting": ("setting", ""),
}


def band(stream: str = "adult", **person: Any) -> str:
    return counted(COUNTS, {"people": [person]}, stream, ON)["age_band"][0]


def test_there_is_one_text_for_each_person_and_one_for_the_case() -> None:
    answers = {
        "setting": "care_home",
        "people": [{"sex": "female"}, {"disability": ["sensory", "autism"], "sex": "male"}, {}],
    }

    assert counted(COUNTS, answers, "adult", ON) == {
        "sex": ("female", "male", ""),
        "disability": ("", "sensory autism", ""),
        "setting": ("care_home",),
        "age_band": ("", "", ""),
    }


@pytest.mark.parametrize("people", [[], None, "nobody", [1, "x"]])
def test_without_people_there_are_none_to_count(people: object) -> None:
    found = counted(COUNTS, {"people": people}, "adult", ON)

    assert found["sex"] == found["age_band"] == ()


def test_without_the_block_nothing_is_counted() -> None:
    assert counted({}, {"sex": "female"}, "adult", ON) == {}


@pytest.mark.parametrize(
    ("born", "stream", "expected"),
    [
        ("2008-06-15", "adult", "18_24"),
        ("2008-06-16", "adult", "0_17"),
        ("1941-06-15", "adult", "85_"),
        ("1941-06-16", "adult", "75_84"),
        ({"year": 1961, "month": 6, "day": 15}, "adult", "65_74"),
        ({"year": 1961, "month": 6}, "adult", "65_74"),
        ({"year": 1961}, "adult", "45_64"),
        ("2026-06-15", "child", "0_0"),
        ("2025-06-15", "child", "1_5"),
        ("2020-06-15", "child", "6_10"),
        ("2010-06-15", "child", "16_17"),
        ("2008-06-15", "child", "18_"),
        ("2026-06-16", "child", ""),
        ("1890-01-01", "adult", ""),
        ("not a date", "adult", ""),
        ({"month": 6}, "adult", ""),
    ],
)
def test_an_age_is_that_on_the_day_of_the_incident(
    born: object, stream: str, expected: str
) -> None:
    assert band(stream, dob=born) == expected


def test_an_estimate_counts_when_there_is_no_date_of_birth() -> None:
    assert band(age=40) == "25_44"
    assert band(age=40, dob="1950-01-01") == "75_84"
    assert band(age=True) == band(age=-1) == band(age=400) == ""


def test_an_unborn_child_has_a_band_of_its_own() -> None:
    assert band("child", unborn="yes", dob="2026-12-01") == UNBORN


@given(st.dictionaries(st.sampled_from(["sex", "disability", "dob", "age"]), st.from_type(object)))
def test_whatever_was_answered_gives_texts(person: dict[str, Any]) -> None:
    found = counted(COUNTS, {"people": [person]}, "child", ON)

    assert all(isinstance(text, str) for texts in found.values() for text in texts)
    assert found["age_band"][0] in (*bands("child"), "")
