"""What links two cases: kept in both, under one id, and never removed but ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LinkKind(StrEnum):
    """What the other case is to this one."""

    RELATED = "related"
    DUPLICATE_OF = "duplicate_of"  # the other goes on; this one was closed in its favour
    ALSO_NOTIFIED_AS = "also_notified_as"  # the other was closed in favour of this one

    @property
    def merges(self) -> bool:
        """Whether it says that two notifications are of one case."""
        return self is not LinkKind.RELATED


@dataclass(frozen=True)
class Link:
    """The same `id` and `reason` stand in both cases; `other` is the reference of the other one.

    `by` is the id and `name` the name of who linked them.
    """

    id: str
    other: str
    kind: LinkKind
    reason: str
    by: str
    name: str
    at: datetime


@dataclass(frozen=True)
class EndedLink:
    """A link that holds no more: why not, and `by` the name of who said so."""

    link: Link
    reason: str
    by: str
    at: datetime
