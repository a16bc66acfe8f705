"""A clock that stands still until it is moved, and ends a function whose time is up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# A Friday afternoon in London, in winter.
START = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


class Died(BaseException):
    """A worker's process ended where it was: nothing in it could catch that."""


@dataclass
class Clock:
    """The time of everything in one world."""

    instant: datetime = START
    ends_at: datetime | None = None

    def now(self) -> datetime:
        return self.instant

    def move(self, **duration: float) -> None:
        self.instant += timedelta(**duration)

    def spend(self, seconds: float) -> None:
        """Time that a call took. Raises `Died` when the function that made it had less."""
        self.instant += timedelta(seconds=seconds)
        if self.ends_at is not None and self.instant >= self.ends_at:
            self.instant = self.ends_at
            raise Died("time is up")

    @contextmanager
    def ending_after(self, limit: timedelta) -> Iterator[None]:
        """A function's run."""
        self.ends_at = self.instant + limit
        try:
            yield
        finally:
            self.ends_at = None
