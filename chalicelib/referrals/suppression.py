"""Counts as they may be shown: no number of 1 to 4, nor anything that one could be worked out from.

Counts of 5 and more are shown to the nearest 5. A table is left out as a whole when its cases are
fewer than 10, and all tables of the same cases are when what they show together would leave only
one number possible for a count of 1 to 4. Who looks is taken to know these rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 5
ROUNDED_TO = 5
# A table of fewer cases would say of each of them what it says of all.
LEAST_IN_A_TABLE = 10
# Nothing is known of the number.
MOST = 10**9


@dataclass(frozen=True)
class Shown:
    """A count as it is shown: to the nearest 5, or None for fewer than 5 and not none."""

    number: int | None

    @property
    def low(self) -> int:
        """The least that the count can be."""
        if self.number is None:
            return 1
        return max(self.number - ROUNDED_TO // 2, SMALLEST) if self.number else 0

    @property
    def high(self) -> int:
        """The most that the count can be."""
        if self.number is None:
            return SMALLEST - 1
        return self.number + ROUNDED_TO // 2 if self.number else 0


@dataclass(frozen=True)
class Row:
    """One line of a table. `alone`: what is counted here is counted in no other line."""

    name: str
    count: int
    alone: bool = True


@dataclass(frozen=True)
class Table:
    """Lines that together count `total`: each of it in one line, or in any of those not `alone`.

    `of` names what is counted; tables of the same name have the same total.
    """

    name: str
    of: str
    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ShownTable:
    """A table as it is shown: `rows` is None when its lines are not."""

    name: str
    of: str
    total: Shown
    rows: tuple[tuple[str, Shown], ...] | None


def shown(count: int) -> Shown:
    """A count by itself."""
    if 0 < count < SMALLEST:
        return Shown(None)
    return Shown((count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO)


def shown_tables(tables: Sequence[Table]) -> tuple[ShownTable, ...]:
    """The tables as they may be shown beside each other.

    When one tells a small count, none of the same cases is shown: to leave out that one alone would
    tell that it does, and so more of the total than is shown.
    """
    fitting = [
        one
        for one in tables
        if one.total >= LEAST_IN_A_TABLE and any(row.count for row in one.rows)
    ]
    windows = _windows(fitting)
    telling = {one.of for one in fitting if tells(one, *windows[one.of])}
    drawn = {one.name for one in fitting if one.of not in telling}
    return tuple(_as_shown(table, table.name in drawn) for table in tables)


def _as_shown(table: Table, drawn: bool) -> ShownTable:
    rows = tuple((row.name, shown(row.count)) for row in table.rows) if drawn else None
    return ShownTable(table.name, table.of, shown(table.total), rows)


def _windows(tables: Iterable[Table]) -> Mapping[str, tuple[int, int]]:
    """What can be known of each total from the tables that are shown: the least and the most."""
    known: dict[str, tuple[int, int]] = {}
    for table in tables:
        total = shown(table.total)
        low, high = known.get(table.of, (LEAST_IN_A_TABLE, MOST))
        least, most = _sum_of(table)
        known[table.of] = (max(low, total.low, least), min(high, total.high, most))
    return known


def _sum_of(table: Table) -> tuple[int, int]:
    alone, others = _parts(table)
    least = sum(one.low for one in alone) + max((one.low for one in others), default=0)
    return least, sum(one.high for one in (*alone, *others))


def _parts(table: Table, but: Row | None = None) -> tuple[list[Shown], list[Shown]]:
    """The lines as shown, those that are alone first; without one of them."""
    left = [row for row in table.rows if row is not but]
    return (
        [shown(row.count) for row in left if row.alone],
        [shown(row.count) for row in left if not row.alone],
    )


def tells(table: Table, least: int, most: int) -> bool:
    """Whether a small count follows from the others, of a total that is in [least, most]."""
    return any(_follows(table, row, least, most) for row in table.rows if _is_small(row.count))


def _is_small(count: int) -> bool:
    return 0 < count < SMALLEST


def _follows(table: Table, row: Row, least: int, most: int) -> bool:
    alone, others = _parts(table, row)
    low = least - sum(one.high for one in (*alone, *others))
    high = most - sum(one.low for one in alone)
    if row.alone:
        # Those that are not alone may all be counts of the same cases.
        high -= max((one.low for one in others), default=0)
    own = shown(row.count)
    return max(low, own.low) >= min(high, own.high)
