"""Starts `make run` as a person would, on a free port, and talks to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from infra.local.aws import ACCOUNT, REGION, client
from infra.local.emulator import free_port
from infra.local.running import Running, running_now
from infra.paths import ROOT

START_SECONDS = 90
STOP_SECONDS = 30
T = TypeVar("T")


class LocalRun:
    """One run of the local system, with its state in `folder`."""

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.base = f"http://localhost:{self.port}"
        self.said: list[str] = []
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> LocalRun:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process, "it has not been started"
        return self._process.pid

    def start(self) -> None:
        """Returns once it says that it is ready."""
        arguments = ["--state", str(self._folder), "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.run", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout
        for line in self._process.stdout:
            self.said.append(line.rstrip("\n"))
            if line.startswith("Ready:"):
                return
        raise AssertionError("it stopped before it was ready:\n" + "\n".join(self.said))

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Sends a signal and gives the exit code."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(how)
        said, _ = process.communicate(timeout=STOP_SECONDS)
        self.said += said.splitlines()
        return process.returncode

    def get_json(self, path: str) -> Any:
        return json.loads(self.ask("GET", path)[1])

    def bring_forward(self, schedule: str, *, seconds: int) -> None:
        """Sets a schedule to fire so soon; all else of it stays as it was."""
        running = self._running()
        scheduler = client("scheduler", running.endpoint)
        listed = scheduler.get_paginator("list_schedules").paginate()
        groups = {one["Name"]: one["GroupName"] for page in listed for one in page["Schedules"]}
        kept = scheduler.get_schedule(Name=schedule, GroupName=groups[schedule])
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        names = ("Name", "GroupName", "FlexibleTimeWindow", "Target", "ActionAfterCompletion")
        scheduler.update_schedule(
            **{name: kept[name] for name in names},
            ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
        )

    def casereview(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs the command on this system."""
        running = self._running()
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": running.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
        }
        return subprocess.run(
            [sys.executable, "-m", "infra.casereview", *arguments, "--stack", running.stack],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def aws(self, service: str) -> Any:
        """A client of the embedded AWS."""
        return client(service, self._running().endpoint)

    def resource(self, name: str) -> str:
        """The physical id of one of the template's resources."""
        found = self.aws("cloudformation").describe_stack_resource(
            StackName=self._running().stack, LogicalResourceId=name
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def _running(self) -> Running:
        (running,) = running_now(self._folder)
        return running

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Status and body, whatever the status."""
        request = urllib.request.Request(
            self.base + path, data=body, method=method, headers=dict(headers or {})
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()


def waited_for(find: Callable[[], T], seconds: float = 75) -> T:
    """What `find` gives as soon as it is something; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return found


def processes_of(session_of: int) -> set[int]:
    """Ids of the running processes that a local run started, by the parent's id, at any depth."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = _parent(entry)
            except (OSError, IndexError):
                continue
    found: set[int] = set()
    new = {session_of}
    while new := {pid for pid, parent in parents.items() if parent in new} - found:
        found |= new
    return found


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return _state(pid) != "Z"


def _parent(entry: Path) -> int:
    return int((entry / "stat").read_text().rpartition(")")[2].split()[1])


def _state(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
