"""The working tree packaged once, as a local run packages it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.package import Package, build_package


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return build_package("local", tmp_path_factory.mktemp("package") / "out")


@pytest.fixture(scope="session")
def template(package: Package) -> dict[str, Any]:
    return package.document()


@pytest.fixture(scope="session")
def names_in_zip(package: Package) -> set[str]:
    with zipfile.ZipFile(Path(package.code)) as code:
        return set(code.namelist())
