"""DynamoDB Local in a process of its own, which can be killed and come back on its files."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contract.servers import _jar, _wait, free_port


class LocalServer:
    """One server on one port. What it has confirmed is in its files."""

    def __init__(self, folder: Path, *, on_files: bool) -> None:
        self._folder, self._port, self._on_files = folder, free_port(), on_files
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, on whatever its files hold."""
        jar = _jar()
        log = self._folder / "log"
        files = self._folder / "files"
        files.mkdir(exist_ok=True)
        command = ["java", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        command += [f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}", "-jar", str(jar)]
        command += ["-sharedDb", "-disableTelemetry"]
        command += ["-dbPath", str(files)] if self._on_files else ["-inMemory"]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*command, "-port", str(self._port)],
                cwd=self._folder,
                env=dict(os.environ),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        _wait(self._process, self.url, log)

    def kill(self) -> None:
        """End it at once (SIGKILL), whatever it is doing."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()


@contextmanager
def on_disk(folder: Path) -> Iterator[LocalServer]:
    """A server on new files, which are removed afterwards."""
    with _started(LocalServer(folder, on_files=True)) as server:
        yield server
    shutil.rmtree(folder / "files", ignore_errors=True)


@contextmanager
def in_memory(folder: Path) -> Iterator[str]:
    """The address of a server that forgets all when it ends: fast."""
    with _started(LocalServer(folder, on_files=False)) as server:
        yield server.url


@contextmanager
def _started(server: LocalServer) -> Iterator[LocalServer]:
    server.start()
    try:
        yield server
    finally:
        server.kill()
