from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.assets.build import AssetError, build_assets


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "app.scss").write_text("$size: 2px;\n.a { .b { margin: $size; } }\n")
    (folder / "app.js").write_text("const two = 2;\nwindow.answer = two?.valueOf();\n")
    (folder / "process.svg").write_text("<svg/>")
    return folder


def test_each_source_is_built_under_a_name_of_its_content(sources: Path, tmp_path: Path) -> None:
    manifest = build_assets(sources, tmp_path / "static")

    assert set(manifest) == {"app.css", "app.js", "process.svg"}
    assert (tmp_path / "static" / manifest["app.css"]).read_text().strip() == ".a .b{margin:2px}"
    assert json.loads((tmp_path / "static" / "manifest.json").read_text()) == manifest


def test_the_script_is_written_for_browsers_of_2019(sources: Path, tmp_path: Path) -> None:
    manifest = build_assets(sources, tmp_path / "static")

    assert "?." not in (tmp_path / "static" / manifest["app.js"]).read_text()


def test_a_changed_source_gets_a_new_name_and_the_old_file_goes(
    sources: Path, tmp_path: Path
) -> None:
    before = build_assets(sources, tmp_path / "static")
    (sources / "app.scss").write_text(".a { margin: 3px; }\n")

    after = build_assets(sources, tmp_path / "static")

    assert after["app.css"] != before["app.css"]
    assert not (tmp_path / "static" / before["app.css"]).exists()
    assert after["app.js"] == before["app.js"]


def test_nothing_is_built_when_nothing_has_changed(sources: Path, tmp_path: Path) -> None:
    manifest = build_assets(sources, tmp_path / "static")
    built = tmp_path / "static" / manifest["app.css"]
    built.write_text("as it was left")

    build_assets(sources, tmp_path / "static")

    assert built.read_text() == "as it was left"


def test_a_mistake_is_reported_with_its_file_and_no_trace_of_the_tool(
    sources: Path, tmp_path: Path
) -> None:
    (sources / "app.js").write_text("const = ;\n")

    with pytest.raises(AssetError) as refused:
        build_assets(sources, tmp_path / "static")

    assert "app.js:1" in str(refused.value)
    assert "node:" not in str(refused.value)
