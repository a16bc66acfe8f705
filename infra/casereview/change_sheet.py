"""How the changes of a change set are laid out at a terminal: what stands out comes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from infra.deploy.changes import Change, Kind

_STYLES = {Kind.REMOVED: "bold red", Kind.REPLACED: "bold red", Kind.ADDED: "green"}
_MOST_PROPERTIES = 4


def change_table(changes: Sequence[Change]) -> Table:
    """Those that only change their tags are not listed: `tags_only` counts them."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Change", no_wrap=True)
    table.add_column("Resource", overflow="fold")
    table.add_column("Type", overflow="fold")
    table.add_column("What", overflow="fold")
    for change in changes:
        if change.kind is not Kind.TAGGED:
            style = _STYLES.get(change.kind, "")
            cells = (change.kind.value, change.name, _short(change.type), _what(change))
            table.add_row(*(Text(cell) for cell in cells), style=style)
    return table


def tags_only(changes: Sequence[Change]) -> int:
    return sum(change.kind is Kind.TAGGED for change in changes)


def change_document(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """For another program."""
    return [
        {
            "change": change.kind.value.lower(),
            "resource": change.name,
            "type": change.type,
            "what": list(change.what),
        }
        for change in changes
    ]


def _short(type_: str) -> str:
    return type_.removeprefix("AWS::")


def _what(change: Change) -> str:
    shown = change.what[:_MOST_PROPERTIES]
    more = len(change.what) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
