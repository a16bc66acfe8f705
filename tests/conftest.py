"""What a worker shares: its browser, and the folders of which one worker does all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.chromium import Browsing

# Their tests share what takes long to start: two deployed instances, a whole local run.
WHOLE = ("tests/deploy/", "tests/integration/")


class _ByFileOrFolder(LoadFileScheduling):  # type: ignore[misc]
    """A file's tests go to one worker, and all of a folder's of WHOLE."""

    def _split_scope(self, nodeid: str) -> str:
        whole = (folder for folder in WHOLE if nodeid.startswith(folder))
        return next(whole, None) or str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """In place of `--dist loadfile`; any other way to distribute stays."""
    return _ByFileOrFolder(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Here, for most tests need none of it.
    from tests.browser.chromium import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def browsing(browser: Browser) -> Iterator[Browsing]:
    """Windows for one test."""
    from tests.browser.chromium import Browsing

    with Browsing(browser) as windows:
        yield windows
