"""The API described for programs: OpenAPI 3.1, drawn from the forms of this instance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.forms.definition import Form
from chalicelib.web.api_examples import example_answers
from chalicelib.web.api_schemas import FIXED, RECEIPT_EXAMPLE, answers_components, component_name
from chalicelib.web.problem_documents import (
    ADDRESS_NOT_FOUND,
    ANSWERS_REFUSED,
    BODY_NOT_JSON,
    BODY_TOO_LARGE,
    FAULT,
    FORM_NOT_FOUND,
    FORM_VERSION_CHANGED,
    KEY_REFUSED,
    KEY_REUSED,
    MEDIA_TYPE,
    METHOD_NOT_ALLOWED,
    NOT_SENT,
    PROBLEM_JSON,
    Kind,
)

API_VERSION = "1.0.0"

_ABOUT = """\
Send a notification for a case review from an agency's own system, by the same form and the same \
rules as the web pages.

Not for live concerns: someone at risk now is reported by the live route of the partnership's home \
page, and in an emergency by 999.

No key or account is needed, as none is needed for the web pages: whoever may refer may use this \
interface, and nothing that was sent can be read back through it. All that it gives is a reference.
"""

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new random value, such as a UUID, for each referral. Send the same value "
    "when you repeat a request of which you saw no answer: it cannot make a second referral.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]+$"},
    "example": "0b8f1f4e-6f0e-4a53-9c55-0a6a1f2f6a10",
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the copy that you hold: 304 and no body when it is still current.",
    "schema": {"type": "string"},
}


def openapi_document(forms: Mapping[str, Form], *, base_url: str, service: str) -> dict[str, Any]:
    """The whole description. `service` is the name by which the instance calls itself."""
    paths: dict[str, Any] = {
        "/api/forms": _reading("listForms", "The forms of this partnership", "FormList"),
        "/api/openapi.json": _reading("readOpenApi", "This description", "OpenApi"),
        "/health": _health(),
    }
    components: dict[str, Any] = dict(FIXED)
    for form in forms.values():
        paths |= _form_paths(form)
        components |= answers_components(form)
    return {
        "openapi": "3.1.0",
        "info": {"title": service, "version": API_VERSION, "description": _ABOUT},
        "servers": [{"url": base_url or "/"}],
        "security": [],
        "paths": paths,
        "components": {"schemas": components},
    }


def _form_paths(form: Form) -> dict[str, Any]:
    own, name = f"/api/forms/{form.name}", component_name(form.name)
    title = str(form.text.get("name", form.name))
    return {
        own: _reading(f"read{name}Form", f"{title}: the questions", "FormDescription"),
        f"{own}/schema": _reading(f"read{name}Schema", f"{title}: the JSON Schema", "JsonSchema"),
        f"{own}/referrals": _sending(form, name, title),
    }


def _reading(operation: str, summary: str, schema: str) -> dict[str, Any]:
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "parameters": [_IF_NONE_MATCH],
            "responses": {
                "200": {
                    **_body("As asked.", schema),
                    "headers": {
                        "ETag": {
                            "description": "Changes when the content does.",
                            "schema": {"type": "string"},
                        }
                    },
                },
                "304": {"description": "The copy that you hold is current."},
                **_refusals((ADDRESS_NOT_FOUND, FORM_NOT_FOUND, METHOD_NOT_ALLOWED, FAULT)),
            },
        }
    }


def _sending(form: Form, name: str, title: str) -> dict[str, Any]:
    kinds = (
        *(KEY_REFUSED, BODY_NOT_JSON, FORM_NOT_FOUND, METHOD_NOT_ALLOWED, FORM_VERSION_CHANGED),
        *(BODY_TOO_LARGE, MEDIA_TYPE, ANSWERS_REFUSED, KEY_REUSED, FAULT, NOT_SENT),
    )
    example = {"answers": example_answers(form), "form_version": form.version}
    media = {"schema": _ref(f"{name}Referral"), "example": example}
    return {
        "post": {
            "operationId": f"send{name}Referral",
            "summary": f"{title}: send a referral",
            "description": "Check the answers against the form's schema first; the service applies "
            "the same rules and names every answer that needs putting right.",
            "parameters": [_KEY],
            "requestBody": {"required": True, "content": {"application/json": media}},
            "responses": {"201": _created(), **_refusals(kinds)},
        }
    }


def _created() -> dict[str, Any]:
    replayed = {
        "description": "true when this key had already made the referral; nothing was made twice.",
        "schema": {"type": "string", "const": "true"},
    }
    described = "The referral is stored and the partnership will be told. Keep the reference."
    response = _body(described, "Receipt")
    response["content"]["application/json"]["example"] = RECEIPT_EXAMPLE
    return {**response, "headers": {"Idempotency-Replayed": replayed}}


def _health() -> dict[str, Any]:
    return {
        "get": {
            "operationId": "health",
            "summary": "Whether the service answers, and with which versions of the forms",
            "responses": {
                "200": _body("It answers.", "Health"),
                **_refusals((METHOD_NOT_ALLOWED,)),
            },
        }
    }


def _refusals(kinds: Iterable[Kind]) -> dict[str, Any]:
    """One response a status; kinds that share a status share it."""
    by_status: dict[int, list[Kind]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {
        str(status): {
            "description": "; ".join(f"{kind.title} (`{kind.type}`)" for kind in same) + ".",
            "content": {PROBLEM_JSON: {"schema": _ref("Problem")}},
        }
        for status, same in sorted(by_status.items())
    }


def _body(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": _ref(schema)}},
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
