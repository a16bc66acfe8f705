"""The launcher that the set-up writes: it works from any folder, also where it is linked to."""

from __future__ import annotations

import subprocess
from pathlib import Path

from infra.paths import ROOT, VENV
from infra.setup.command import installed, write_launcher


def a_project(tmp_path: Path) -> Path:
    """This project as another folder, with a blank in its name, and its own launcher."""
    project = tmp_path / "a project"
    binaries = project / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(VENV / "bin" / "python")
    (project / ".venv" / "pyvenv.cfg").write_bytes((VENV / "pyvenv.cfg").read_bytes())
    (project / ".venv" / "lib").symlink_to(VENV / "lib")
    for name in ("chalicelib", "infra", "forms"):
        (project / name).symlink_to(ROOT / name)
    return write_launcher(binaries, windows=False)


def answer(launcher: Path, folder: Path) -> str:
    done = subprocess.run(
        [launcher, "calendar", "salford"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_it_works_from_any_folder_and_takes_no_module_from_there(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise SystemExit('taken from here')")

    assert "Known up to" in answer(a_project(tmp_path), tmp_path)


def test_it_works_where_it_is_linked_to(tmp_path: Path) -> None:
    link = tmp_path / "casereview"
    link.symlink_to(a_project(tmp_path))

    assert "Known up to" in answer(link, tmp_path)


def test_its_exit_code_is_the_commands(tmp_path: Path) -> None:
    done = subprocess.run(
        [a_project(tmp_path), "deadlines", "nowhere"], capture_output=True, check=False
    )

    assert done.returncode == 2


def test_on_windows_it_is_a_command_file_with_that_systems_line_ends(tmp_path: Path) -> None:
    launcher = write_launcher(tmp_path, windows=True)

    assert launcher.name == "casereview.cmd"
    assert launcher.read_bytes().startswith(b"@echo off\r\n")
    assert b'"%~dp0python.exe" -P -c "import sys;' in launcher.read_bytes()


def test_it_is_written_again_when_it_changes() -> None:
    assert [path.name for path in installed().inputs] == ["command.py"]
