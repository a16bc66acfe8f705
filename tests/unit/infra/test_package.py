"""The artifact holds what the functions need, and nothing of the local run."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import infra.package
from infra.package import Package, PackageError, build_package
from infra.paths import ROOT


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
    build_package("local", tmp_path / "out", requirements=None, tree=tree)
    (tree / "forms" / "one.json").rename(tree / "forms" / "two.json")

    package = build_package("local", tmp_path / "out", requirements=None, tree=tree)

    with zipfile.ZipFile(package.code) as code:
        assert [name for name in code.namelist() if "forms" in name] == ["forms/two.json"]


def test_a_missing_wheel_is_an_error_though_chalice_says_it_succeeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        infra.package, "_run_chalice", lambda *_: "Could not install dependencies: jsonschema-rs"
    )

    with pytest.raises(PackageError, match="jsonschema-rs"):
        build_package("local", tmp_path / "out", requirements=None, tree=a_tree(tmp_path))


def test_a_required_package_that_is_not_in_the_zip_is_an_error(
    package: Package, tmp_path: Path
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("minijinja==3.0.5\n")

    with pytest.raises(PackageError, match="minijinja"):
        infra.package._check(package, requirements)


def a_tree(folder: Path) -> Path:
    """The smallest tree that has the app's handlers."""
    tree = folder / "tree"
    (tree / "chalicelib").mkdir(parents=True)
    (tree / "chalicelib" / "__init__.py").touch()
    (tree / "forms").mkdir()
    (tree / "forms" / "one.json").write_text("{}")
    (tree / ".chalice").mkdir()
    for name in ("config.json", "policy-none.json"):
        (tree / ".chalice" / name).write_text((ROOT / ".chalice" / name).read_text())
    (tree / "app.py").write_text(
        "from chalice import Chalice, Rate\n"
        "app = Chalice(app_name='case-review-notifications')\n"
        "@app.route('/')\ndef index():\n    return {}\n"
        "@app.on_dynamodb_record(stream_arn='arn:aws:dynamodb:eu-west-2:0:table/t/stream/0',"
        " name='Deliver')\ndef deliver(event):\n    return None\n"
        "@app.lambda_function(name='Remind')\ndef remind(event, context):\n    return None\n"
        "@app.schedule(Rate(15, unit=Rate.MINUTES), name='Reconcile')\n"
        "def reconcile(event):\n    return None\n"
    )
    return tree
