"""`make preview`: pages of the working tree, and again when a file has changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from infra.local.emulator import free_port
from infra.paths import ROOT

pytestmark = pytest.mark.integration


@contextmanager
def preview() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local.preview"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        for line in process.stdout:
            if line.startswith("Ready:"):
                break
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return str(answer.read().decode())


def test_a_page_is_shown_with_the_script_that_reloads_it() -> None:
    with preview() as base:
        page = read(f"{base}/adult")
        version = read(f"{base}/_preview/version")
        script = read(f"{base}/_preview/reload.js")

    assert "govuk-template" in page
    assert '<script src="/_preview/reload.js"></script></body>' in page
    assert version in script
