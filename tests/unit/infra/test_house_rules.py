"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from infra.paths import ROOT

READERS = {"environ", "getenv", "environb"}
SOURCES = sorted([ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")])
LONGEST = {"app.py": 200, "chalicelib": 400, "infra": 400, "tests": 600}  # lines


def reads_the_environment(path: Path) -> bool:
    tree = ast.parse(path.read_text())
    return any(
        (isinstance(node, ast.Attribute) and node.attr in READERS)
        or (isinstance(node, ast.ImportFrom) and {alias.name for alias in node.names} & READERS)
        for node in ast.walk(tree)
    )


def test_only_settings_reads_the_environment() -> None:
    readers = [path.name for path in SOURCES if reads_the_environment(path)]

    assert readers == ["settings.py"]


@pytest.mark.parametrize("folder", LONGEST)
def test_no_file_is_longer_than_a_person_reads_at_once(folder: str) -> None:
    paths = [ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py")

    assert [
        path.name for path in paths if len(path.read_text().splitlines()) > LONGEST[folder]
    ] == []
