"""What may be shown of a function's log: our own fixed fields, and Lambda's own verdicts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# Event names, ids, counts and times: nothing that a person wrote, and no address.
SHOWN = (
    "level",
    "event",
    "message",
    "method",
    "route",
    "status",
    "milliseconds",
    "delivery",
    "reference",
    "references",
    "stream",
    "outcome",
    "feedback",
    "error",
    "where",
    "code",
    "records",
    "failed",
    "counts",
    "request_id",
    "function_request_id",
)
# All that Lambda says by itself of a function that was stopped.
_LAMBDA = (
    re.compile(r"Task timed out after [\d.]+ seconds"),
    re.compile(r"Runtime exited with error: (?:signal|exit status): ?[a-z0-9]+"),
    re.compile(r"\bRuntime\.[A-Z][A-Za-z]+\b"),
)


def shown(line: str) -> Mapping[str, Any] | None:
    """The fields of one line that may be shown; None when it says nothing for a reader."""
    try:
        document = json.loads(line)
    except ValueError:
        return _of_lambda(line)
    if not isinstance(document, dict) or "_aws" in document:  # figures, for CloudWatch
        return None
    fields = {name: document[name] for name in SHOWN if name in document}
    return fields or None


def as_text(fields: Mapping[str, Any]) -> str:
    """`request GET /adult 200`: the event first, the rest by name."""
    event = fields.get("event") or fields.get("message") or ""
    rest = (
        f"{name}={_plain(value)}"
        for name, value in fields.items()
        if name not in ("event", "message") and not (name == "level" and value == "INFO")
    )
    return " ".join((str(event), *rest))


def _of_lambda(line: str) -> Mapping[str, Any] | None:
    for pattern in _LAMBDA:
        found = pattern.search(line)
        if found:
            return {"level": "ERROR", "event": "lambda", "error": found.group()}
    return None


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
