"""What the forms' files say of roles: read as plain JSON, for the check of a partnership's file.

The form engine is another room, and checks the forms; here only names and options are needed.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# What the question type of this name offers; its options are the engine's own, not in any file.
YES_NO_NOT_KNOWN = frozenset({"yes", "no", "not_known"})
# Role -> the options of its question; none when it is answered in another way than by choosing.
Roles = Mapping[str, frozenset[str]]


def read_roles(forms_dir: Path) -> dict[str, Roles]:
    """The roles of the forms of each stream. A file that is no form, or no JSON, has none."""
    common = _read(forms_dir / "common.json")
    documents = [_read(path) for path in sorted(forms_dir.glob("*.json"))]
    return {
        document["stream"]: {
            role: _options(question, [document, common])
            for role, question in document["roles"].items()
        }
        for document in documents
        if "stream" in document and isinstance(document.get("roles"), dict)
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _options(question: str, documents: list[dict[str, Any]]) -> frozenset[str]:
    for document in documents:
        for properties in _properties(document.get("schema", {})):
            if question in properties:
                return _chosen_from(properties[question], documents)
    return frozenset()


def _properties(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The questions of a form, then those of each of its lists."""
    properties = schema.get("properties", {})
    yield properties
    for question in properties.values():
        yield question.get("items", {}).get("properties", {})


def _chosen_from(schema: Mapping[str, Any], documents: list[dict[str, Any]]) -> frozenset[str]:
    name = schema.get("$ref", "").rpartition("/")[2]
    if name == "yes_no_not_known":
        return YES_NO_NOT_KNOWN
    for document in documents:
        for shared in (document.get("$defs", {}), document.get("schema", {}).get("$defs", {})):
            schema = shared.get(name, schema)
    options = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    return frozenset(options)
