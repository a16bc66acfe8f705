"""The JSON API for agencies' own systems: the same forms and rules as the pages (docs/api.md)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from chalicelib.forms.definition import Form
from chalicelib.use_cases.ports import Services
from chalicelib.web import problem_documents as problems
from chalicelib.web.api_forms import description, schema_document, summary
from chalicelib.web.http import Request, Response
from chalicelib.web.problem_documents import Refusal, respond

JSON = "application/json"
SCHEMA_JSON = "application/schema+json"

READ = "GET, HEAD"
_REVALIDATED = {"Cache-Control": "no-cache"}
_NEVER_KEPT = {"Cache-Control": "no-store"}
_ENTITY_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def handle(request: Request, services: Services) -> Response:
    """The response to a request whose path begins with /api/; refusals are problem documents."""
    try:
        return _answer(request, services)
    except Refusal as refusal:
        return respond(refusal)


def health(request: Request, services: Services) -> Response:
    """That the service answers, and with which versions of the forms. Asks nothing of AWS."""
    try:
        _allow(request, READ)
    except Refusal as refusal:
        return respond(refusal)
    told = {
        "status": "ok",
        "partnership": services.partnership.id,
        "forms": {name: form.version for name, form in services.forms.items()},
    }
    return _json(told, headers=_NEVER_KEPT)


def broken() -> Response:
    """The answer to a request that found a fault of ours."""
    return respond(Refusal(problems.FAULT, "Try again later, with the same Idempotency-Key."))


def _answer(request: Request, services: Services) -> Response:
    match request.path.split("/")[2:]:
        case ["openapi.json"]:
            return _openapi(request, services)
        case ["forms"]:
            return _forms(request, services)
        case ["forms", name]:
            form = _form(services, name)
            told = description(form, services.partnership, request.base_url)
            return _read(request, told, tag=form.version)
        case ["forms", name, "schema"]:
            form = _form(services, name)
            return _read(request, schema_document(form), tag=form.version, kind=SCHEMA_JSON)
        case ["forms", name, "referrals"]:
            form = _form(services, name)
            _allow(request, "POST")
            return _send(request, services, form)
    raise Refusal(
        problems.ADDRESS_NOT_FOUND,
        f"The addresses are listed in {request.base_url}/api/openapi.json.",
    )


def _forms(request: Request, services: Services) -> Response:
    partnership = services.partnership
    told = {
        "partnership": {"id": partnership.id, "name": partnership.name},
        "forms": [summary(form, request.base_url) for form in services.forms.values()],
    }
    return _read(request, told)


def _openapi(request: Request, services: Services) -> Response:
    from chalicelib.web.openapi import openapi_document  # only this address needs it

    service = services.partnership.service_name
    return _read(
        request, openapi_document(services.forms, base_url=request.base_url, service=service)
    )


def _send(request: Request, services: Services, form: Form) -> Response:
    from chalicelib.web.api_referrals import receive  # brings pydantic, which reading does not need

    status, told, headers = receive(request, services, form)
    return _json(told, status=status, headers={**_NEVER_KEPT, **headers})


def _form(services: Services, name: str) -> Form:
    form = services.forms.get(name)
    if form is None:
        known = ", ".join(services.forms)
        raise Refusal(problems.FORM_NOT_FOUND, f"The forms of this partnership are: {known}.")
    return form


def _allow(request: Request, methods: str) -> None:
    if request.method not in methods.split(", "):
        raise Refusal(
            problems.METHOD_NOT_ALLOWED,
            f"This address takes {methods}.",
            headers={"Allow": methods},
        )


def _read(
    request: Request, told: Mapping[str, Any], *, tag: str | None = None, kind: str = JSON
) -> Response:
    """A document that may be kept and revalidated; without a tag its own hash is the tag."""
    _allow(request, READ)
    body = json.dumps(told, ensure_ascii=False)
    tag = tag or hashlib.sha256(body.encode()).hexdigest()[:16]
    headers = {**_REVALIDATED, "ETag": f'"{tag}"'}
    wanted = request.headers.get("if-none-match", "")
    if wanted.strip() == "*" or tag in _ENTITY_TAG.findall(wanted):
        return Response(status=304, body="", content_type=kind, headers=headers)
    return Response(status=200, body=body, content_type=kind, headers=headers)


def _json(told: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str]) -> Response:
    body = json.dumps(told, ensure_ascii=False)
    return Response(status=status, body=body, content_type=JSON, headers=headers)
