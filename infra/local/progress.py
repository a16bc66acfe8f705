"""Says what is being done: a moving line at a terminal, one line a step anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(title: str) -> Iterator[None]:
    """Shows the title while its block runs, then the seconds that it took."""
    started = time.monotonic()
    if sys.stdout.isatty():
        from rich.console import Console

        with Console().status(f"{title} ..."):
            yield
    else:
        yield
    print(f"  {title}: {time.monotonic() - started:.1f} s", flush=True)
