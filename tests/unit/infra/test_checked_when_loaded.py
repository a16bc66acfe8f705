"""Whatever a person starts refuses a partnership that is wrong, and says where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import infra.assets.build
import infra.local.run
from chalicelib.referrals.partnership import PartnershipError, partnership_file
from infra.local import preview
from infra.local.preview_app import failed
from infra.local.run import Refusal
from infra.package import PackageError, build_package
from infra.paths import FORMS
from tests.unit.infra.test_preview_app import ask

FINDING = r"partnership\.toml:\d+: deadlines\.acknowledge\.length: is out of range\. Give a number"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A working tree in which Suffolk has a rule with a negative length."""
    shutil.copytree(FORMS, tmp_path / "forms")
    path = partnership_file(tmp_path / "forms", "suffolk")
    path.write_text(path.read_text("utf-8").replace("length = 2", "length = -2"), "utf-8")
    return tmp_path


def test_packaging_refuses_it_before_anything_is_built(tree: Path) -> None:
    with pytest.raises(PackageError, match=FINDING):
        build_package("local", tree / "out", tree=tree)

    assert not (tree / "out").exists()


def test_a_local_run_refuses_it_before_anything_is_started(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(infra.local.run, "FORMS", tree / "forms")

    with pytest.raises(Refusal, match=FINDING):
        infra.local.run.run(0, "suffolk", tree / "state")

    assert not (tree / "state").exists()


@pytest.fixture
def refused_by_preview(tree: Path, monkeypatch: pytest.MonkeyPatch) -> PartnershipError:
    monkeypatch.setattr(infra.assets.build, "build_assets", lambda: None)
    monkeypatch.setenv("FORMS_DIR", str(tree / "forms"))
    monkeypatch.setenv("PARTNERSHIP", "suffolk")
    with pytest.raises(PartnershipError) as refusal:
        preview._services()
    return refusal.value


def test_the_preview_shows_the_finding_in_place_of_the_pages(
    refused_by_preview: PartnershipError,
) -> None:
    status, page = ask(failed(refused_by_preview), "/")

    assert status.startswith("500")
    assert "deadlines.acknowledge.length: is out of range" in page
    assert "Traceback" not in page
