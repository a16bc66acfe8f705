"""How what a deployment changes is laid out at a terminal: what stands out comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from infra.deploy.changes import Change, Kind
from infra.deploy.template_parameters import ParameterChange

_STYLES = {Kind.REMOVED: "bold red", Kind.REPLACED: "bold red", Kind.ADDED: "green"}
_QUIET = (Kind.TAGGED, Kind.PUBLISHED)
_MOST_PROPERTIES = 4


def change_sheet(
    changes: Sequence[Change], parameters: Sequence[ParameterChange]
) -> Iterator[Table | str]:
    """A table of what changes; a line each for the parameters, and for what changes every time."""
    listed = [one for one in changes if one.kind not in _QUIET]
    if listed:
        yield _table(listed)
    if parameters:
        yield "Parameters:"
        yield from (f"  {_parameter(one)}" for one in parameters)
    if any(one.kind is Kind.PUBLISHED for one in changes):
        yield "The API is published anew, as at every update."
    if count := sum(one.kind is Kind.TAGGED for one in changes):
        yield f"Only their tags change: {count}."


def _table(changes: Sequence[Change]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Change", no_wrap=True)
    table.add_column("Resource", overflow="fold")
    table.add_column("Type", overflow="fold")
    table.add_column("What", overflow="fold")
    for change in changes:
        cells = (change.kind.value, change.name, _short(change.type), _what(change))
        table.add_row(*(Text(cell) for cell in cells), style=_STYLES.get(change.kind, ""))
    return table


def _parameter(change: ParameterChange) -> str:
    if change.secret:
        return f"{change.name}: changed"
    before = "(new)" if change.before is None else change.before or "(empty)"
    return f"{change.name}: {before} -> {change.after or '(empty)'}"


def _short(type_: str) -> str:
    return type_.removeprefix("AWS::")


def _what(change: Change) -> str:
    shown = change.what[:_MOST_PROPERTIES]
    more = len(change.what) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
