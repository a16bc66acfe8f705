"""Counts as they may be shown: whoever knows the rules cannot work a small one out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.referrals.suppression import (
    Row,
    Shown,
    ShownTable,
    Table,
    shown,
    shown_tables,
    tells,
)

SMALL = range(1, 5)


def a_table(counts: Sequence[int], name: str = "t", of: str = "cases") -> Table:
    """Every case in one line."""
    rows = tuple(Row(str(number), count) for number, count in enumerate(counts))
    return Table(name, of, sum(counts), rows)


@pytest.mark.parametrize(
    ("count", "number"),
    [(0, 0), *((small, None) for small in SMALL), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15),
     (99_998, 100_000)],
)  # fmt: skip
def test_a_count_is_shown_to_the_nearest_5_and_a_small_one_not(
    count: int, number: int | None
) -> None:
    assert shown(count) == Shown(number)


@given(st.integers(0, 10_000))
def test_what_is_shown_says_truly_between_which_numbers_the_count_is(count: int) -> None:
    assert shown(count).low <= count <= shown(count).high


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_counts_that_are_shown_alike_have_the_same_bounds_and_no_small_one_is_alone(
    one: int, other: int
) -> None:
    if shown(one) == shown(other):
        assert (shown(one).low, shown(one).high) == (shown(other).low, shown(other).high)
    if one in SMALL:
        assert all(shown(small) == shown(one) for small in SMALL)


@pytest.mark.parametrize("counts", [[9], [4, 5], [1], [4, 4], [9, 0], [0, 0]])
def test_a_table_of_fewer_than_10_is_not_shown(counts: list[int]) -> None:
    (table,) = shown_tables([a_table(counts)])

    assert table.rows is None
    assert table.total == shown(sum(counts))


def test_a_table_of_10_is_shown_with_its_zeros() -> None:
    (table,) = shown_tables([a_table([10, 0])])

    assert table.rows == (("0", Shown(10)), ("1", Shown(0)))


@pytest.mark.parametrize("counts", [[4] * 7, [1] * 12])
def test_a_table_whose_small_counts_follow_from_its_total_is_not_shown(counts: list[int]) -> None:
    # 28 is shown as 30, so at least 28: seven numbers of at most 4 must all be 4.
    (table,) = shown_tables([a_table(counts)])

    assert table.rows is None


def test_tables_of_the_same_cases_are_left_out_when_together_they_tell_a_count() -> None:
    # 16 is shown as 15, which may be 13. Beside two counts shown as 10 it is at least 16: then four
    # numbers of at most 4 must all be 4.
    fours, eights = a_table([4] * 4, "fours"), a_table([8, 8], "eights")

    (alone,) = shown_tables([fours])
    together = shown_tables([eights, fours])

    assert alone.rows is not None
    assert [table.rows for table in together] == [None, None]


def _told(tables: Sequence[Table], drawn: Sequence[ShownTable]) -> list[tuple[str, str]]:
    """The small counts of the tables shown that can be only one number, by trying every total.

    Written apart from what it checks: a total is possible when each table can add up to it, and a
    count is possible when the rest of its table can then add up to what is left.
    """
    known = [(table, one) for table, one in zip(tables, drawn, strict=True) if one.rows is not None]
    totals = [
        total
        for total in range(10, 200)
        if all(one.total.low <= total <= one.total.high for _, one in known)
        and all(_adds_up([number for _, number in one.rows or ()], total) for _, one in known)
    ]
    found = []
    for table, one in known:
        assert one.rows is not None
        for place, row in enumerate(table.rows):
            if row.count not in SMALL:
                continue
            rest = [number for at, (_, number) in enumerate(one.rows) if at != place]
            possible = {
                small for small in SMALL for total in totals if _adds_up(rest, total - small)
            }
            assert row.count in possible
            if len(possible) < 2:
                found.append((one.name, row.name))
    return found


def _adds_up(numbers: Sequence[Shown], total: int) -> bool:
    return sum(one.low for one in numbers) <= total <= sum(one.high for one in numbers)


COUNTS = st.one_of(st.integers(0, 5), st.integers(0, 25))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_small_count_can_be_worked_out_from_tables_of_the_same_cases(
    data: st.DataObject,
) -> None:
    first = data.draw(st.lists(COUNTS, min_size=1, max_size=9))
    total = sum(first)
    others = data.draw(st.lists(_partitions(total), max_size=3))
    tables = [a_table(counts, str(n)) for n, counts in enumerate([first, *others])]

    drawn = shown_tables(tables)

    assert _told(tables, drawn) == []


@st.composite
def _partitions(draw: st.DrawFn, total: int) -> list[int]:
    """Counts that add up to a total, small ones above all."""
    counts: list[int] = []
    left = total
    while left and len(counts) < 12:
        counts.append(draw(st.integers(0, min(left, draw(st.sampled_from([1, 4, 8, left]))))))
        left -= counts[-1]
    return [*counts, left]


def _all_of(lines: int, below: int) -> Iterator[tuple[int, ...]]:
    return product(range(below), repeat=lines)


@pytest.mark.parametrize(("lines", "below"), [(1, 40), (2, 26), (3, 17)])
def test_of_every_small_table_what_is_shown_fits_several_counts(lines: int, below: int) -> None:
    """The strongest reader: knows the rules, and tries every table there could be."""
    seen: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for counts in _all_of(lines, below):
        (table,) = shown_tables([a_table(counts)])
        seen[table.total, table.rows].append(counts)

    # What also fits larger tables than were tried is left out: not all that fits it is here.
    whole = [fits for fits in seen.values() if max(map(max, fits)) < below - 5]
    told = [
        fits
        for fits in whole
        for place in range(lines)
        if len({counts[place] for counts in fits}) == 1 and fits[0][place] in SMALL
    ]
    assert len(whole) > lines
    assert told == []


def test_of_every_pair_of_small_tables_of_the_same_cases_too() -> None:
    seen: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for a, b, c in _all_of(3, 18):
        if a + b + c > 17:
            continue
        for d in range(a + b + c + 1):
            pair = [a_table((a, b, c), "one"), a_table((d, a + b + c - d), "two")]
            key = tuple((table.total, table.rows) for table in shown_tables(pair))
            seen[key].append((a, b, c, d, a + b + c - d))

    # A total is shown as at most 15 when it is at most 17: all of those were tried.
    told = [
        fits
        for fits in seen.values()
        for place in range(5)
        if len({counts[place] for counts in fits}) == 1 and fits[0][place] in SMALL
    ]
    assert told == []


def an_overlapping(answers: Sequence[frozenset[str]]) -> Table:
    """A table in which a case may be in several lines, as `statistics.py` makes them."""
    chosen = [answer or frozenset({"none"}) for answer in answers]
    several = {code for codes in chosen if len(codes) > 1 for code in codes}
    names = sorted({code for codes in chosen for code in codes})
    rows = tuple(
        Row(name, sum(name in codes for codes in chosen), name not in several) for name in names
    )
    return Table("several", "cases", len(answers), rows)


def test_of_every_small_table_of_several_answers_what_is_shown_fits_several_counts() -> None:
    kinds = [frozenset(""), frozenset("a"), frozenset("b"), frozenset("ab")]
    seen: dict[ShownTable, list[dict[str, int]]] = defaultdict(list)
    for numbers in _all_of(4, 9):
        if 10 <= sum(numbers) <= 17:
            answers = [k for kind, n in zip(kinds, numbers, strict=True) for k in [kind] * n]
            table = an_overlapping(answers)
            (drawn,) = shown_tables([table])
            seen[drawn].append({row.name: row.count for row in table.rows})

    told = [
        fits
        for drawn, fits in seen.items()
        for name, _ in drawn.rows or ()
        if len({fit[name] for fit in fits}) == 1 and fits[0][name] in SMALL
    ]
    assert told == []


@pytest.mark.parametrize(
    ("least", "most", "told"), [(10, 12, False), (12, 12, True), (3, 3, True), (4, 11, False)]
)
def test_small_counts_follow_from_a_total_at_the_end_of_what_they_can_add_up_to(
    least: int, most: int, told: bool
) -> None:
    table = a_table([4, 4, 4] if least > 3 else [1, 1, 1])

    assert tells(table, least, most) is told


def test_tables_of_other_cases_do_not_hide_each_other() -> None:
    tables = shown_tables([a_table([4] * 7, "a", "cases"), a_table([20, 3], "b", "people")])

    assert [table.rows is None for table in tables] == [True, False]
