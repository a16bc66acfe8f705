"""What `casereview package` built, as a deployment needs it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.packaging.artifact import CODE, MANIFEST, TEMPLATE
from infra.paths import BUILD

FOLDER = BUILD / "package"
FUNCTION = "AWS::Serverless::Function"
UNKNOWN = "unknown"
_HASHED_AT_ONCE = 1 << 20  # bytes


class NoArtifact(Exception):
    """There is nothing to deploy; the text says what to do."""


@dataclass(frozen=True)
class Artifact:
    """`code` is the functions' zip, `digest` is of code and template: hexadecimal SHA-256.

    `commit` is that of the tree it was built from, which held more than that when it was `dirty`.
    `python` and `architecture` are those that it was built for.
    """

    code: Path
    code_digest: str
    template: dict[str, Any]
    digest: str
    commit: str = UNKNOWN
    dirty: bool = False
    python: str = UNKNOWN
    architecture: str = UNKNOWN

    @property
    def key(self) -> str:
        """Where the zip is put: its own digest, so that the same code is uploaded once."""
        return f"code/{self.code_digest}.zip"

    def parameters(self) -> frozenset[str]:
        """What the template can be told."""
        return frozenset(self.template.get("Parameters", {}))

    def template_with_code(self, bucket: str) -> str:
        """The template with the uploaded zip in place of the local file: nothing else changes."""
        resources = {
            name: _with_code(resource, bucket, self.key)
            for name, resource in self.template["Resources"].items()
        }
        return json.dumps({**self.template, "Resources": resources}, separators=(",", ":"))


def read_artifact(folder: Path = FOLDER) -> Artifact:
    """The package that lies in the folder, as it was built. Raises `NoArtifact`."""
    code, template, manifest = (folder / name for name in (CODE, TEMPLATE, MANIFEST))
    # The manifest is written last: without it the rest is not whole.
    if not all(path.is_file() for path in (code, template, manifest)):
        raise NoArtifact(f"There is no package in {folder}. Build it first: casereview package")
    told = json.loads(manifest.read_text(encoding="utf-8"))
    found = {"digest": _digest(code), "template_digest": _digest(template)}
    if any(told.get(name) != digest for name, digest in found.items()):
        raise NoArtifact(f"What is in {folder} was changed after it was built. Build it again.")
    return Artifact(
        code=code,
        code_digest=found["digest"],
        template=json.loads(template.read_text(encoding="utf-8")),
        digest=hashlib.sha256("".join(found.values()).encode()).hexdigest(),
        commit=str(told.get("commit") or UNKNOWN),
        dirty=bool(told.get("dirty")),
        python=str(told.get("python") or UNKNOWN),
        architecture=str(told.get("architecture") or UNKNOWN),
    )


def _with_code(resource: dict[str, Any], bucket: str, key: str) -> dict[str, Any]:
    if resource["Type"] != FUNCTION:
        return resource
    place = {"Bucket": bucket, "Key": key}
    return {**resource, "Properties": {**resource["Properties"], "CodeUri": place}}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASHED_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()
