"""Which modules code imports, and whether they are there."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Set
from pathlib import PurePosixPath

# Lambda brings its own.
GIVEN = frozenset({"boto3", "botocore"})
# Packages read as data or found without importing.
_FINDERS = frozenset({"files", "find_spec"})


def modules_named_in(source: str | bytes) -> Iterator[str]:
    """Every module that the code imports, wherever in it, by its dotted name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Call):
            yield from _found_by_name(node)


def _found_by_name(call: ast.Call) -> Iterator[str]:
    named = isinstance(call.func, ast.Name) and call.func.id in _FINDERS
    if named and call.args and isinstance(call.args[0], ast.Constant):
        yield str(call.args[0].value)


def missing_imports(files: Mapping[str, bytes]) -> dict[str, str]:
    """Modules that the zip's sources name and that the zip lacks: each with a file that names it.

    Chalice's own runtime is not asked: it imports what Lambda or a local run brings.
    """
    there = _modules(files)
    outside = GIVEN | sys.stdlib_module_names
    return {
        module: name
        for name, source in files.items()
        if name.endswith(".py") and not name.startswith("chalice/")
        for module in modules_named_in(source)
        if module.split(".")[0] not in outside and module not in there
    }


def _modules(files: Mapping[str, bytes]) -> Set[str]:
    found = set()
    for name in files:
        path = PurePosixPath(name)
        if path.suffix not in (".py", ".pyc", ".so") or "__pycache__" in path.parts:
            continue
        module = ".".join((*path.parent.parts, path.name.split(".")[0]))
        found.add(module.removesuffix(".__init__"))
    return found
