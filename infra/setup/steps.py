"""The steps of set-up: each is done once, and again only when what it depends on changes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path


class SetupError(Exception):
    """A step failed; the message says what a person can do about it."""


@dataclass(frozen=True)
class Step:
    """One thing to make ready.

    `stamp` lies inside what the step makes, so that deleting that deletes the proof of it.
    """

    title: str
    inputs: Sequence[Path]
    stamp: Path
    perform: Callable[[], None]

    def digest(self) -> str:
        """Of the inputs' bytes and of the interpreter, in hex."""
        total = hashlib.sha256(f"{sys.version_info[:2]}{sys.base_prefix}".encode())
        for path in self.inputs:
            total.update(path.name.encode() + b"\0" + path.read_bytes())
        return total.hexdigest()

    def is_done(self) -> bool:
        return self.stamp.is_file() and self.stamp.read_text() == self.digest()


def carry_out(steps: Sequence[Step]) -> None:
    """Performs the steps not yet done, in order, naming each with the seconds that it took."""
    for step in steps:
        if step.is_done():
            continue
        started = time.monotonic()
        print(f"  {step.title} ...", flush=True)
        step.perform()
        step.stamp.parent.mkdir(parents=True, exist_ok=True)
        step.stamp.write_text(step.digest())
        print(f"  {step.title}: {time.monotonic() - started:.0f} s", flush=True)


def side_by_side(*rows: Sequence[Step]) -> None:
    """Performs rows of steps at the same time, each row in order.

    Raises the SetupError of the first row that failed, once all have ended.
    """
    with ThreadPoolExecutor(len(rows)) as pool:
        ends = [pool.submit(carry_out, row) for row in rows]
    for end in ends:
        end.result()


def command(arguments: Sequence[str | Path], *, cwd: Path, remedy: str) -> None:
    """Runs a program quietly; on failure shows what it printed.

    Raises SetupError with the remedy when the program is missing or fails.
    """
    try:
        done = subprocess.run(arguments, cwd=cwd, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise SetupError(f"{arguments[0]} was not found. {remedy}") from None
    if done.returncode != 0:
        sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
        raise SetupError(remedy)


def make_ready(target: str) -> None:
    """`run`: what a local run needs. `test`: that and all test tools. Raises SetupError."""
    from infra.setup import browser, checkov, node, oracle, python
    from infra.setup import command as casereview

    if target == "run":
        carry_out([python.environment("run"), casereview.installed(), node.modules("run")])
    elif target == "test":
        side_by_side(
            [
                python.environment("dev"),
                casereview.installed(),
                node.modules("dev"),
                oracle.unpacked(),  # it comes with the Node packages
            ],
            [checkov.installed()],
        )
        browser.require_chromium()
        oracle.report_java()
    else:
        raise SetupError(f"There is no target {target!r}: run or test.")
