"""Starting, stopping and starting again: nothing is lost, and nothing is left."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Submit
from tests.integration.local_run import LocalRun, is_running, processes_of, waited_for

pytestmark = [pytest.mark.integration, pytest.mark.emulator]

Listed = list[dict[str, Any]]


@dataclass(frozen=True)
class Seen:
    """One run before and after it was stopped with SIGTERM and started again."""

    processes: set[int]
    exit_code: int
    left_running: set[int]
    last_words: str
    ready_line: str
    address: str
    before: tuple[Listed, Listed]
    after: tuple[Listed, Listed]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, submit: Submit) -> Seen:
    run = LocalRun(tmp_path_factory.mktemp("restart"))
    run.start()
    reference = submit(run, "adult")
    before = _delivered(run, reference)
    processes = processes_of(run.pid)
    exit_code = run.stop(signal.SIGTERM)
    last_words = run.said[-1]
    left_running = {pid for pid in processes if is_running(pid)}
    with run:
        again = submit(run, "child")
        _delivered(run, again)
        after = _delivered(run, reference)
    address = f"http://localhost:{run.port}/"
    ready_line = next(line for line in run.said if line.startswith("Ready"))
    return Seen(processes, exit_code, left_running, last_words, ready_line, address, before, after)


def _delivered(run: LocalRun, reference: str) -> tuple[Listed, Listed]:
    """A referral's first mail and first reminder, once they are there."""

    def of(path: str, key: str) -> Listed:
        return [each for each in run.get_json(path) if reference in each[key]][:1]

    mail = waited_for(lambda: of("/_local/outbox.json", "subject"))
    return mail, waited_for(lambda: of("/_local/schedules.json", "name"))


def test_sigterm_ends_it_in_order_and_leaves_no_process(seen: Seen) -> None:
    assert seen.processes
    assert seen.last_words.startswith("Stopped.")
    assert (seen.exit_code, seen.left_running) == (0, set())


def test_a_restart_keeps_mail_and_reminders_and_delivers_what_comes_next(seen: Seen) -> None:
    assert seen.after == seen.before


def test_it_says_where_it_is_ready(seen: Seen) -> None:
    assert seen.ready_line == f"Ready: {seen.address}"


def test_a_killed_run_takes_the_emulator_with_it(tmp_path: Path) -> None:
    run = LocalRun(tmp_path)
    run.start()
    started = processes_of(run.pid)

    run.stop(signal.SIGKILL)

    waited_for(lambda: not any(is_running(pid) for pid in started), seconds=30)
