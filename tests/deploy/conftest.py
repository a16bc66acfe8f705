"""Suffolk and Salford deployed side by side by the command, to one emulator that checks rights."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import pytest

from infra.casereview import targets
from infra.casereview.instances import load_instance
from infra.local.aws import ACCOUNT, REGION
from infra.local.emulator import Emulator
from infra.package import build_package
from tests.deploy.instances import DeployedInstance, write_instance, write_manifest
from tests.deploy.roles import Role, Roles

PARTNERSHIPS = ("suffolk", "salford")
Instances = Mapping[str, DeployedInstance]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code only, for functions that run in this environment."""
    folder = build_package("local", tmp_path_factory.mktemp("package")).code.parent
    write_manifest(folder)
    return folder


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator"), checks_rights=True) as started:
        yield started


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the instances' files."""
    folder = tmp_path_factory.mktemp("files") / "instances"
    for partnership in PARTNERSHIPS:
        for environment in ("dev", "prod"):
            write_instance(folder, partnership, environment)
    return folder


@contextmanager
def at_emulator(emulator: Emulator, files: Path) -> Iterator[None]:
    """The command reaches the emulator and reads these files, within the block and no further."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
        patch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
        patch.setenv("AWS_SECRET_ACCESS_KEY", "local")
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setattr(targets, "load_instance", partial(load_instance, folder=files))
        yield


@pytest.fixture(autouse=True)
def _at_emulator(emulator: Emulator, files: Path) -> Iterator[None]:
    with at_emulator(emulator, files):
        yield


@pytest.fixture(scope="session")
def instances(emulator: Emulator, files: Path, package: Path) -> Instances:
    """Both, deployed."""
    made = {name: DeployedInstance(name, emulator.endpoint, package) for name in PARTNERSHIPS}
    with at_emulator(emulator, files):
        for instance in made.values():
            said = instance.deploy_first()
            assert said.exit_code == 0, said.output
    return made


@pytest.fixture
def suffolk(instances: Instances) -> DeployedInstance:
    return instances["suffolk"]


@pytest.fixture
def salford(instances: Instances) -> DeployedInstance:
    return instances["salford"]


@pytest.fixture(scope="session")
def roles(instances: Instances) -> Roles:
    """Suffolk's, by their names in the template."""
    return cache(partial(Role, instances["suffolk"]))
