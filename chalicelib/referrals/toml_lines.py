"""On which line of a TOML text a key or table is: pure."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

# Keys from the top of the document; a number counts the tables of `[[...]]` from 0.
Place = tuple[str | int, ...]


def line_of(lines: Mapping[Place, int], place: Place) -> int:
    """The line of a place, or of the nearest thing around it that the text has."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def lines_of(source: str) -> dict[Place, int]:
    """The line, counted from 1, on which each table and key of a valid TOML text begins."""
    lines: dict[Place, int] = {(): 1}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, text in _statements(source):
        written = tomllib.loads(text)
        is_header = text.lstrip().startswith("[")
        if is_header:
            table = _table(written, counts)
        for place in [table] if is_header else [table + keys for keys in _keys(written)]:
            for length in range(1, len(place) + 1):
                lines.setdefault(place[:length], number)
    return lines


def _statements(source: str) -> Iterator[tuple[int, str]]:
    """Each header, key with its whole value, comment or blank line, which is TOML of its own."""
    lines = source.replace("\r\n", "\n").split("\n")
    start = 0
    while start < len(lines):
        end = start + 1
        while not _is_toml("\n".join(lines[start:end])):
            end += 1
        yield start + 1, "\n".join(lines[start:end])
        start = end


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _table(header: Mapping[str, Any], counts: dict[Place, int]) -> Place:
    """Where the keys below a header belong; counts one more table for `[[...]]`."""
    place: Place = ()
    inner: Any = header
    while isinstance(inner, Mapping) and inner:
        ((name, inner),) = inner.items()
        place = (*place, name)
        if isinstance(inner, list):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _keys(written: Mapping[str, Any]) -> Iterator[Place]:
    for name, value in written.items():
        yield (name,)
        if isinstance(value, Mapping):
            yield from ((name, *inner) for inner in _keys(value))
