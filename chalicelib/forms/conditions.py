"""`when`: a condition over earlier answers, and the JSON Schema that means the same.

`{"question": "value"}` is met when the answer is, or among checkboxes includes, the value; a list
of values means any of them; `{"question": {"answered": true}}` needs any answer. Several keys must
all be met. `all`, `any` and `not` combine conditions. A question that is not asked meets nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

COMBINERS = ("all", "any", "not")

Schema = dict[str, Any]
Reach = Callable[[str], Schema | None]
"""For a question: the schema that holds exactly when it is asked; None when it always is."""


def holds(condition: Mapping[str, Any] | None, answers: Mapping[str, Any]) -> bool:
    """Is the condition met by these answers, all of them on the path? No condition always is."""
    return condition is None or all(_holds(key, value, answers) for key, value in condition.items())


def _holds(key: str, value: Any, answers: Mapping[str, Any]) -> bool:
    if key == "all":
        return all(holds(part, answers) for part in value)
    if key == "any":
        return any(holds(part, answers) for part in value)
    if key == "not":
        return not holds(value, answers)
    if key not in answers:
        return False
    return isinstance(value, Mapping) or _matches(answers[key], wanted(value))


def _matches(answer: Any, values: Sequence[Any]) -> bool:
    """Compared by type as well: JSON Schema tells true from 1, Python does not."""
    given = answer if isinstance(answer, list) else [answer]
    return any(type(one) is type(value) and one == value for one in given for value in values)


def wanted(value: Any) -> Sequence[Any]:
    """The values of a leaf as a list."""
    return value if isinstance(value, list | tuple) else [value]


def leaves(condition: Mapping[str, Any] | None) -> Iterator[tuple[str, Any]]:
    """Every (question, value) that a well-formed condition names."""
    for key, value in (condition or {}).items():
        if key in ("all", "any"):
            for part in value:
                yield from leaves(part)
        elif key == "not":
            yield from leaves(value)
        else:
            yield key, value


def names(condition: Mapping[str, Any] | None) -> frozenset[str]:
    """Every question that a well-formed condition names."""
    return frozenset(name for name, _ in leaves(condition))


def conjuncts(condition: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The conditions that must all be met, each as small as it goes."""
    parts: list[Mapping[str, Any]] = []
    for key, value in (condition or {}).items():
        if key == "all":
            for part in value:
                parts += conjuncts(part)
        else:
            parts.append({key: value})
    return parts


def as_schema(condition: Mapping[str, Any], reach: Reach) -> Schema:
    """The JSON Schema met by exactly the answer sets that meet the condition.

    `reach` adds to every leaf that its question is asked at all, so that a stale answer counts for
    nothing: the walker and the schema then agree on every answer set, not only on clean ones.
    """
    return together([_schema(key, value, reach) for key, value in condition.items()])


def _schema(key: str, value: Any, reach: Reach) -> Schema:
    if key == "all":
        return together([as_schema(part, reach) for part in value])
    if key == "any":
        return {"anyOf": [as_schema(part, reach) for part in value]}
    if key == "not":
        return {"not": as_schema(value, reach)}
    present: Schema = {"required": [key]}
    if not isinstance(value, Mapping):
        one = {"enum": list(wanted(value))}
        present["properties"] = {
            key: {"if": {"type": "array"}, "then": {"contains": one}, "else": one}
        }
    asked = reach(key)
    return present if asked is None else together([asked, present])


def together(schemas: Sequence[Schema]) -> Schema:
    """One schema met when all are."""
    return schemas[0] if len(schemas) == 1 else {"allOf": list(schemas)}
