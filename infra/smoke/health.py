"""What a service says of itself at `/health`: whom it serves, and with which versions of forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.smoke.visit import Answer


class Amiss(Exception):
    """Something is not as it must be; the text says what was found."""


@dataclass(frozen=True)
class Health:
    """`forms` has the version of each form by its name."""

    partnership: str
    forms: Mapping[str, str]


def health_told(answer: Answer) -> Health:
    """What the answer says. Raises `Amiss`."""
    told = json_object(answer)
    if told.get("status") != "ok":
        raise Amiss(f"its status is {told.get('status')!r}")
    partnership, forms = told.get("partnership"), told.get("forms")
    if isinstance(partnership, str) and isinstance(forms, dict) and forms:
        return Health(partnership, {name: str(version) for name, version in forms.items()})
    raise Amiss("it does not name its partnership and forms: another service answers there")


def json_object(answer: Answer) -> dict[str, Any]:
    """The answer's document. Raises `Amiss`."""
    try:
        told = answer.document()
    except ValueError:
        raise Amiss("it is not JSON") from None
    if not isinstance(told, dict):
        raise Amiss("it is JSON of another shape")
    return told
