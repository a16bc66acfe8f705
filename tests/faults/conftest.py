"""The servers that the small runs share."""

from collections.abc import Iterator

import pytest

from tests.faults.server import LocalServer, in_memory, on_disk


@pytest.fixture(scope="session")
def local_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with in_memory(tmp_path_factory.mktemp("faults-memory")) as url:
        yield url


@pytest.fixture(scope="session")
def disk_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    with on_disk(tmp_path_factory.mktemp("faults-disk")) as server:
        yield server
