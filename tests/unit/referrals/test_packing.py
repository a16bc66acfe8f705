"""Answers as stored."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.referrals.draft import MAX_PACKED_ANSWERS, DraftTooLarge
from chalicelib.referrals.packing import canonical, digest, ensure_storable, pack, unpack

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON = st.dictionaries(
    st.text(),
    SCALARS | st.lists(st.dictionaries(st.text(max_size=5), SCALARS, max_size=3), max_size=3),
)


@settings(max_examples=50)
@given(JSON)
def test_what_is_unpacked_is_what_was_packed(value: object) -> None:
    assert unpack(pack(value)) == value


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_keys_does_not_change_the_digest(value: dict[str, int]) -> None:
    turned = dict(reversed(value.items()))

    assert digest(turned) == digest(value)


def test_text_is_stored_as_utf8() -> None:
    assert canonical({"name": "Zoë"}) == '{"name":"Zoë"}'.encode()


def noise(characters: int) -> str:
    """Text that does not compress: what a person pasting an encoded file sends."""
    return random.Random(1).randbytes(characters // 2).hex()


def test_answers_of_a_megabyte_that_compress_well_are_stored() -> None:
    ensure_storable({"summary": "a" * 1_000_000})


def test_answers_that_no_item_can_hold_are_refused() -> None:
    with pytest.raises(DraftTooLarge) as refused:
        ensure_storable({"summary": noise(1_000_000)})

    assert refused.value.size > refused.value.limit == MAX_PACKED_ANSWERS


def test_the_refusal_does_not_repeat_the_answers() -> None:
    with pytest.raises(DraftTooLarge) as refused:
        ensure_storable({"summary": noise(1_000_000)})

    assert "0123" not in str(refused.value)
