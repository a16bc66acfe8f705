"""Waits between two looks: briefly at first, then for longer, and not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable

FIRST, LONGEST = 0.1, 3.0  # seconds


class Pause:
    """Called between two looks: True after a wait, False when the time given is over."""

    def __init__(self, seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._until = time.monotonic() + seconds
        self._next = FIRST
        self._sleep = sleep

    def __call__(self) -> bool:
        if time.monotonic() >= self._until:
            return False
        self._sleep(self._next)
        self._next = min(self._next * 1.5, LONGEST)
        return True
