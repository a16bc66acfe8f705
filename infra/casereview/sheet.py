"""How deadlines are laid out at a terminal: the due date at the left, all about it at the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text

_WIDEST = 120  # columns: a longer line is hard to follow


def terminal() -> Console:
    """Writes to the terminal or, in black and white at 80 columns, to a file or another program."""
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, _WIDEST)
    return console


def short(day: date) -> str:
    """`Fri 18 Dec 2026`."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


@dataclass(frozen=True)
class Items:
    """A heading and a list on as few lines as it takes, none of its items ever broken."""

    heading: str
    items: Sequence[str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        line = self.heading
        for index, item in enumerate(self.items):
            word = f"{item}," if index < len(self.items) - 1 else item
            if cell_len(f"{line} {word}") > options.max_width and line != self.heading:
                yield Text(line)
                line = f"  {word}"
            else:
                line = f"{line} {word}"
        yield Text(line)


@dataclass(frozen=True)
class Entry:
    """One deadline, and the `name` that a file or this command has for it.

    `beside` stands under the due date; `lines` follow the title.
    """

    due: date
    name: str
    title: str
    lines: Sequence[str | Items]
    beside: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Together:
    """Deadlines of one duty, and the note that says how to read them side by side, if several."""

    note: str
    entries: Sequence[Entry]


def sheet(groups: Iterable[Together]) -> Table:
    """The table. No due date is ever wrapped or cut, however narrow the terminal."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, leading=1, expand=True)
    table.add_column("Due", no_wrap=True, min_width=len("Fri 18 Dec 2026"))
    table.add_column("Deadline", ratio=1, overflow="fold")
    for group in groups:
        if group.note:
            table.add_row("", Text(group.note, style="italic"))
        for entry in group.entries:
            table.add_row(_left(entry), _right(entry))
    return table


def _left(entry: Entry) -> RenderableType:
    return Group(Text(short(entry.due), style="bold"), *(Text(line) for line in entry.beside))


def _right(entry: Entry) -> RenderableType:
    lines = (Text(line) if isinstance(line, str) else line for line in entry.lines)
    title = Text.assemble((entry.title, "bold"), (f" ({entry.name})", "dim"))
    return Group(title, *lines)
