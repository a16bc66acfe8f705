"""One service of each partnership for all tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.assets.build import build_assets
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
