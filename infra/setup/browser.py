"""The Chromium that browser tests drive: the machine's own, or installed where that can be done."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from infra.setup.python import interpreter
from infra.setup.steps import SetupError

# The headless shell is Chromium without its windows: a third of the processor time for a page.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium() -> Path | None:
    """A Chromium or Chrome on this machine, else the one that Playwright keeps, else None."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    for place in PLACES:
        if Path(place).exists():
            return Path(place)
    return _playwrights_own()


def _playwrights_own() -> Path | None:
    script = (
        "from playwright.sync_api import sync_playwright as p\n"
        "with p() as play: print(play.chromium.executable_path)"
    )
    asked = subprocess.run(
        [interpreter(), "-c", script], capture_output=True, text=True, check=False
    )
    path = Path(asked.stdout.strip() or "missing")
    return path if path.is_file() else None


def require_chromium() -> None:
    """Raises SetupError when there is none and it could not be installed."""
    if find_chromium():
        return
    print("  Chromium ...", flush=True)
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        _apt_get("update", "-q")
        _apt_get("install", "-qy", "--no-install-recommends", SHELL)
        if not find_chromium():
            _apt_get("install", "-qy", "--no-install-recommends", "chromium")
    if not find_chromium():
        install: list[str | Path] = [interpreter(), "-m", "playwright", "install", "chromium"]
        subprocess.run(install, capture_output=True, check=False)
    if not find_chromium():
        raise SetupError(
            "Browser tests need Chromium. Install Chromium or Google Chrome, then again."
        )


def _apt_get(*arguments: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", *arguments], env=quiet, capture_output=True, check=False)
