"""Every AWS call of a world, numbered, and what is done to some of them."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import Any

from chalicelib.use_cases.ports import StoreBusy
from tests.faults.clock import Died


class Manner(StrEnum):
    """What happens to a call. Only those of `AFTER` were carried out."""

    THROTTLED = "throttled"
    BROKEN = "broken"
    TIMED_OUT = "timed out"
    CUT = "cut after commit"
    DIES_BEFORE = "worker dies before"
    DIES_AFTER = "worker dies after"


AFTER = frozenset({Manner.CUT, Manner.DIES_AFTER})
DEATHS = frozenset({Manner.DIES_BEFORE, Manner.DIES_AFTER})


@dataclass(frozen=True)
class Call:
    """One call, or one attempt of it: `id` is the same for all attempts of a call."""

    number: int
    operation: str
    id: str


Policy = Callable[[Call], Manner | None]


def nothing(_: Call) -> None:
    """No call is touched."""


@dataclass(frozen=True)
class Strike:
    """One call of a scenario is touched, and no other."""

    number: int
    manner: Manner

    def __call__(self, call: Call) -> Manner | None:
        return self.manner if call.number == self.number else None


@dataclass
class Calls:
    """Counts calls while it is `counting`, and asks its policy what is to become of each."""

    policy: Policy = nothing
    counting: bool = False
    made: list[str] = field(default_factory=list)
    struck: list[tuple[Call, Manner]] = field(default_factory=list)
    _lock: Any = field(default_factory=Lock)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def counted(self, policy: Policy) -> Iterator[None]:
        """Within it, calls are numbered and the policy is asked."""
        self.policy, self.counting = policy, True
        try:
            yield
        finally:
            self.counting = False

    def manner(self, operation: str, call_id: str = "") -> Manner | None:
        """What is to become of the next call. Safe to use from several threads."""
        if not self.counting:
            return None
        with self._lock:
            call = Call(next(self._numbers), operation, call_id)
            self.made.append(operation)
            manner = self.policy(call)
            if manner is not None:
                self.struck.append((call, manner))
        return manner


class CalledStore:
    """A store in memory whose methods are counted as calls, and fail as the table's would."""

    def __init__(self, inner: Any, name: str, calls: Calls) -> None:
        self._inner, self._name, self._calls = inner, name, calls

    def __getattr__(self, name: str) -> Any:
        act = getattr(self._inner, name)

        def called(*args: Any, **kwargs: Any) -> Any:
            manner = self._calls.manner(f"{self._name}.{name}")
            if manner is Manner.DIES_BEFORE:
                raise Died(name)
            if manner is not None and manner not in AFTER:
                raise StoreBusy
            given = act(*args, **kwargs)
            if manner is Manner.DIES_AFTER:
                raise Died(name)
            if manner is Manner.CUT:
                raise StoreBusy
            return given

        return called
