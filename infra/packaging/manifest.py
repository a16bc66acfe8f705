"""What an artifact is: digests, sizes, commit, versions; not when or where it was made."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from infra.packaging.archive import contents_digest, file_digest
from infra.packaging.candidate import Candidate


def manifest(candidate: Candidate, built_with: str, passed: Sequence[str]) -> dict[str, Any]:
    """Sizes in bytes, digests SHA-256. `contents_digest` is of the zip's names and contents.

    `commit` is None outside a repository; `dirty`: the working tree held more than the commit.
    """
    commit, dirty = _commit(candidate.tree)
    package = candidate.package
    return {
        "digest": file_digest(package.code),
        "contents_digest": contents_digest(candidate.files),
        "template_digest": file_digest(package.template),
        "size": package.code.stat().st_size,
        "unzipped": sum(map(len, candidate.files.values())),
        "commit": commit,
        "dirty": dirty,
        "python": candidate.target.version,
        "built_with": built_with,
        "architecture": candidate.target.architecture,
        "chalice": metadata.version("chalice"),
        "dependencies": {each.name: each.version for each in candidate.requirements},
        "gates": list(passed),
    }


def _commit(tree: Path) -> tuple[str | None, bool]:
    commit = _git(tree, "rev-parse", "HEAD")
    return commit or None, bool(commit is None or _git(tree, "status", "--porcelain"))


def _git(tree: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=tree, capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
