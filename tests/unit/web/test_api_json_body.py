"""Reading a body: plain JSON or a refusal, never a crash."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.json_body import MAX_DEPTH, MAX_DIGITS, MAX_VALUES, read_json
from chalicelib.web.problem_documents import Refusal

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)

REFUSED = {
    "nothing": b"",
    "blanks": b"  ",
    "broken": b'{"answers": {',
    "a comma too many": b"[1,]",
    "two values": b"{} {}",
    "a comment": b"{} // what I meant",
    "single quotes": b"{'answers': 1}",
    "Latin-1": b'{"answers": "caf\xe9"}',
    "an overlong encoding": b'{"answers": "\xc0\x80"}',
    "a surrogate in UTF-8": b'{"answers": "\xed\xa0\x80"}',
    "UTF-16": '{"answers": {}}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NUL": b'{"answers": "\x00"}',
    "a raw line break in a string": b'{"answers": "a\nb"}',
    "a name given twice": b'{"answers": {"summary": "a", "summary": "b"}}',
    "a name given twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "NaN": b'{"answers": NaN}',
    "Infinity": b"[Infinity]",
    "minus Infinity": b"[-Infinity]",
    "a number that overflows": b"[1e999]",
    "a number of 16 digits": b"[1234567890123456]",
    "a number of 10,000 digits": b"[" + b"9" * 10_000 + b"]",
    "half of a surrogate pair": b'{"answers": "\\ud800"}',
    "half of a surrogate pair in a name": b'{"\\udfff": 1}',
    "arrays nested too deeply": b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    "half a million brackets": b"[" * 500_000,
    "half a million objects": b'{"a":' * 100_000,
    "a leading zero": b"[01]",
    "a bare word": b"answers",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_a_body_that_is_not_plain_json_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        read_json(body)

    assert (refused.value.kind.status, refused.value.kind.slug) == (400, "body-not-json")


@given(ANY_JSON)
def test_any_json_value_is_read_as_it_was_written(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(body: bytes) -> None:
    with suppress(Refusal):
        read_json(body)


@pytest.mark.parametrize(("written", "read"), [(b"2.0", 2), (b"1e2", 100), (b"-3", -3)])
def test_a_whole_number_is_an_integer_however_it_is_written(written: bytes, read: int) -> None:
    number = read_json(written)

    assert number == read
    assert isinstance(number, int)


def test_a_number_with_the_most_digits_is_read() -> None:
    assert read_json(b"9" * MAX_DIGITS) == 10**MAX_DIGITS - 1


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


@pytest.mark.parametrize("item", [b"1", b"{}", b'""', b"[]"])
def test_more_values_than_any_referral_has_are_refused(item: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        read_json(b"[" + b",".join([item] * (MAX_VALUES + 1)) + b"]")

    assert refused.value.kind.status == 413


def test_commas_inside_a_string_are_no_values() -> None:
    text = "," * (MAX_VALUES + 1)

    assert read_json(json.dumps([text]).encode()) == [text]


def test_brackets_inside_a_string_are_no_nesting() -> None:
    text = "[{" * 1000 + '\\" [[['

    assert read_json(json.dumps([text]).encode()) == [text]


def test_an_escaped_surrogate_pair_is_one_character() -> None:
    assert read_json(b'["\\ud83d\\ude00"]') == ["\N{GRINNING FACE}"]


def test_quotes_that_never_end_are_refused_at_once() -> None:
    # A scan that begins again at every quote would take hours for this body.
    body = b'"' + b'\\"' * 250_000

    with pytest.raises(Refusal):
        read_json(body)


def test_a_refusal_repeats_nothing_of_the_body() -> None:
    with pytest.raises(Refusal) as refused:
        read_json(b'{"answers": "Jane Doe", "answers": "Jane Doe"}')

    assert "Jane" not in refused.value.detail
