"""Downloads the locked wheels for the target, checked by their hashes, and unpacks them."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.packaging.artifact import IndexUnreached, PackageError
from infra.packaging.left_out import is_left_out
from infra.packaging.requirements import Requirement, normalised
from infra.packaging.target import Target

_UNREACHED = re.compile(r"Retrying \(|Connection|Temporary failure|timed out", re.IGNORECASE)
_NO_WHEEL = re.compile(r"No matching distribution found for (\S+)")
_LIBRARIES = re.compile(r"[^/]+\.data/(?:purelib|platlib)/(.+)")


@dataclass(frozen=True)
class Wheel:
    """A wheel as it was downloaded."""

    path: Path

    @property
    def name(self) -> str:
        return normalised(self.path.name.split("-")[0])

    @property
    def version(self) -> str:
        return self.path.name.split("-")[1]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """What it puts beside the app, by name. What is left out is not among it."""
        with zipfile.ZipFile(self.path) as wheel:
            for info in wheel.infolist():
                within = _LIBRARIES.fullmatch(info.filename)
                name = within[1] if within else info.filename
                if not info.is_dir() and not is_left_out(name):
                    yield name, wheel.read(info)


def download(lock: Path, target: Target, python: Path, folder: Path) -> tuple[Wheel, ...]:
    """Every wheel that the lock names, for the target. Raises PackageError or IndexUnreached.

    `python` is asked only where the target is this machine: it knows which wheels fit.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    if not target.platforms:
        command += ["--python", str(python)]
    command += ["download", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    if target.platforms:
        command += ["--implementation", "cp", "--python-version", target.version]
    for name in target.platforms:
        command += ["--platform", name]
    command += ["--dest", str(folder), "--requirement", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise _failure(done.stderr, target)
    return tuple(Wheel(path) for path in sorted(folder.glob("*.whl")))


def _failure(said: str, target: Target) -> PackageError:
    missing = _NO_WHEEL.search(said)
    if _UNREACHED.search(said):
        return IndexUnreached(
            "The package index does not answer. Check the network and pip's settings, then give"
            " the command again: nothing is half done."
        )
    if missing:
        return PackageError(
            f"{missing[1]} has no wheel for {target.runtime} on {target.architecture}. Choose a"
            " version in pyproject.toml that has one, then: make lock"
        )
    if "HASH" in said:
        return PackageError(
            "A downloaded file is not the one that was locked. Do not package: find out why the"
            f" index serves another file, or lock the new one knowingly.\n{said[-2000:]}"
        )
    return PackageError(f"The wheels could not be downloaded:\n{said[-2000:]}")


def wheel_faults(requirements: Sequence[Requirement], wheels: Sequence[Wheel]) -> Iterator[str]:
    """What the downloaded folder lacks, has too much, or has in place of what was locked."""
    found = {(wheel.name, wheel.version): wheel for wheel in wheels}
    wanted = {(each.name, each.version): each for each in requirements}
    for name, version in sorted(wanted.keys() - found.keys()):
        yield (
            f"{name} {version} has no wheel. Choose a version in pyproject.toml that has one for"
            " Lambda, then: make lock"
        )
    for name, version in sorted(found.keys() - wanted.keys()):
        yield f"{name} {version} was downloaded and is not in requirements.txt: make lock"
    for key in sorted(found.keys() & wanted.keys()):
        digest = hashlib.sha256(found[key].path.read_bytes()).hexdigest()
        if digest not in wanted[key].hashes:
            yield (
                f"{found[key].path.name} is not the file that was locked. Find out where it comes"
                " from before anything is packaged"
            )


def unpack(wheels: Sequence[Wheel], into: dict[str, bytes]) -> None:
    """Adds what the wheels bring. Raises PackageError where two bring different files."""
    for wheel in wheels:
        for name, content in wheel.files():
            if into.setdefault(name, content) != content:
                raise PackageError(
                    f"{wheel.name} brings {name}, which is there already. Both cannot be packaged:"
                    " leave one of the two packages out of pyproject.toml"
                )
