"""On which line of a JSON text each value is, by its JSON pointer: pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def pointer_line(text: str, pointer: str) -> int:
    """The line of a pointer, counted from 1, or of the nearest value around it that is there.

    A text that is no JSON has one line for all: the first.
    """
    try:
        places = dict(_values(text, _after_blank(text, 0), ""))
    except (ValueError, StopIteration, IndexError):
        return 1
    while pointer not in places and pointer:
        pointer = pointer.rpartition("/")[0]
    return text.count("\n", 0, places.get(pointer, 0)) + 1


def _values(text: str, start: int, pointer: str) -> Iterator[tuple[str, int]]:
    """Each value's pointer with the index at which it, or its key, begins."""
    yield pointer, start
    yield from _inside(text, start, pointer)


def _inside(text: str, start: int, pointer: str) -> Iterator[tuple[str, int]]:
    """What stands in an object or array; yields nothing for any other value."""
    closing = {"{": "}", "[": "]"}.get(text[start])
    if closing is None:
        return
    index, number = _after_blank(text, start + 1), 0
    while text[index] != closing:
        begins, step = index, str(number)
        if closing == "}":
            step, index = _DECODER.raw_decode(text, index)
            index = _after_blank(text, _after_blank(text, index) + 1)  # the colon
        below = f"{pointer}/{step.replace('~', '~0').replace('/', '~1')}"
        yield below, begins
        yield from _inside(text, index, below)
        index = _after_blank(text, _DECODER.raw_decode(text, index)[1])
        index = _after_blank(text, index + 1) if text[index] == "," else index
        number += 1


def _after_blank(text: str, index: int) -> int:
    found = _BLANK.match(text, index)
    return found.end() if found else index
