"""Codes, answers, and where a request is on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.information import (
    LONGEST_ANSWER,
    LONGEST_NAME,
    WORKS_ON,
    EndedRequest,
    Ending,
    InformationRequest,
    RequestState,
    addition_id,
    answer_problems,
    asked_with,
    derived_code,
    hash_of,
)
from chalicelib.referrals.resume_code import CODE_ALPHABET, CODE_LENGTH, read_code, spelt
from tests.unit.referrals.a_worked_case import NOW, SUPPORT, TODAY

CODE = derived_code("secret", "r-1")
OTHER = derived_code("secret", "r-2")
TEXTS = st.text(max_size=30)
REORDERING = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def a_request(**changes: object) -> InformationRequest:
    values: dict[str, object] = {
        "id": "r-1",
        "code": hash_of(CODE),
        "question": "Which school?",
        "answer_by": TODAY,
        "expires_on": TODAY + WORKS_ON,
        "asked_by": SUPPORT.id,
        "name": SUPPORT.name,
        "at": NOW,
    }
    return InformationRequest(**{**values, **changes})  # type: ignore[arg-type]


@given(st.integers(0, 2**100 - 1))
def test_every_number_spells_a_code_that_is_read_back(number: int) -> None:
    shown = spelt(number)

    assert read_code(shown) == shown.replace("-", "")
    assert len(shown.replace("-", "")) == CODE_LENGTH
    assert set(shown) <= set(CODE_ALPHABET) | {"-"}


@given(st.integers(0, 2**100 - 1), st.integers(0, 2**100 - 1))
def test_two_numbers_never_spell_the_same_code(one: int, other: int) -> None:
    assert (spelt(one) == spelt(other)) == (one == other)


def test_a_code_follows_from_the_secret_and_the_request() -> None:
    assert derived_code("secret", "r-1") == CODE
    assert len({CODE, OTHER, derived_code("another", "r-1")}) == 3


def test_the_hash_of_a_code_is_not_the_code() -> None:
    assert (read_code(CODE) or CODE) not in hash_of(CODE)


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", " "), f"  {CODE}\n"])
def test_a_code_finds_its_request_however_it_is_typed(typed: str) -> None:
    mine = a_request()

    assert asked_with([a_request(id="r-2", code=hash_of(OTHER)), mine], typed) == mine


@pytest.mark.parametrize("typed", ["", OTHER, CODE[:-1], "é" * 20, "x" * 10_000])
def test_another_code_finds_none(typed: str) -> None:
    assert asked_with([a_request()], typed) is None


def test_a_request_without_a_code_is_found_by_none() -> None:
    assert asked_with([a_request(code="")], "") is None


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (TODAY, RequestState.OPEN),
        (TODAY + timedelta(days=1), RequestState.LATE),
        (TODAY + WORKS_ON, RequestState.LATE),
        (TODAY + WORKS_ON + timedelta(days=1), RequestState.EXPIRED),
    ],
)
def test_a_request_is_late_before_its_code_stops(today: date, state: RequestState) -> None:
    assert a_request().state(today) is state
    assert a_request().takes_answers(today) == (state is not RequestState.EXPIRED)


@pytest.mark.parametrize("how", Ending)
@pytest.mark.parametrize("days", [0, 40])
def test_one_that_has_ended_takes_no_answer_on_any_day(how: Ending, days: int) -> None:
    ended = a_request(ended=EndedRequest(how, "A name", NOW))
    today = TODAY + timedelta(days=days)

    assert ended.state(today).value == how.value
    assert not ended.takes_answers(today)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_two_answers_share_an_id_only_when_they_are_the_same(
    name: str, text: str, other_name: str, other: str
) -> None:
    same = (name, text) == (other_name, other)

    assert (addition_id(CODE, name, text) == addition_id(CODE, other_name, other)) == same


def test_the_same_answer_with_another_code_is_another() -> None:
    assert addition_id(CODE, "Jo", "Yes") != addition_id(OTHER, "Jo", "Yes")


@pytest.mark.parametrize(
    ("name", "text", "fields"),
    [
        ("Jo", "Yes", []),
        ("Zoë O’Neil", "Line\n\tline 👩‍👧 “quoted”", []),
        ("J" * LONGEST_NAME, "a" * LONGEST_ANSWER, []),
        ("", "", ["answer", "name"]),
        ("J" * (LONGEST_NAME + 1), "a" * (LONGEST_ANSWER + 1), ["answer", "name"]),
        ("Jo\nJo", "Yes", ["name"]),
        ("Jo", "a\x00b", ["answer"]),
        ("Jo", "a\x1b[0m", ["answer"]),
        ("Jo\x85", "a\ud800", ["answer", "name"]),
        ("Jo", "a\ufffd", ["answer"]),
        *(("J\u200d", f"\u200c{letter}", ["answer"]) for letter in REORDERING),
        *((f"Jo {letter}reganaM", "Yes", ["name"]) for letter in REORDERING),
    ],
)
def test_what_is_wrong_with_an_answer_is_told_by_field(
    name: str, text: str, fields: list[str]
) -> None:
    assert list(answer_problems(name, text)) == fields
