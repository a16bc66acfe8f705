"""The emulators, each a process of its own on a free port of the loopback address."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

START_SECONDS = 90
PROJECT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """Ministack's address, while it runs."""
    port = free_port()
    environment = {
        **os.environ,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
    }
    program = Path(sys.executable).with_name("ministack")
    with _running([str(program)], port, folder, environment) as url:
        yield url


@contextmanager
def dynamodb_local(folder: Path) -> Iterator[str]:
    """The address of AWS's own DynamoDB Local, while it runs."""
    jar = _jar()
    port = free_port()
    libraries = jar.parent / "DynamoDBLocal_lib"
    # It lives for minutes: code that is compiled once and quickly is the cheaper for it.
    command = ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    command += [f"-Djava.library.path={libraries}", "-jar", str(jar)]
    command += ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
    with _running(command, port, folder, dict(os.environ)) as url:
        yield url


def _jar() -> Path:
    folder = os.environ.get("DYNAMODB_LOCAL_DIR") or PROJECT / ".tools" / "dynamodb-local"
    jar = Path(folder) / "DynamoDBLocal.jar"
    missing = [] if shutil.which("java") else ["Java 17"]
    missing += [] if jar.exists() else ["DynamoDB Local (run the project's set-up)"]
    if missing and os.environ.get("CI"):
        pytest.fail(f"in CI the oracle must run; missing: {', '.join(missing)}")
    if missing:
        pytest.skip(f"missing: {', '.join(missing)}")
    return jar


@contextmanager
def _running(
    command: list[str], port: int, folder: Path, environment: dict[str, str]
) -> Iterator[str]:
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, f"http://127.0.0.1:{port}", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError as answered:
            answered.close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"the emulator did not start: {log.read_text(errors='replace')[-2000:]}")
