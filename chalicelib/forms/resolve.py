"""The type and the full schema of a question, from what the author wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.forms.definition import Finding
from chalicelib.forms.disclosures import KEYWORD, mark_findings
from chalicelib.forms.questions import REFERENCED, TYPES
from chalicelib.forms.shapes import nearest
from chalicelib.forms.source import Node

SHORT_TEXT = 200
"""A text that may be longer than this (characters) gets several lines."""
LONG_LIST = 12
"""Radios with more options than this become a select."""

_EVERYWHERE = frozenset({"$comment", "x-ask-once", KEYWORD})
_ALLOWED: Mapping[str, frozenset[str]] = {
    "text": frozenset({"type", "maxLength", "pattern", "x-question", "x-autocomplete"}),
    "textarea": frozenset({"type", "maxLength", "x-question"}),
    "number": frozenset({"type", "minimum", "maximum", "x-question"}),
    "email": frozenset({"$ref", "maxLength", "x-autocomplete", "x-warn-personal-domain"}),
    "phone": frozenset({"$ref", "maxLength", "x-autocomplete"}),
    "date": frozenset({"$ref", "x-not-future"}),
    "approximate_date": frozenset({"$ref", "x-not-future"}),
    "radios": frozenset({"type", "enum", "x-question"}),
    "select": frozenset({"type", "enum", "x-question"}),
    "checkboxes": frozenset({"type", "items", "uniqueItems", "x-question", "x-exclusive"}),
}
_LOGIC = frozenset(
    {
        *("not", "contains", "if", "then", "else", "allOf", "anyOf", "oneOf"),
        *("dependentRequired", "dependentSchemas", "patternProperties"),
        *("unevaluatedProperties", "unevaluatedItems"),
    }
)
AUTOCOMPLETE = frozenset({"name", "email", "tel", "organization", "organization-title"})
_AUTHORED = {"organisation": "organization", "job-title": "organization-title"}


def expanded(node: Node, definitions: Mapping[str, Any]) -> Node:
    """The schema with a reference to a shared definition (not to a question type) put in place."""
    reference = node.get("$ref")
    name = str(reference).removeprefix("#/$defs/")
    if reference is None or name in REFERENCED or name not in definitions:
        return node
    siblings = {key: value for key, value in node.value.items() if key != "$ref"}
    return Node(node.file, node.pointer, {**definitions[name], **siblings})


def type_of(node: Node) -> str | None:
    """The question type that a schema means; None when it means none."""
    override = node.get("x-question")
    if override is not None:
        return override if override in TYPES else None
    reference = node.get("$ref")
    if reference is not None:
        name = str(reference).removeprefix("#/$defs/")
        return name if name in REFERENCED else None
    if node.get("type") == "array":
        return "checkboxes"
    if node.get("type") == "integer":
        return "number"
    if node.get("type") != "string":
        return None
    if node.has("enum"):
        return "select" if len(node.get("enum")) > LONG_LIST else "radios"
    limit = node.get("maxLength")
    return "text" if isinstance(limit, int) and limit <= SHORT_TEXT else "textarea"


def full_schema(node: Node, kind: str) -> dict[str, Any]:
    """The schema of the answer: the type's own with the author's limits over it."""
    authored = {key: value for key, value in node.value.items() if key not in ("$ref", "$comment")}
    complete = authored.get("x-autocomplete")
    if complete is not None:
        authored["x-autocomplete"] = _AUTHORED.get(complete, complete)
    return {**TYPES[kind].base_schema, **authored}


def tightened(schema: dict[str, Any], kind: str, tighter: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with an overlay's narrower limits; options keep the order of the core form."""
    if "enum" not in tighter:
        return {**schema, **tighter}
    values = [value for value in options_of(schema, kind) if value in tighter["enum"]]
    if kind == "checkboxes":
        return {**schema, "items": {**schema["items"], "enum": values}}
    return {**schema, "enum": values}


def options_of(schema: Mapping[str, Any], kind: str) -> list[str]:
    """The values on offer; a declaration has one, and only where a text names it."""
    if kind == "checkboxes":
        return list(schema["items"]["enum"])
    return list(schema.get("enum", ()))


def schema_findings(node: Node) -> Iterator[Finding]:
    """What is wrong with an authored question schema."""
    kind = type_of(node)
    if kind is None:
        yield _typeless(node)
        return
    reference = {"$ref"} if kind in REFERENCED else set()
    allowed = _ALLOWED.get(kind, frozenset(reference)) | _EVERYWHERE
    for key in node.value:
        if key not in allowed:
            yield _unwanted(node, key, kind, allowed)
    yield from _value_findings(node, kind)


