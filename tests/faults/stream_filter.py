"""The part of EventBridge's filter patterns that the stack's filter uses: lists, and prefixes."""

from collections.abc import Iterable, Mapping
from typing import Any


def lets_through(patterns: Iterable[Mapping[str, Any]], record: Mapping[str, Any]) -> bool:
    """Whether any of the patterns matches. Raises ValueError for a pattern of another kind."""
    return any(_matches(pattern, record) for pattern in patterns)


def _matches(pattern: Mapping[str, Any], value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    for name, wanted in pattern.items():
        if isinstance(wanted, Mapping):
            if not _matches(wanted, value.get(name)):
                return False
        elif not any(_is(one, value.get(name)) for one in wanted):
            return False
    return True


def _is(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(wanted == value)
    if set(wanted) != {"prefix"}:
        raise ValueError(f"a pattern that the model does not know: {wanted}")
    return isinstance(value, str) and value.startswith(wanted["prefix"])
