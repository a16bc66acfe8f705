"""The same contents give the same bytes, and the bytecode is what the functions' Python loads."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.packaging.archive import contents_digest, file_digest, read_zip, write_zip
from infra.packaging.artifact import PackageError
from infra.packaging.bytecode import compiled

SOURCES = {
    "thing/__init__.py": b"NAMES = {'b', 'a', 'c'}\ndef f(x):\n    return x in {'y', 'z', 'w'}\n",
    "thing/data.txt": b"data",
    "alone.py": b"from thing import NAMES\n",
}
PYTHON = Path(sys.executable)


def test_order_and_date_of_the_files_do_not_change_the_zip(tmp_path: Path) -> None:
    files = {"b.txt": b"two", "a.txt": b"one"}
    write_zip(files, tmp_path / "one.zip")
    write_zip(dict(sorted(files.items())), tmp_path / "two.zip")

    assert file_digest(tmp_path / "one.zip") == file_digest(tmp_path / "two.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as code:
        entries = [(info.date_time[0], info.external_attr >> 16) for info in code.infolist()]
    assert entries == [(1980, 0o100644)] * 2


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as code:
        code.writestr("app.py", "one")
        with pytest.warns(UserWarning, match="Duplicate name"):
            code.writestr("app.py", "two")

    with pytest.raises(PackageError, match=r"holds app\.py twice"):
        read_zip(path)


def test_contents_have_a_digest_of_names_and_bytes() -> None:
    digests = {contents_digest(files) for files in ({"a": b"1"}, {"b": b"1"}, {"a": b"2"})}

    assert len(digests) == 3
    assert contents_digest({"a": b"1", "b": b"2"}) == contents_digest({"b": b"2", "a": b"1"})


@pytest.mark.parametrize("keep_source", [True, False])
def test_bytecode_is_the_same_in_whatever_folder_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep_source: bool
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    here = compiled(SOURCES, PYTHON, tmp_path / "here", keep_source=keep_source)
    monkeypatch.setenv("PYTHONHASHSEED", "2")
    there = compiled(SOURCES, PYTHON, tmp_path / "quite" / "elsewhere", keep_source=keep_source)

    assert here == there


def test_a_dependency_is_bytecode_only_and_can_be_imported(tmp_path: Path) -> None:
    files = compiled(SOURCES, PYTHON, tmp_path / "work", keep_source=False)
    assert set(files) == {"thing/__init__.pyc", "thing/data.txt", "alone.pyc"}

    write_zip(files, tmp_path / "code.zip")
    with zipfile.ZipFile(tmp_path / "code.zip") as code:
        code.extractall(tmp_path / "task")
    script = f"import sys; sys.path.insert(0, {str(tmp_path / 'task')!r}); import alone"
    imported = subprocess.run([PYTHON, "-I", "-c", script], capture_output=True, check=False)

    assert imported.returncode == 0, imported.stderr


def test_a_file_that_does_not_compile_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"broken\.py"):
        compiled({"broken.py": b"def :\n"}, PYTHON, tmp_path / "work", keep_source=True)
