"""What an experiment found: figures to print, and whatever is not as it must be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Row = Mapping[str, object]


@dataclass
class Figures:
    """Rows of one table, with the same columns; `problems` tell how to repeat them."""

    title: str
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, **row: object) -> None:
        self.rows.append(row)

    def total(self, column: str) -> int:
        """The sum of a column of numbers."""
        return sum(int(str(row[column])) for row in self.rows)

    def text(self) -> str:
        """A table for a terminal."""
        lines = [f"\n{self.title}", *_table(self.rows)]
        lines += [f"  PROBLEM: {problem}" for problem in self.problems]
        return "\n".join(lines)


def _table(rows: Iterable[Row]) -> list[str]:
    cells = [[name.replace("_", " ") for name in row] for row in list(rows)[:1]]
    cells += [[str(value) for value in row.values()] for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(len(cells[0]))]
    return [
        "  " + "  ".join(_padded(cell, width, place) for place, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(line, widths, strict=True)) for line in cells)
    ]


def _padded(cell: str, width: int, place: int) -> str:
    return cell.ljust(width) if place == 0 else cell.rjust(width)
