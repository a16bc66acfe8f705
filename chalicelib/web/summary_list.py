"""Answers as rows of GOV.UK's summary list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any


def summary_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The macro's parameters from rows of {key, value_lines, answered, change_href,
    change_hidden_text}; the last three may be missing. Line breaks that a person typed stay."""
    return {"rows": [_row(row) for row in rows]}


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    typed = "\n".join(str(line) for line in row["value_lines"])
    value = "<br>".join(escape(line) for line in typed.split("\n"))
    if row.get("answered") is False:
        value = f'<span class="app-not-answered">{value}</span>'
    drawn: dict[str, Any] = {"key": {"text": row["key"]}, "value": {"html": value}}
    if row.get("change_href"):
        hidden = row.get("change_hidden_text")
        change = {"href": row["change_href"], "text": "Change", "visuallyHiddenText": hidden}
        drawn["actions"] = {"items": [change]}
    return drawn
