"""`python -m tests.faults [--small] [name ...]`: runs the experiments and prints their figures.

Each is a process of its own, two at a time. Ends with 1 when anything was not as it must be.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.faults.experiments import EXPERIMENTS, run
from tests.faults.sizes import FULL, SMALL

_AT_ONCE = 2


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(EXPERIMENTS))
    parser.add_argument("--small", action="store_true", help="at the size that pytest runs")
    parser.add_argument("--here", action="store_true", help="in this process, one by one")
    asked = parser.parse_args(given)
    unknown = set(asked.names) - set(EXPERIMENTS)
    if unknown:
        parser.error(f"no such experiment: {', '.join(sorted(unknown))}")
    names = asked.names or list(EXPERIMENTS)
    return _here(names, small=asked.small) if asked.here else _all(names, small=asked.small)


def _here(names: list[str], *, small: bool) -> int:
    wrong = 0
    for name in names:
        started = time.perf_counter()
        figures = run(name, SMALL if small else FULL)
        _say(f"{figures.text()}\n  {name}: {time.perf_counter() - started:.0f} s")
        wrong += len(figures.problems)
    return min(wrong, 1)


def _all(names: list[str], *, small: bool) -> int:
    started = time.perf_counter()
    _say(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        codes = list(pool.map(lambda name: _apart(name, small=small), names))
    failed = [name for name, code in zip(names, codes, strict=True) if code]
    said = f"FAILED: {', '.join(failed)}" if failed else "nothing lost"
    _say(f"\n{len(names)} experiments in {time.perf_counter() - started:.0f} s: {said}")
    return min(len(failed), 1)


def _apart(name: str, *, small: bool) -> int:
    command = [sys.executable, "-m", "tests.faults", name, "--here"]
    done = subprocess.run(
        [*command, "--small"] if small else command, capture_output=True, text=True, check=False
    )
    _say(done.stdout.rstrip() or done.stderr.rstrip())
    return done.returncode


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
