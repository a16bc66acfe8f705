"""Yes, no, or not known: in this field not knowing is a normal answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.forms.questions.choice import OneOfSeveral


class YesNoNotKnown(OneOfSeveral):
    """Radios with the answers "yes", "no" and "not_known"."""

    base_schema: Mapping[str, Any] = {"type": "string", "enum": ["yes", "no", "not_known"]}


TYPE = YesNoNotKnown()
