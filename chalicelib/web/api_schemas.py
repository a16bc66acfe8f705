"""The schemas of the API's description: those of every instance, and those drawn from a form."""

from __future__ import annotations

from typing import Any

from chalicelib.forms.definition import Form
from chalicelib.web.problem_documents import KINDS

_TEXT = {"type": "string"}
_COMPONENTS = "#/components/schemas/"


def _closed(
    properties: dict[str, Any], *, optional: frozenset[str] = frozenset()
) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


_SUMMARY = {
    "name": _TEXT,
    "title": _TEXT,
    "version": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    "stream": _TEXT,
    "links": _closed({"self": _TEXT, "schema": _TEXT, "referrals": _TEXT, "pages": _TEXT}),
}
_PROBLEM = {
    "pointer": {
        "type": "string",
        "format": "json-pointer",
        "description": "Where in the body that was sent, for example /answers/summary.",
    },
    "rule": {"type": "string", "description": "The rule's name, for programs."},
    "message": {"type": "string", "description": "What to do, for people."},
}
RECEIPT_EXAMPLE = {
    "reference": "CRN-4K7M-9XQ2",
    "received_at": "2026-03-14T09:30:00Z",
    "form": "adult",
    "form_version": "0123456789abcdef",
    "what_happens_next": "The partnership's team has been told and will acknowledge it.",
}

FIXED: dict[str, Any] = {
    "FormSummary": _closed(_SUMMARY),
    "FormList": _closed(
        {
            "partnership": _closed({"id": _TEXT, "name": _TEXT}),
            "forms": {"type": "array", "items": {"$ref": f"{_COMPONENTS}FormSummary"}},
        }
    ),
    "FormDescription": _closed(
        {
            **_SUMMARY,
            "sections": {"type": "array", "items": _closed({"id": _TEXT, "title": _TEXT})},
            "steps": {
                "type": "array",
                "description": "Pages, and groups of pages that are asked once for each item.",
                "items": {"type": "object"},
            },
        }
    ),
    "JsonSchema": {"type": "object", "description": "JSON Schema 2020-12 of the answers."},
    "OpenApi": {"type": "object"},
    "Health": _closed(
        {
            "status": {"const": "ok"},
            "partnership": _TEXT,
            "forms": {"type": "object", "additionalProperties": _TEXT},
        }
    ),
    "Receipt": _closed(
        {
            "reference": _TEXT,
            "received_at": {"type": "string", "format": "date-time"},
            "form": _TEXT,
            "form_version": _TEXT,
            "what_happens_next": _TEXT,
        }
    ),
    "Problem": _closed(
        {
            "type": {"type": "string", "enum": [kind.type for kind in KINDS]},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "problems": {"type": "array", "items": _closed(_PROBLEM)},
            "problem_count": {"type": "integer", "minimum": 1},
        },
        optional=frozenset({"problems", "problem_count"}),
    ),
}


def component_name(form: str) -> str:
    """`adult` is Adult, `near-miss` is NearMiss."""
    return "".join(part.capitalize() for part in form.replace("_", "-").split("-"))


def answers_components(form: Form) -> dict[str, Any]:
    """The form's envelope, its closed schema, and each shared definition as a component of its own.

    References are rewritten to the components: few programs follow those of an embedded `$id`.
    """
    name = component_name(form.name)
    whole = dict(form.submission_schema)
    for key in ("$schema", "$id"):
        whole.pop(key, None)
    shared = whole.pop("$defs", {})
    answers = f"{name}Answers"
    components = {answers: _moved(whole, answers)}
    for key, definition in shared.items():
        components[f"{answers}.{key}"] = _moved(definition, answers)
    envelope = {
        "answers": {"$ref": _COMPONENTS + answers},
        "form_version": {
            "type": "string",
            "description": "The version that the answers were written for. When the form has "
            "changed since, the referral is refused instead of being misread.",
        },
    }
    components[f"{name}Referral"] = _closed(envelope, optional=frozenset({"form_version"}))
    return components


def _moved(schema: Any, answers: str) -> Any:
    """The schema with every local reference pointing to where its target now is."""
    if isinstance(schema, dict):
        moved = {key: _moved(value, answers) for key, value in schema.items()}
        if isinstance(moved.get("$ref"), str):
            moved["$ref"] = _target(moved["$ref"], answers)
        return moved
    if isinstance(schema, list | tuple):
        return [_moved(value, answers) for value in schema]
    return schema


def _target(reference: str, answers: str) -> str:
    if reference.startswith("#/$defs/"):
        return f"{_COMPONENTS}{answers}.{reference.removeprefix('#/$defs/')}"
    return _COMPONENTS + answers + reference.removeprefix("#")
