"""One address and what answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from chalicelib.referrals.staff import Person, Right
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request, Response

PUBLIC = "public"
READ = ("GET", "HEAD")
Handler = Callable[[Request, Services], Response]
StaffHandler = Callable[[Request, Services, Person], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """Open to everybody. `path` ends in "/*" when all that begins so is meant."""

    path: str
    methods: tuple[str, ...]
    handler: Handler
    access: ClassVar[str] = PUBLIC

    def matches(self, path: str) -> bool:
        if self.path.endswith("/*"):
            return path.startswith(self.path[:-1])
        return path == self.path


@dataclass(frozen=True, slots=True)
class StaffRoute:
    """Open to who has the right. `{name}` in the path stands for one part of it.

    Its handler is only ever called for such a person, and for a post only from a page of ours.
    """

    path: str
    methods: tuple[str, ...]
    handler: StaffHandler
    access: Right

    def named(self, path: str) -> Mapping[str, str] | None:
        """The parts that the route names, or None when the path is another's."""
        found = _pattern(self.path).fullmatch(path)
        return None if found is None else found.groupdict()


@lru_cache(maxsize=256)
def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    named = (
        f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    return re.compile("".join(named))
