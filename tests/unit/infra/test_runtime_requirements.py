"""What the deployed code imports is what is packaged: a test environment would hide the lack."""

from __future__ import annotations

import sys
from importlib import metadata

from infra.packaging.imports import GIVEN, modules_named_in
from infra.packaging.requirements import normalised, read_requirements
from infra.paths import ROOT


def test_every_package_that_the_functions_use_is_packaged() -> None:
    sources = [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
    used = {name.split(".")[0] for path in sources for name in modules_named_in(path.read_bytes())}
    # Chalice packages its own runtime.
    foreign = used - sys.stdlib_module_names - {"chalicelib", "chalice"} - GIVEN
    packaged = {each.name for each in read_requirements(ROOT / "requirements.txt")}
    distributions = metadata.packages_distributions()

    missing = {
        module
        for module in foreign
        if not {normalised(name) for name in distributions.get(module, [])} & packaged
    }
    assert missing == set()
