"""One browser and one service of each partnership for all tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from infra.assets.build import build_assets
from tests.browser.chromium import Browsing, chromium
from tests.browser.serving import Site, serving

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def assets() -> None:
    build_assets()


@pytest.fixture(scope="session")
def suffolk(assets: None) -> Iterator[Site]:
    with serving("suffolk") as site:
        yield site


@pytest.fixture(scope="session")
def salford(assets: None) -> Iterator[Site]:
    with serving("salford") as site:
        yield site


@pytest.fixture(scope="session")
def sites(suffolk: Site, salford: Site) -> dict[str, Site]:
    return {"suffolk": suffolk, "salford": salford}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def browsing(browser: Browser) -> Iterator[Browsing]:
    """Windows for one test."""
    with Browsing(browser) as windows:
        yield windows
