"""Resume codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.resume_code import (
    CODE_ALPHABET,
    code_hash,
    new_code,
    read_code,
    seal,
    unseal,
)

CODE = "0123456789ABCDEFGHJK"
TOKENS = st.text("abcXYZ019-_", min_size=1, max_size=100)
CODES = st.text(CODE_ALPHABET, min_size=20, max_size=20)


def test_a_new_code_is_read_as_itself() -> None:
    code = new_code()

    assert read_code(code) == code.replace("-", "")


def test_a_code_is_shown_in_four_groups_of_five() -> None:
    assert [len(group) for group in new_code().split("-")] == [5, 5, 5, 5]


@pytest.mark.parametrize(
    "typed",
    [
        "0123456789abcdefghjk",
        " 01234 56789 ABCDE FGHJK ",
        "O1234-56789-ABCDE-FGHJK",
        "oI234-56789-ABCDE-FGHJK",
        "0l234\u201356789\u2014ABCDE.FGHJK",
        "01234\n56789\tABCDE\u00a0FGHJK",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    ["", "0123", CODE + "0", "é" * 20, "\u0660" * 20, "0123456789ABCDEFGHJ!", " " * 1_000_000],
    ids=["empty", "short", "long", "accents", "arabic digits", "punctuation", "a megabyte"],
)
def test_what_is_no_code_is_not_read(typed: str) -> None:
    assert read_code(typed) is None


@given(st.text(max_size=210))
def test_reading_never_fails(typed: str) -> None:
    code = read_code(typed)

    assert code is None or (len(code) == 20 and set(code) <= set(CODE_ALPHABET))


@given(CODES, TOKENS)
def test_a_code_opens_what_it_sealed(code: str, token: str) -> None:
    assert unseal(code, seal(code, token)) == token


@given(CODES, CODES, TOKENS)
def test_no_other_code_opens_it(code: str, other: str, token: str) -> None:
    assert code == other or unseal(other, seal(code, token)) is None


@given(CODES, TOKENS, st.integers(0, 10_000))
def test_a_changed_seal_does_not_open(code: str, token: str, position: int) -> None:
    sealed = bytearray(seal(code, token))
    sealed[position % len(sealed)] ^= 1

    assert unseal(code, bytes(sealed)) is None


@pytest.mark.parametrize("sealed", [b"", b"short", b"\x00" * 32])
def test_a_broken_seal_does_not_open(sealed: bytes) -> None:
    assert unseal(CODE, sealed) is None


def test_neither_code_nor_token_is_in_what_is_stored() -> None:
    token = "a-token-that-must-not-show"

    stored = code_hash(CODE).encode() + seal(CODE, token)

    assert token.encode() not in stored
    assert CODE.encode() not in stored
