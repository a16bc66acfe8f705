"""What a local run packages: the code, the forms and the built assets, as they are now."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.package import Package, PackageError, build_package
from infra.packaging.archive import file_digest, write_zip
from infra.packaging.artifact import CODE
from tests.unit.infra.packages import a_tree


def names(package: Package) -> list[str]:
    with zipfile.ZipFile(package.code) as code:
        return code.namelist()


def test_the_zip_holds_code_forms_and_built_assets(names_in_zip: set[str]) -> None:
    assert {"app.py", "forms/adult.json", "forms/child.json", "chalicelib/settings.py"} <= (
        names_in_zip
    )
    assert "chalicelib/web/static/manifest.json" in names_in_zip


def test_nothing_of_infra_is_in_the_zip(names_in_zip: set[str]) -> None:
    assert not [name for name in names_in_zip if name.startswith(("infra/", "tests/"))]


def test_no_file_of_the_zip_knows_the_local_pages(package: Package) -> None:
    with zipfile.ZipFile(package.code) as code:
        knowing = [name for name in code.namelist() if b"_local/" in code.read(name)]

    assert knowing == []


def test_a_renamed_form_is_packaged_under_its_new_name(tmp_path: Path) -> None:
    tree = a_tree(tmp_path)
    build_package("local", tmp_path / "out", tree=tree)
    (tree / "forms" / "one.json").rename(tree / "forms" / "two.json")

    package = build_package("local", tmp_path / "out", tree=tree)

    assert [name for name in names(package) if "forms" in name] == ["forms/two.json"]


@pytest.fixture
def chalice_runs(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A line for each time that Chalice would have been run."""
    runs: list[Path] = []

    def quick(_python: Path, source: Path, _stage: str, out: Path) -> dict[str, Any]:
        runs.append(source)
        write_zip({"app.py": (source / "app.py").read_bytes()}, out / CODE)
        return {"Resources": {}}

    monkeypatch.setattr("infra.package.run_chalice", quick)
    return runs


def test_an_unchanged_tree_is_not_packaged_again(tmp_path: Path, chalice_runs: list[Path]) -> None:
    tree = a_tree(tmp_path)

    packages = [build_package("local", tmp_path / "out", tree=tree) for _ in range(2)]

    assert packages[0] == packages[1]
    assert len(chalice_runs) == 1


def test_whatever_changed_is_packaged_again(tmp_path: Path, chalice_runs: list[Path]) -> None:
    tree = a_tree(tmp_path)

    def build(stage: str = "local") -> None:
        build_package(stage, tmp_path / "out", tree=tree)

    build()
    (tree / "forms" / "one.json").write_text('{"changed": true}')
    build()
    (tree / "chalicelib" / "more.py").touch()
    build()
    config = tree / ".chalice" / "config.json"
    config.write_text(config.read_text().replace("365", "30"))
    build()
    build("live")
    (tmp_path / "out" / "deployment.zip").write_bytes(b"damaged")
    build("live")

    assert len(chalice_runs) == 6


def test_the_same_tree_gives_the_same_zip_wherever_it_is_packaged(tmp_path: Path) -> None:
    packages = [
        build_package("local", tmp_path / name / "out", tree=a_tree(tmp_path / name))
        for name in ("one", "another")
    ]

    assert len({file_digest(package.code) for package in packages}) == 1
    assert len({file_digest(package.template) for package in packages}) == 1


def test_what_chalice_cannot_package_is_told_with_what_it_said(tmp_path: Path) -> None:
    tree = a_tree(tmp_path, "import no_such_module\n")

    with pytest.raises(PackageError, match="no_such_module"):
        build_package("local", tmp_path / "out", tree=tree)
