"""Starts and stops ministack, the embedded AWS."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

from infra.local.aws import ACCOUNT, REGION, forget_the_account
from infra.paths import ROOT

START_SECONDS = 60
STOP_SECONDS = 20


class EmulatorError(Exception):
    """The emulator did not come up; the message names its log."""


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Emulator:
    """One ministack process, listening on the loopback interface only.

    `state` keeps everything but sent mail over a clean stop; None keeps nothing. With
    `checks_rights` a function may do only what its role allows, as far as the emulator checks that.
    As a context manager it is stopped at the end, with every process that it started.
    """

    def __init__(
        self,
        folder: Path,
        *,
        state: Path | None = None,
        port: int | None = None,
        checks_rights: bool = False,
    ) -> None:
        self.port = port or free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.log = folder / "emulator.log"
        self._scratch = folder / "tmp"
        self._state = state
        self._checks_rights = checks_rights
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when it answers. Raises EmulatorError."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Returns at once, while it is starting."""
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        if self._state:
            _read_streams_from_the_start(self._state)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.embedded"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C goes to us, and we stop it in order
            )

    def wait_until_ready(self) -> None:
        """Returns when it answers. Raises EmulatorError, with nothing left running."""
        assert self._process, "launch it first"
        try:
            self._await_health(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Asks it to stop and keep its state, then ends what is left. Safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin:
            process.stdin.close()
        _end_group(process.pid)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        forget_the_account(environment)
        environment |= {
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AUTH": "true" if self._checks_rights else "false",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "LOG_LEVEL": "WARNING",
            "MINISTACK_REGION": REGION,
            # Its user pool has no TLS, without which oauthlib sends nobody anywhere.
            "OAUTHLIB_INSECURE_TRANSPORT": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "SFTP_ENABLED": "0",
            "TMPDIR": str(self._scratch),
        }
        if self._state:
            environment |= {"PERSIST_STATE": "1", "STATE_DIR": str(self._state)}
        return environment

    def _await_health(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise EmulatorError(f"The embedded AWS stopped at once; see {self.log}")
            try:
                with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise EmulatorError(f"The embedded AWS does not answer; see {self.log}")


def _read_streams_from_the_start(state: Path) -> None:
    """Ministack keeps how far it had read each stream, but not the stream: the positions would lie
    beyond all that is written next, and it would be delivered late, by reconcile."""
    kept = state / "lambda.json"
    if kept.is_file():
        document = json.loads(kept.read_text(encoding="utf-8"))
        document["payload"]["dynamodb_stream_positions"] = {}
        kept.write_text(json.dumps(document), encoding="utf-8")


def _end_group(leader: int) -> None:
    """Ends the functions' processes, should the emulator have left any."""
    if os.name == "nt":
        return
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
