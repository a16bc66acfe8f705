"""The events of the mail service in tests/fixtures, made to be about a delivery of a test."""

from __future__ import annotations

import copy
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.referrals.delivery import mail_tag

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "mail_events"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
TIMED = ("delivery", "deliveryDelay", "bounce", "complaint")


@cache
def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def recorded(name: str) -> dict[str, Any]:
    """An event as its file has it."""
    return copy.deepcopy(_read(name))


def about(delivery: str, name: str, at: datetime | None = None) -> dict[str, Any]:
    """The same event about another delivery, and at another time."""
    event = recorded(name)
    event["detail"]["mail"]["tags"]["delivery_id"] = [mail_tag(delivery)]
    if at is not None:
        event["time"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        for key in TIMED:
            if key in event["detail"]:
                event["detail"][key]["timestamp"] = f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
    return event
