"""What the deployed code imports is what is packaged: a test environment would hide the lack."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[3]
# Lambda brings its own; Chalice packages its own runtime; jinja2 is only a dependency of macros.
GIVEN = {"boto3", "botocore", "chalice"}
# Packages read as data or found without importing.
FINDERS = {"files", "find_spec"}


def modules_named_in(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Call):
            yield from _found_by_name(node)


def _found_by_name(call: ast.Call) -> Iterator[str]:
    named = isinstance(call.func, ast.Name) and call.func.id in FINDERS
    if named and call.args and isinstance(call.args[0], ast.Constant):
        yield str(call.args[0].value)


def test_every_package_that_the_functions_use_is_packaged() -> None:
    sources = [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
    used = {name.split(".")[0] for source in sources for name in modules_named_in(source)}
    foreign = used - sys.stdlib_module_names - {"chalicelib"} - GIVEN
    packaged = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    distributions = metadata.packages_distributions()

    missing = {
        module
        for module in foreign
        if not any(
            name.lower().replace("_", "-") in packaged for name in distributions.get(module, [])
        )
    }
    assert missing == set()
