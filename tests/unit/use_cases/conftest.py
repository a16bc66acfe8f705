"""An instance for every test."""

import pytest

from tests.unit.use_cases.instance import Instance, an_instance


@pytest.fixture
def suffolk() -> Instance:
    return an_instance("suffolk")


@pytest.fixture
def salford() -> Instance:
    return an_instance("salford")
