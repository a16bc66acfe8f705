"""A JSON file: what stands in it and what it weighs on its way to the browser. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

# A lone half of a character: no UTF-8 text holds one.
_HALF = re.compile("[\ud800-\udfff]")


def json_text(facts: Mapping[str, Any], name: str, items: Iterable[Any]) -> str:
    """`facts`, and under `name` a list that has a line for each item."""
    head = dump(facts)[:-1]
    lines = ",\n".join(map(dump, items))
    return f"{head}{',' if facts else ''}\n{dump(name)}: [\n{lines}\n]}}\n"


def dump(value: Any) -> str:
    """A JSON value in one line; all of it can be encoded."""
    return _HALF.sub("\ufffd", json.dumps(value, ensure_ascii=False))


def dump_readable(value: Any) -> str:
    """A JSON value in many lines, for whoever opens it in an editor."""
    return _HALF.sub("\ufffd", json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def carried(text: str) -> int:
    """How many bytes a text takes in the answer of a function, which is JSON itself, at most."""
    return len(json.dumps(text))


def plain(value: Any, left_out: Mapping[type, frozenset[str]]) -> Any:
    """The JSON value of what the domain is made of, without some fields of some classes.

    Days are `2026-04-01`, instants of UTC `2026-04-01T08:00:00Z`.
    """
    if is_dataclass(value) and not isinstance(value, type):
        secret = left_out.get(type(value), frozenset())
        return {
            item.name: plain(getattr(value, item.name), left_out)
            for item in fields(value)
            if item.name not in secret
        }
    if isinstance(value, Mapping):
        return {str(name): plain(item, left_out) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, left_out) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item, left_out) for item in value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
