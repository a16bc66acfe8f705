"""A case as JSON values, by the types of its own fields.

A field that the stored document lacks has its default, and one that is no longer a field is left
out: cases stored by an earlier version, or by a later one that was taken back, are still read.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from chalicelib.referrals.case import Case
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.times import from_text, to_text

Value = TypeVar("Value")
_FROM_TEXT: dict[type, Callable[[str], Any]] = {datetime: from_text, date: date.fromisoformat}


def document_of(value: Any) -> Any:
    """The JSON value of a case or of a part of one; an instant is as `to_text` writes it."""
    if is_dataclass(value):
        return {item.name: document_of(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {name: document_of(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [document_of(item) for item in value]
    if isinstance(value, datetime):
        return to_text(value)
    return value.isoformat() if isinstance(value, date) else value


def case_from(document: Mapping[str, Any]) -> Case:
    """The case that `document_of` made a document of."""
    case: Case = _reader(Case)(document)
    return case


def value_from(kind: Callable[..., Value], document: Mapping[str, Any]) -> Value:
    """The value of another dataclass, `kind`, that `document_of` made a document of."""
    value: Value = _reader(kind)(document)
    return value


def copied(case: Case) -> Case:
    """The case as it comes back from a store."""
    return case_from(unpack(pack(document_of(case))))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a JSON value a value of a type again; looked up once for each type."""
    inside = [_reader(one) for one in get_args(kind) if one not in (NoneType, Ellipsis)]
    container = get_origin(kind)
    if container is Mapping:
        return lambda value: {name: inside[1](item) for name, item in value.items()}
    if container is tuple:
        return lambda value: tuple(inside[0](item) for item in value)
    if inside:
        return lambda value: None if value is None else inside[0](value)
    if isinstance(kind, type) and is_dataclass(kind):
        return _part_reader(kind)
    if kind in _FROM_TEXT:
        return _FROM_TEXT[kind]
    return kind if issubclass(kind, StrEnum) else lambda value: value


def _part_reader(kind: type) -> Callable[[Any], Any]:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}

    def read(value: Mapping[str, Any]) -> Any:
        known = {name: readers[name](item) for name, item in value.items() if name in readers}
        return kind(**known)

    return read
