"""The same service at another time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.bootstrap import Services


@dataclass(frozen=True)
class Shifted:
    at: datetime

    def now(self) -> datetime:
        return self.at


def later(services: Services, *, days: int) -> Services:
    return replace(services, clock=Shifted(services.clock.now() + timedelta(days=days)))
