"""A value in a definition file, together with where it stands: every finding can then say where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.forms.definition import DefinitionError, Finding


class Node(NamedTuple):
    """One JSON value of a definition file and its JSON pointer."""

    file: str
    pointer: str
    value: Any

    def at(self, *keys: str | int) -> Node:
        """The value under these keys, or an empty object, so that a path can be followed."""
        value, pointer = self.value, self.pointer
        for key in keys:
            if isinstance(value, dict):
                value = value.get(key, _NOTHING)
            else:
                value = value[int(key)] if isinstance(value, list) else _NOTHING
            step = str(key)
            if "/" in step or "~" in step:
                step = step.replace("~", "~0").replace("/", "~1")
            pointer = f"{pointer}/{step}"
        return Node(self.file, pointer, value)

    def has(self, key: str) -> bool:
        """Does this object have the key?"""
        return isinstance(self.value, dict) and key in self.value

    def get(self, key: str, default: Any = None) -> Any:
        """The plain value under a key."""
        return self.value.get(key, default) if isinstance(self.value, dict) else default

    def members(self) -> Iterator[tuple[str, Node]]:
        """The members of an object."""
        for key in self.value if isinstance(self.value, dict) else ():
            yield key, self.at(key)

    def each(self) -> Iterator[Node]:
        """The items of an array."""
        for index in range(len(self.value) if isinstance(self.value, list) else 0):
            yield self.at(index)

    def finding(self, message: str, remedy: str) -> Finding:
        """Something wrong here, and what to do about it."""
        return Finding(self.file, self.pointer, message, remedy)


_NOTHING: dict[str, Any] = {}


def read_json(path: Path, shown_as: str) -> Node:
    """The document of a definition file.

    Raises DefinitionError when the file cannot be read, is not JSON, or has a key twice.
    """
    twice: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _ in pairs]
            twice.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return made

    root = Node(shown_as, "", None)
    try:
        value = json.loads(path.read_bytes(), object_pairs_hook=members)
    except OSError:
        finding = root.finding("the file cannot be read", "Add the file or correct its name")
        raise DefinitionError((finding,)) from None
    except ValueError as error:
        finding = root.finding(f"this is not JSON: {error}", "Correct it where the message says")
        raise DefinitionError((finding,)) from None
    if twice:
        doubles = (root.finding(f'the key "{key}" is there twice', "Keep one") for key in twice)
        raise DefinitionError(tuple(doubles))
    return Node(shown_as, "", value)
