"""Locks are read strictly, wheels are unpacked as an installer would, failures are told plainly."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from infra.packaging.artifact import IndexUnreached, PackageError
from infra.packaging.requirements import read_requirements
from infra.packaging.target import LAMBDA
from infra.packaging.wheels import download, unpack
from infra.paths import ROOT
from tests.unit.infra.packages import a_wheel

A_HASH = "a" * 64


def test_the_lock_of_the_functions_is_pinned_hashed_and_without_conditions() -> None:
    names = {each.name for each in read_requirements(ROOT / "requirements.txt")}

    assert {"minijinja", "jsonschema-rs", "pydantic-core"} <= names


def test_what_no_function_imports_is_not_locked() -> None:
    names = {each.name for each in read_requirements(ROOT / "requirements.txt")}

    assert not names & {"jinja2", "markupsafe", "requests", "urllib3", "certifi"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("minijinja==1.0", "minijinja==1.0 is not pinned and hashed"),
        (f"minijinja>=1.0 --hash=sha256:{A_HASH}", "minijinja>=1.0 is not pinned and hashed"),
        (f"six==1.0 ; os_name == 'nt' --hash=sha256:{A_HASH}", "six has a condition"),
    ],
)
def test_a_line_that_leaves_a_choice_is_refused(tmp_path: Path, line: str, told: str) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"# a comment\n{line}\n")

    with pytest.raises(PackageError, match=told):
        read_requirements(lock)


def test_a_wheel_is_unpacked_without_commands_tests_and_lists(tmp_path: Path) -> None:
    wheel = a_wheel(
        tmp_path,
        "thing",
        {
            "thing/__init__.py": b"",
            "thing/tests/test_it.py": b"",
            "thing/__init__.pyi": b"",
            "thing-1.0.data/purelib/thing/more.py": b"",
            "thing-1.0.data/scripts/thing": b"",
            "thing-1.0.dist-info/METADATA": b"",
            "thing-1.0.dist-info/RECORD": b"",
        },
    )
    files: dict[str, bytes] = {}

    unpack([wheel], files)

    assert set(files) == {"thing/__init__.py", "thing/more.py", "thing-1.0.dist-info/METADATA"}


def test_two_wheels_that_bring_different_files_of_one_name_are_refused(tmp_path: Path) -> None:
    one = a_wheel(tmp_path, "one", {"shared/__init__.py": b"ONE = 1\n"})
    two = a_wheel(tmp_path, "two", {"shared/__init__.py": b"TWO = 2\n"})

    with pytest.raises(PackageError, match=r"two brings shared/__init__\.py"):
        unpack([one, two], {})


FAILURES = (
    ("ERROR: No matching distribution found for rusty==1.0", PackageError, "rusty==1.0 has no whe"),
    (
        "WARNING: Retrying (Retry(total=4)) after connection broken\n"
        "ERROR: No matching distribution found for rusty==1.0",
        IndexUnreached,
        "does not answer",
    ),
    (
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
        PackageError,
        "not the one that was locked",
    ),
    ("ERROR: something else", PackageError, "could not be downloaded"),
)


@pytest.mark.parametrize(("said", "kind", "told"), FAILURES)
def test_a_download_that_fails_says_what_to_do(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    kind: type[PackageError],
    told: str,
) -> None:
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr=said)
    monkeypatch.setattr("infra.packaging.wheels.subprocess.run", lambda *_, **__: failed)

    with pytest.raises(kind, match=told) as refusal:
        download(tmp_path / "requirements.txt", LAMBDA, Path("python"), tmp_path)

    assert type(refusal.value) is kind


def test_a_wheel_whose_bytes_are_not_the_locked_ones_is_not_downloaded(tmp_path: Path) -> None:
    """By pip itself, from a folder: no network."""
    wheel = a_wheel(tmp_path / "index")
    with zipfile.ZipFile(wheel.path, "a") as changed:
        changed.writestr("minijinja-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"minijinja @ {wheel.path.as_uri()} --hash=sha256:{A_HASH}\n")

    with pytest.raises(PackageError, match="not the one that was locked"):
        download(lock, LAMBDA, Path("python"), tmp_path / "wheels")
