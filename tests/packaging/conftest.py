"""The whole artifact, built once for this machine: the one part that asks the package index."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.packaging.artifact import CODE, MANIFEST
from infra.packaging.build import build_artifact
from infra.packaging.target import this_machine


@dataclass(frozen=True)
class Built:
    """`task` holds the zip unpacked, as Lambda does it."""

    out: Path
    task: Path
    manifest: dict[str, Any]
    steps: list[str]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("artifact")
    steps: list[str] = []

    @contextmanager
    def step(title: str) -> Iterator[None]:
        steps.append(title)
        yield

    made = build_artifact(folder / "out", target=this_machine(), step=step)
    with zipfile.ZipFile(folder / "out" / CODE) as code:
        code.extractall(folder / "task")
    assert json.loads((folder / "out" / MANIFEST).read_text()) == made
    return Built(folder / "out", folder / "task", made, steps)
