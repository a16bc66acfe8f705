"""Where a local run keeps its state, held by one run at a time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO


class InUse(Exception):
    """Another run holds this folder."""


class StateFolder:
    """A folder that this process holds until it ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Makes and takes the folder. Raises InUse."""
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = (path / "lock").open("w")
        _take(self._lock)

    def release(self) -> None:
        self._lock.close()


def take_state(base: Path, partnership: str, port: int) -> StateFolder:
    """The partnership's folder, or one for this port too while another run has that."""
    try:
        return StateFolder(base / partnership)
    except InUse:
        return StateFolder(base / f"{partnership}-{port}")


def _take(lock: IO[str]) -> None:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise InUse from None
