"""What the emulator overlooks when it checks a role's rights: what AWS checks them against.

It takes every schedule for one of the group `default`, and an email for one of no identity and no
sender. AWS names the group, the identity, the configuration set and the sender: so an instance's
role can be kept to its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs

_DEFAULT = ":schedule/default/"
_SEND = "/v2/email/outbound-emails"


def name_what_is_checked() -> None:
    """Listens at two functions of the emulator, before it starts; tests/deploy says if they have
    gone."""
    _name_schedule_groups()
    _name_senders()


def _name_schedule_groups() -> None:
    from ministack.core import iam_actions

    found_by_emulator = iam_actions.extract_resource_arn

    def resource_arn(
        service: str, method: str, path: str, headers: Any, body: bytes, query: Any, *rest: Any
    ) -> str:
        arn = str(found_by_emulator(service, method, path, headers, body, query, *rest))
        if service != "scheduler":
            return arn
        return arn.replace(_DEFAULT, f":schedule/{group_of(body, query)}/")

    iam_actions.extract_resource_arn = resource_arn


def group_of(body: bytes, query: Any) -> str:
    """In the body of a change, in the query of the rest; without either, AWS's own default."""
    given = parse_qs(query) if isinstance(query, str) else dict(query or {})
    named = given.get("groupName")
    if named:
        return str(named[0] if isinstance(named, list) else named)
    return str(_document(body).get("GroupName") or "default")


def _name_senders() -> None:
    from ministack import app
    from ministack.core.responses import get_account_id
    from ministack.core.router import extract_region

    checked_by_emulator = app._enforce_ses_v2

    def enforce(
        method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str
    ) -> Any:
        if not (app.AUTH and method == "POST" and path.rstrip("/") == _SEND):
            return checked_by_emulator(method, path, headers, body, query, request_id)
        document = _document(body)
        sender = parseaddr(str(document.get("FromEmailAddress", "")))[1]
        prefix = f"arn:aws:ses:{extract_region(headers, query)}:{get_account_id()}"
        for resource in sent_with(document, sender):
            denied = app._enforce_data_plane(
                "sesv2", "ses:SendEmail", headers, query, request_id,
                resource_arn=f"{prefix}:{resource}", named_resource=f"{prefix}:{resource}",
                service_context={"ses:FromAddress": sender},
            )  # fmt: skip
            if denied:
                return denied
        return None

    app._enforce_ses_v2 = enforce


def sent_with(document: dict[str, Any], sender: str) -> Iterator[str]:
    """What an email is sent with: a right to each of them is needed."""
    yield f"identity/{sender.rpartition('@')[2]}"
    named = document.get("ConfigurationSetName")
    if named:
        yield f"configuration-set/{named}"


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
