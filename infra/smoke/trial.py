"""A marked test notification, followed until its email to the team is sent."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from chalicelib.bootstrap import Services
from chalicelib.forms.definition import Form
from chalicelib.referrals.delivery import Kind, State
from chalicelib.web.api_examples import example_answers
from infra.deploy.pause import Pause
from infra.smoke.health import Amiss, json_object
from infra.smoke.visit import Site

MARK = "TEST of casereview smoke"
SENT_WITHIN = 90  # seconds
_EXAMPLE = "Example of"


def send_trial(site: Site, form: Form) -> str:
    """Submits it through the API and gives its reference. Raises `Amiss` or `NotReached`."""
    body = json.dumps({"answers": marked(example_answers(form))}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"smoke-{uuid.uuid4()}"}
    answer = site.ask("POST", f"/api/forms/{form.name}/referrals", body, headers)
    if answer.status != 201:
        raise Amiss(f"the test notification is answered {answer.status}, not 201")
    reference = json_object(answer).get("reference")
    if not isinstance(reference, str):
        raise Amiss("the test notification was taken, and given no reference")
    return reference


def marked(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The same with every text of our own making saying that it is a test."""
    return {name: _marked(value) for name, value in answers.items()}


def await_email(dynamodb: Any, deps: Services, reference: str) -> str:
    """Returns once the team's email is handed over. Raises `Amiss` when it is not, in time."""
    pause = Pause(SENT_WITHIN)
    state = None
    while True:
        state = _state(dynamodb, deps, reference)
        if state == State.SENT.value:
            return f"{reference} was stored and its email to the team sent"
        if state == State.FAILED.value or not pause():
            found = state or "not there"
            raise Amiss(
                f"{reference} is stored, and its email to the team is {found}:"
                " casereview deliveries says why"
            )


def _marked(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_EXAMPLE):
        return value.replace(_EXAMPLE, MARK, 1)
    return value


def _state(dynamodb: Any, deps: Services, reference: str) -> str | None:
    """An email's row has a random key: the whole table is read, which is why prod is refused."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=deps.settings.table_name,
        FilterExpression="#reference = :reference AND #kind = :kind",
        ExpressionAttributeValues={
            ":reference": {"S": reference},
            ":kind": {"S": Kind.TEAM_EMAIL.value},
        },
        ProjectionExpression="#state",
        ExpressionAttributeNames={f"#{name}": name for name in ("state", "reference", "kind")},
    )
    for page in pages:
        for row in page["Items"]:
            return str(row["state"]["S"])
    return None
