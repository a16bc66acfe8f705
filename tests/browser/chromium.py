"""The browser: found on this machine, started without a sandbox and without calls home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    sync_playwright,
)

from infra.setup.browser import find_chromium
from tests.browser.serving import Site

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine is ever looked up: an address elsewhere is a complaint. A route that
    # stopped it would also switch off the cache, and every page would fetch every asset again.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
PATIENCE = 10_000  # milliseconds
# The status of a page itself: the browser writes each to its console.
EXPECTED = ("400", "403", "404", "409", "410", "413", "422")


@contextmanager
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or find_chromium()
    assert path, "Browser tests need Chromium: install Chromium or Google Chrome, or set CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What a browser found wrong while somebody used it."""

    found: list[str] = field(default_factory=list)

    def heard(self, message: ConsoleMessage) -> None:
        text = message.text
        status = text.startswith("Failed to load resource") and any(s in text for s in EXPECTED)
        if message.type in ("error", "warning") and not status:
            self.found.append(f"console: {text}")

    def answered(self, response: Response) -> None:
        asset = "/assets/" in response.url
        if response.status >= 500 or (asset and response.status >= 400):
            self.found.append(f"{response.status} from {urlsplit(response.url).path}")


@dataclass
class Browsing:
    """Opens browser windows on a site; each is a person with cookies of their own."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: Complaints = field(default_factory=Complaints)

    def person(self, site: Site, *, scripts: bool = True, width: int = 1280) -> Page:
        """A new person's first window, with a phone's or a desk's width in CSS pixels."""
        context = self.browser.new_context(
            base_url=site.base,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", self.complaints.heard)
        context.on("response", self.complaints.answered)
        context.on("weberror", lambda error: self.complaints.found.append(f"script: {error.error}"))
        self.contexts.append(context)
        return context.new_page()

    def __enter__(self) -> Browsing:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Closes every window. Whatever a browser complained of fails the test."""
        for context in self.contexts:
            context.close()
        if kind is None:
            assert self.complaints.found == []
