"""Yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.forms.questions.choice import OneOfSeveral


class YesNo(OneOfSeveral):
    """Radios with the answers "yes" and "no"."""

    base_schema: Mapping[str, Any] = {"type": "string", "enum": ["yes", "no"]}


TYPE = YesNo()
