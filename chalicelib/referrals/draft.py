"""A draft: a form that a person has begun and not yet sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# A DynamoDB item may hold 400 KB. The referral also holds the questions' texts as answered and its
# keys, so the answers alone may fill three quarters of it: what can be saved can always be sent.
MAX_PACKED_ANSWERS = 300_000


class DraftTooLarge(Exception):
    """The answers do not fit into one stored referral. `size` and `limit` are bytes as stored."""

    rule = "too_large"

    def __init__(self, size: int, limit: int = MAX_PACKED_ANSWERS) -> None:
        super().__init__("the answers are too large to store")
        self.size = size
        self.limit = limit


@dataclass(frozen=True)
class Draft:
    """One person's unfinished form.

    `id` is the SHA-256 of the token in the person's cookie, `version` counts saves, `seen` the
    places the person has continued past. A submitted draft carries `reference` and no answers.
    """

    id: str
    form: str
    form_version: str
    answers: Mapping[str, Any]
    seen: frozenset[str]
    version: int
    started_at: datetime
    expires_at: datetime
    reference: str | None = None
    submitted_at: datetime | None = None
