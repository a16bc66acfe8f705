"""References and the names of schedules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.reference import (
    REFERENCE_ALPHABET,
    new_reference,
    reminder_of_schedule,
    schedule_name,
)


def test_a_reference_is_a_prefix_and_two_groups_of_four() -> None:
    prefix, first, second = new_reference("SUF").split("-")

    assert prefix == "SUF"
    assert (len(first), len(second)) == (4, 4)
    assert set(first + second) <= set(REFERENCE_ALPHABET)


def test_references_differ() -> None:
    assert len({new_reference("SUF") for _ in range(1000)}) == 1000


def test_no_reference_spells_a_word() -> None:
    assert not set("AEIOU") & set(REFERENCE_ALPHABET)


@pytest.mark.parametrize("twins", ["0OD", "1IL", "2Z", "5S", "6G", "8B"])
def test_no_two_characters_of_a_reference_look_alike(twins: str) -> None:
    assert len(set(twins) & set(REFERENCE_ALPHABET)) <= 1


@given(
    st.from_regex(r"[A-Z]{2,5}", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9-]{0,39}", fullmatch=True),
    st.integers(1, 999),
)
def test_every_reminder_has_a_name_that_scheduler_takes(prefix: str, rule: str, n: int) -> None:
    name = schedule_name(new_reference(prefix), f"{rule}#{n}")

    assert 1 <= len(name) <= 64
    assert "#" not in name


def test_a_name_too_long_for_scheduler_is_refused() -> None:
    with pytest.raises(ValueError):
        schedule_name("SUF-BCDF-3479", f"{'a' * 60}#1")


@pytest.mark.parametrize("reference", ["SUF-B3KT-9WXM", "SALFD-B3KT-9WXM", "SUF-YEAR"])
@pytest.mark.parametrize("rule", ["acknowledge", "national-notice-c3", "a-20261124-b"])
def test_a_schedules_name_tells_its_reminder(reference: str, rule: str) -> None:
    reminder = f"{rule}#20261124#20261123"

    name = schedule_name(reference, reminder)

    assert reminder_of_schedule(name) == f"{reference}/{reminder}"


@pytest.mark.parametrize("name", ["", "backup-nightly", "SUF-B3KT-9WXM", "SUF-B3KT-9WXM-a-1-2"])
def test_another_schedules_name_tells_none(name: str) -> None:
    assert reminder_of_schedule(name) is None
