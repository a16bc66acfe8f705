from __future__ import annotations

import json
import re
import subprocess
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from infra.paths import ROOT
from infra.setup import steps
from infra.setup.steps import SetupError, Step, carry_out, command, make_ready, side_by_side

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)
# Written apart, so that this file does not hold what it looks for.
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "npmjs" + ".org")


def versions(lock: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / lock).read_text()))


@pytest.mark.parametrize(
    "lock", ["requirements-run.lock", "requirements-packager.lock", "requirements.txt"]
)
def test_every_lock_agrees_with_the_one_for_tests(lock: str) -> None:
    tests = versions("requirements-dev.lock")

    assert {name: tests.get(name) for name in versions(lock)} == versions(lock)


@pytest.mark.parametrize(
    "lock",
    [
        "requirements-run.lock",
        "requirements-dev.lock",
        "requirements-packager.lock",
        "requirements-checkov.lock",
        "requirements.txt",
    ],
)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())

    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_every_npm_package_is_locked_by_its_integrity() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_no_file_of_the_project_names_a_registry() -> None:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in names.splitlines() if (ROOT / name).is_file()]

    naming = [
        path.name
        for path in paths
        if any(registry in path.read_text(errors="ignore") for registry in REGISTRIES)
    ]

    assert naming == []


def test_a_step_is_done_once_and_again_when_its_input_changes(tmp_path: Path) -> None:
    done: list[str] = []
    source = tmp_path / "lock"
    source.write_text("1")
    step = Step("A step", [source], tmp_path / "made" / "stamp", lambda: done.append("done"))

    carry_out([step])
    carry_out([step])
    assert done == ["done"]

    source.write_text("2")
    carry_out([step])
    assert done == ["done", "done"]


def test_a_step_that_failed_is_not_taken_for_done(tmp_path: Path) -> None:
    source = tmp_path / "lock"
    source.write_text("1")

    def fail() -> None:
        raise SetupError("no network")

    step = Step("A step", [source], tmp_path / "made" / "stamp", fail)

    with pytest.raises(SetupError, match="no network"):
        carry_out([step])
    assert not step.is_done()


def test_rows_of_steps_do_not_wait_for_each_other(tmp_path: Path) -> None:
    both = Barrier(2, timeout=10)
    met: list[int] = []

    def meet() -> None:
        met.append(both.wait())

    side_by_side(*([Step(name, [], tmp_path / name, meet)] for name in ("one", "other")))

    assert sorted(met) == [0, 1]


def test_a_failure_in_one_row_ends_that_row_and_is_told_in_the_end(tmp_path: Path) -> None:
    done: list[str] = []

    def fail() -> None:
        raise SetupError("no network")

    failing = Step("Fails", [], tmp_path / "fails", fail)
    after, beside = (
        Step(n, [], tmp_path / n, partial(done.append, n)) for n in ("after", "beside")
    )

    with pytest.raises(SetupError, match="no network"):
        side_by_side([failing, after], [beside])
    assert done == ["beside"]


def test_what_comes_with_the_node_packages_waits_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[list[str]] = []
    monkeypatch.setattr(
        steps,
        "side_by_side",
        lambda *given: rows.extend([one.title for one in row] for row in given),
    )

    make_ready("test")

    (row,) = [row for row in rows if "DynamoDB Local" in row]
    assert row.index("Node packages") < row.index("DynamoDB Local")


def test_a_failing_program_is_reported_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="Is the network there"):
        command(["git", "no-such-command"], cwd=tmp_path, remedy="Is the network there?")


def test_a_missing_program_is_reported_by_name(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no-such-program was not found\. Install it"):
        command(["no-such-program"], cwd=tmp_path, remedy="Install it.")


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(SetupError, match="run or test"):
        make_ready("everything")
