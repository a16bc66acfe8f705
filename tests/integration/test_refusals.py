"""What a local run says when it cannot start."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from infra.paths import ROOT


def started(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.local.run", "--state", str(folder), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_port_in_use_is_said_plainly_with_another_to_try(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = started(tmp_path, "--port", str(port))

    assert refused.returncode == 1
    assert f"Port {port} is in use" in refused.stderr
    assert f"PORT={port + 1}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_unknown_partnership_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    refused = started(tmp_path, "--partnership", "atlantis")

    assert refused.returncode == 1
    assert "salford, suffolk" in refused.stderr
