"""AWS's rules for functions that Scheduler and EventBridge start without waiting for the outcome.

Lambda queues the event. After an error it tries again a minute later, then two minutes later; then
the event goes to the destination with what the function was given ("Asynchronous invocation" in
the Lambda developer guide).
"""

import heapq
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.faults.clock import Clock, Died
from tests.faults.limits import AsyncLimits

_WAITS = (timedelta(minutes=1), timedelta(minutes=2))


@dataclass(order=True)
class Queued:
    """An event that a function is still to be given."""

    at: datetime
    number: int
    payload: Mapping[str, Any] = field(compare=False)
    first_at: datetime = field(compare=False)
    invocations: int = field(compare=False, default=0)


@dataclass
class AsyncRules:
    """One function's queue. `repeats` says whether an event is given twice (at least once)."""

    limits: AsyncLimits
    clock: Clock
    handler: Callable[[dict[str, Any]], object]
    repeats: Callable[[], bool] = lambda: False
    given_up: list[dict[str, Any]] = field(default_factory=list)
    _queue: list[Queued] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def accept(self, payload: Mapping[str, Any], *, after: timedelta = timedelta()) -> None:
        """Take an event, now or some time later: the caller has nothing more to do with it."""
        at = self.clock.now() + after
        for _ in range(2 if self.repeats() else 1):
            self._put(Queued(at, next(self._numbers), payload, at))

    def next_at(self) -> datetime | None:
        return self._queue[0].at if self._queue else None

    def run(self) -> None:
        """Give the function the first event of the queue."""
        event = heapq.heappop(self._queue)
        if self.clock.now() - event.first_at > self.limits.age:
            self._give_up(event, "EventAgeExceeded")
            return
        event.invocations += 1
        try:
            self.handler(dict(event.payload))
        except (Exception, Died):
            self._again(event)

    def _again(self, event: Queued) -> None:
        if event.invocations > self.limits.retries:
            self._give_up(event, "RetriesExhausted")
            return
        wait = _WAITS[min(event.invocations, len(_WAITS)) - 1]
        event.at = self.clock.now() + wait
        self._put(event)

    def _put(self, event: Queued) -> None:
        heapq.heappush(self._queue, event)

    def _give_up(self, event: Queued, condition: str) -> None:
        if self.limits.has_destination:
            context = {"condition": condition, "approximateInvokeCount": event.invocations}
            self.given_up.append({"requestContext": context, "requestPayload": event.payload})
