"""JSON Schema validation: the one place that knows jsonschema-rs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs

DEEPEST = 12
"""Answers nest three deep; a document that goes much deeper attacks the validator's stack."""


@dataclass(frozen=True)
class Failure:
    """One failed keyword: where, which, and its limit."""

    path: tuple[str | int, ...]
    keyword: str
    limit: Any = None


class Validator:
    """A compiled schema. Author patterns run on the linear-time engine; formats are checked."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._compiled = jsonschema_rs.Draft202012Validator(
            dict(schema), pattern_options=jsonschema_rs.RegexOptions(), validate_formats=True
        )

    def failures(self, document: Any) -> list[Failure]:
        """Every failed keyword, each once, in no promised order."""
        found = {
            (failure.path, failure.keyword): failure
            for error in self._compiled.iter_errors(document)
            for failure in _failures(error)
        }
        return list(found.values())


def _failures(error: jsonschema_rs.ValidationError) -> Iterator[Failure]:
    path = tuple(error.instance_path)
    details = error.kind.as_dict()
    keyword = str(error.kind.name)
    if keyword == "additionalProperties":
        for name in details["unexpected"]:
            yield Failure((*path, name), "unknown")
    elif keyword == "required":
        yield Failure((*path, details["property"]), _last_keyword(error.schema_path))
    else:
        yield Failure(path, keyword, details.get("limit"))


def _last_keyword(schema_path: list[str | int]) -> str:
    """`dependentRequired` is reported as `required`: the schema path tells them apart."""
    return "dependentRequired" if "dependentRequired" in schema_path else "required"


def unsafe(value: Any, depth: int = 0) -> tuple[tuple[str | int, ...], str] | None:
    """Path and rule of the first thing that no validator should be given, if there is one.

    Half surrogate pairs cannot be encoded; very deep documents exhaust a stack; numbers that are
    not numbers are not JSON.
    """
    if isinstance(value, str):
        return ((), "characters") if _broken(value) else None
    if depth > DEEPEST or (isinstance(value, float) and value * 0 != 0):
        return (), "type"
    if not isinstance(value, Mapping | list):
        return None
    members = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, child in members:
        if isinstance(key, str) and _broken(key):
            return (), "characters"
        found = unsafe(child, depth + 1)
        if found:
            return (key, *found[0]), found[1]
    return None


def _broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def is_pattern(pattern: str) -> bool:
    """Can the linear-time engine match this?"""
    try:
        _pattern(pattern)
    except ValueError:
        return False
    return True


def matches(pattern: str, text: str) -> bool:
    """Does the pattern match anywhere in the text, as JSON Schema's `pattern` does?"""
    return _pattern(pattern).is_valid(text)


@lru_cache(maxsize=64)
def _pattern(pattern: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions()
    )
