"""One option of a short list, all in sight."""

from __future__ import annotations

from chalicelib.forms.questions.choice import OneOfSeveral

TYPE = OneOfSeveral()
