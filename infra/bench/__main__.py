"""`make bench`: what the import costs, what a page costs a warm process, what deadlines cost."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from infra.bench import deadlines
from infra.paths import ROOT

IMPORTS = 9
WARM_UP = 20
REQUESTS = 200
FIXED = ("/", "/privacy", "/accessibility", "/resume", "/health", "/api/openapi.json")


def import_milliseconds(module: str) -> float:
    """Median wall time of importing a module in a new process, less an empty process."""
    return _process_time(f"import {module}") - _process_time("pass")


def page_microseconds(ask: Callable[[], object]) -> float:
    """Median time of one request, in a process that has answered it before."""
    for _ in range(WARM_UP):
        ask()
    return statistics.median(_timed(ask) for _ in range(REQUESTS)) * 1e6


def pages() -> dict[str, Callable[[], Any]]:
    """Every fixed page, and of each form: its start, its schema and its first question."""
    from chalicelib.bootstrap import in_memory_services
    from chalicelib.settings import Settings
    from chalicelib.web.http import Request
    from chalicelib.web.routes import respond

    services = in_memory_services(Settings())

    def asker(path: str) -> Callable[[], Any]:
        return lambda: respond(Request(method="GET", path=path), services)

    first = [f"/{name}/{form.steps[0].id}" for name, form in services.forms.items()]
    schemas = [f"/api/forms/{name}/schema" for name in services.forms]
    paths = [*FIXED, *(f"/{name}" for name in services.forms), *first, *schemas]
    return {path: asker(path) for path in paths}


def _process_time(statement: str) -> float:
    command = [sys.executable, "-c", statement]
    return statistics.median(
        _timed(lambda: subprocess.run(command, cwd=ROOT, check=True)) * 1000 for _ in range(IMPORTS)
    )


def _timed(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def main() -> None:
    print(f"import app          {import_milliseconds('app'):8.0f} ms  (median of {IMPORTS})")
    print(f"import chalice      {import_milliseconds('chalice'):8.0f} ms")
    print(f"\nwarm, in the process (median of {REQUESTS})")
    measured = {path: (page_microseconds(ask), ask()) for path, ask in pages().items()}
    floor = measured["/health"][0]
    for path, (microseconds, response) in measured.items():
        size = len(response.body.encode())
        ratio = microseconds / floor
        print(f"  {path:34} {response.status} {microseconds:8.0f} us {ratio:6.1f}x {size:8} bytes")
    deadlines.main()


if __name__ == "__main__":
    main()
