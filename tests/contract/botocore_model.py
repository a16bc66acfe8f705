"""Check a call against AWS's own model of it: what emulators accept and AWS refuses.

botocore checks types, required members and lower bounds before a call. The model it carries says
more: patterns, upper bounds, enumerations. This handler checks those too, at every call.
"""

import re
from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape


class AwsWouldRefuse(AssertionError):
    """A parameter breaks AWS's own model of the call."""


def watch(client: Any) -> Any:
    """The client, checked at every call from now on."""
    client.meta.events.register("provide-client-params.*.*", _check)
    return client


def _check(params: dict[str, Any], model: OperationModel, **_: Any) -> None:
    if model.input_shape is None:
        return
    faults = list(_faults(model.input_shape, params, model.name))
    if faults:
        raise AwsWouldRefuse("; ".join(faults))


def _faults(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for name, member in value.items():
            if name in shape.members:
                yield from _faults(shape.members[name], member, f"{path}.{name}")
    elif isinstance(shape, ListShape) and isinstance(value, list | tuple):
        yield from _out_of_bounds(shape, len(value), path)
        for index, member in enumerate(value):
            yield from _faults(shape.member, member, f"{path}[{index}]")
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for key, member in value.items():
            yield from _faults(shape.key, key, f"{path}.{key}")
            yield from _faults(shape.value, member, f"{path}.{key}")
    else:
        yield from _scalar_faults(shape, value, path)


def _scalar_faults(shape: Shape, value: Any, path: str) -> Iterator[str]:
    rules = shape.metadata
    if isinstance(value, str):
        yield from _out_of_bounds(shape, len(value), path)
        # Java's patterns are anchored by AWS; \p{..} classes have no equal in Python's `re`.
        pattern = rules.get("pattern", "")
        if pattern and "\\p{" not in pattern and re.search(rf"\A(?:{pattern})\Z", value) is None:
            yield f"{path} does not match {pattern}"
        if rules.get("enum") and value not in rules["enum"]:
            yield f"{path} is not one of {rules['enum']}"
    elif isinstance(value, int) and not isinstance(value, bool):
        yield from _out_of_bounds(shape, value, path)


def _out_of_bounds(shape: Shape, size: int, path: str) -> Iterator[str]:
    rules = shape.metadata
    if not rules.get("min", size) <= size <= rules.get("max", size):
        yield f"{path} is outside {rules.get('min')} to {rules.get('max')}"