def _typeless(node: Node) -> Finding:
    if node.has("x-question"):
        at = node.at("x-question")
        return at.finding(f"there is no question type {at.value!r}", nearest(str(at.value), TYPES))
    if node.has("$ref"):
        at = node.at("$ref")
        known = [f"#/$defs/{name}" for name in REFERENCED]
        return at.finding(f"{at.value!r} leads nowhere", nearest(str(at.value), known))
    remedy = 'Write {"$ref": "#/$defs/<type>"}, or "type": "string", "integer" or "array"'
    return node.finding("no question type has such a schema", remedy)


def _unwanted(node: Node, key: str, kind: str, allowed: frozenset[str]) -> Finding:
    at = node.at(key)
    if key == "required":
        remedy = 'Remove it: an asked question is required unless "optional" or "if_known" lists it'
        return at.finding('"required" is never written by hand', remedy)
    if key in _LOGIC:
        remedy = 'Remove it and put a condition in "when" of a page'
        return at.finding(f'"{key}" cannot be asked as a question', remedy)
    return at.finding(f'"{key}" means nothing for a question of type {kind}', nearest(key, allowed))


def _value_findings(node: Node, kind: str) -> Iterator[Finding]:
    check = _CHECKS.get(kind)
    if check is not None:
        yield from check(node, kind)
    if node.has("x-autocomplete"):
        at = node.at("x-autocomplete")
        if _AUTHORED.get(at.value, at.value) not in AUTOCOMPLETE:
            known = sorted(AUTOCOMPLETE | _AUTHORED.keys())
            yield at.finding("browsers fill in nothing of this name here", f"Use one of: {known}")
    if node.has("pattern"):
        yield from _pattern_findings(node.at("pattern"))
    if node.has(KEYWORD):
        yield from mark_findings(node, kind)


def _text_findings(node: Node, _: str) -> Iterator[Finding]:
    if not _whole(node.get("maxLength"), 1):
        remedy = 'Add "maxLength", the most characters that an answer may have'
        yield node.finding("a text needs a limit", remedy)


def _narrower_findings(node: Node, kind: str) -> Iterator[Finding]:
    most = TYPES[kind].base_schema["maxLength"]
    limit = node.get("maxLength", most)
    if not _whole(limit, 1) or limit > most:
        yield node.at("maxLength").finding("this is no narrower limit", f"Write 1 to {most}")


def _number_findings(node: Node, _: str) -> Iterator[Finding]:
    missing = [key for key in ("minimum", "maximum") if not _whole(node.get(key), None)]
    for key in missing:
        yield node.finding(f'a number needs a whole "{key}"', f'Add "{key}"')
    if not missing and node.get("minimum") > node.get("maximum"):
        yield node.finding("no number is allowed", 'Make "minimum" less than "maximum"')


def _whole(value: Any, least: int | None) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and (least is None or value >= least)


def _enum_findings(node: Node, _: str = "") -> Iterator[Finding]:
    values = node.get("enum")
    if not isinstance(values, list) or not values or not all(_is_value(one) for one in values):
        yield node.at("enum").finding("options are needed here", 'Write "enum": ["a_value", ...]')
    elif len(set(values)) < len(values):
        yield node.at("enum").finding("an option is there twice", "Keep one")


def _is_value(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and value == value.strip()


def _checkbox_findings(node: Node, _: str) -> Iterator[Finding]:
    items = node.at("items")
    if not isinstance(items.value, dict) or not items.has("enum") or node.get("type") != "array":
        remedy = 'Write "items": {"type": "string", "enum": [...]}'
        yield node.finding("checkboxes need their options", remedy)
        return
    if node.get("uniqueItems") is not True:
        yield node.finding("the same option could be given twice", 'Add "uniqueItems": true')
    for key in items.value:
        if key not in ("type", "enum"):
            yield items.at(key).finding(f'"{key}" means nothing for options', "Remove it")
    yield from _enum_findings(items)
    for option in node.at("x-exclusive").each():
        if option.value not in items.get("enum"):
            remedy = nearest(str(option.value), items.get("enum"))
            yield option.finding(f"{option.value!r} is not an option", remedy)


def _pattern_findings(node: Node) -> Iterator[Finding]:
    from chalicelib.forms.validator import is_pattern

    if not isinstance(node.value, str) or not is_pattern(node.value):
        remedy = "Use a regular expression without look-around and back references"
        yield node.finding("this pattern cannot be matched in linear time", remedy)


_CHECKS: Mapping[str, Callable[[Node, str], Iterator[Finding]]] = {
    "text": _text_findings,
    "textarea": _text_findings,
    "email": _narrower_findings,
    "phone": _narrower_findings,
    "number": _number_findings,
    "radios": _enum_findings,
    "select": _enum_findings,
    "checkboxes": _checkbox_findings,
}
