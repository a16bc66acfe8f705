"""Which package may be deployed where."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from infra.casereview.exits import REFUSED, stop
from infra.casereview.targets import Target
from infra.deploy.artifact import Artifact, NoArtifact, read_artifact
from infra.packaging.target import LAMBDA

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def package_in(folder: Path) -> Artifact:
    """What lies in the folder. Exits with 1 when it is not whole."""
    try:
        return read_artifact(folder)
    except NoArtifact as error:
        stop(str(error), REFUSED)


def refuse_package(target: Target, artifact: Artifact, endpoint: str) -> None:
    """Exits with 1 when nobody could build it again, or Lambda could not run it. `endpoint` is
    what would be told: an emulator on this machine runs what this machine runs."""
    if artifact.dirty and target.environment == "prod":
        stop(
            "This package was built with changes that no commit has: nobody could build it again."
            " Commit them, and package again.",
            REFUSED,
        )
    made_for = (artifact.python, artifact.architecture)
    host = artifact.code.resolve().parent.name == "host"
    if urlsplit(endpoint).hostname in _HERE:
        return
    if host or made_for != (LAMBDA.version, LAMBDA.architecture):
        stop(
            f"This package is for Python {artifact.python} on {artifact.architecture}"
            f"{', of this machine' if host else ''}: Lambda would not run it. It must be for"
            f" {LAMBDA.version} on {LAMBDA.architecture}. Build it: casereview package",
            REFUSED,
        )
