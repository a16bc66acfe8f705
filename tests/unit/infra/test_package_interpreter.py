"""Which Python builds the artifact, and what is said where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from infra.packaging.artifact import PackageError
from infra.packaging.interpreter import find_interpreter
from infra.packaging.target import LAMBDA, this_machine

FUTURE = (3, 99)


def a_python(path: Path, says: str) -> Path:
    """A program that answers as a Python of some version would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for; pyenv keeps none."""
    found = tmp_path / "bin"
    found.mkdir()
    monkeypatch.setenv("PATH", str(found))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return found


def test_this_python_is_taken_when_it_is_of_the_version() -> None:
    assert find_interpreter(sys.version_info[:2]) == Path(sys.executable)


def test_one_on_the_path_is_found(path: Path) -> None:
    python = a_python(path / "python3.99", "cpython.3.99")

    assert find_interpreter(FUTURE) == python


def test_one_that_only_pyenv_knows_is_found(path: Path, tmp_path: Path) -> None:
    broken = a_python(path / "python3.99", "pyenv: python3.99: command not found")
    kept = a_python(tmp_path / "pyenv/versions/3.99.4/bin/python3.99", "cpython.3.99")

    assert broken != find_interpreter(FUTURE) == kept


def test_where_there_is_none_it_says_what_to_install(path: Path) -> None:
    with pytest.raises(PackageError) as refusal:
        find_interpreter(FUTURE)

    told = str(refusal.value)
    assert "Python 3.99, and there is none on this machine" in told
    assert "uv python install 3.99" in told
    assert "--python PATH" in told


@pytest.mark.parametrize("says", ["cpython.3.98", "pypy.3.99", ""])
def test_one_that_was_named_and_will_not_do_is_refused(path: Path, says: str) -> None:
    named = a_python(path / "named", says)

    with pytest.raises(PackageError, match=r"named is not CPython 3\.99"):
        find_interpreter(FUTURE, named)


def test_one_that_was_named_and_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"is not CPython 3\.99"):
        find_interpreter(FUTURE, tmp_path / "nowhere")


def test_the_artifact_is_for_python_3_13_on_arm64() -> None:
    assert (LAMBDA.runtime, LAMBDA.architecture, LAMBDA.machine) == ("python3.13", "arm64", 183)


@pytest.mark.parametrize(
    ("machine", "architecture", "stage"),
    [("x86_64", "x86_64", "local"), ("AMD64", "x86_64", "local"), ("aarch64", "arm64", "live")],
)
def test_this_machine_is_named_as_lambda_names_it(
    monkeypatch: pytest.MonkeyPatch, machine: str, architecture: str, stage: str
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)

    target = this_machine()

    assert (target.architecture, target.stage) == (architecture, stage)
    assert target.python == sys.version_info[:2]
