"""Where a running `make run` is found: its endpoint and stack, noted while it runs."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

NOTE = "running.json"
ANSWER_SECONDS = 5


@dataclass(frozen=True)
class Running:
    """One running system: the embedded AWS's address, and the stack deployed to it."""

    partnership: str
    endpoint: str
    stack: str


@contextmanager
def noted(folder: Path, running: Running) -> Iterator[None]:
    """Keeps the note in the run's own folder for as long as it serves."""
    note = folder / NOTE
    note.write_text(json.dumps(asdict(running)), encoding="utf-8")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def running_now(base: Path) -> list[Running]:
    """The systems that run now. One that was killed left its note, and does not answer."""
    notes = sorted(base.glob(f"*/{NOTE}"))
    found = [Running(**json.loads(note.read_text(encoding="utf-8"))) for note in notes]
    return [running for running in found if _answers(running)]


def _answers(running: Running) -> bool:
    # Asked directly: a proxy for the outside world knows nothing of this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{running.endpoint}/_ministack/health", timeout=ANSWER_SECONDS):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
