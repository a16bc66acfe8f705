"""Each gate lets a sound artifact through, and stops the fault that it is there for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from infra.packaging import gates_of_contents
from infra.packaging.artifact import PackageError
from infra.packaging.candidate import Candidate
from infra.packaging.gates import GATES, require
from infra.paths import FORMS
from tests.unit.infra.packages import (
    TARGET,
    X86_64,
    a_candidate,
    a_library,
    a_wheel,
    copy_of,
    pinned,
    with_files,
)

BY_NAME = {gate.name: gate for gate in GATES}
QUICK = [gate for gate in GATES if gate.name != "cfn-lint"]
APP_BYTECODE = cache_from_source("app.py")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    return a_candidate(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def candidate(sound: Candidate, tmp_path: Path) -> Candidate:
    return copy_of(sound, tmp_path)


def found(gate: str, candidate: Candidate) -> str:
    return "\n".join(BY_NAME[gate].check(candidate))


def test_a_sound_artifact_passes_and_the_gates_are_named(candidate: Candidate) -> None:
    assert require(candidate, QUICK) == tuple(gate.name for gate in QUICK)


def test_what_every_gate_finds_is_told_at_once(candidate: Candidate) -> None:
    faulty = with_files(candidate, {"chalicelib/.DS_Store": b"", "minijinja/__init__.pyc": None})

    with pytest.raises(PackageError) as refusal:
        require(faulty, QUICK)

    lines = str(refusal.value).splitlines()
    assert {line.split(":")[0] for line in lines} >= {"requirements", "imports", "strays"}


def test_of_many_faults_the_first_ten_are_told(candidate: Candidate) -> None:
    faulty = with_files(candidate, {f"tests/{number}.txt": b"" for number in range(13)})

    with pytest.raises(PackageError, match=r"strays: and 3 more\."):
        require(faulty, [BY_NAME["strays"]])


PLANTED: tuple[tuple[str, Mapping[str, bytes | None], str], ...] = (
    ("requirements", {"minijinja/__init__.pyc": None}, "lacks minijinja/__init__.py of minijinja"),
    ("requirements", {"minijinja/_native.abi3.so": None}, "lacks minijinja/_native.abi3.so"),
    ("licences", {"minijinja-1.0.dist-info/METADATA": None}, "minijinja has lost its licence"),
    ("imports", {"minijinja/__init__.pyc": None}, "app.py imports minijinja, which the zip lacks"),
    ("own files", {"chalicelib/__init__.py": None}, "the zip lacks chalicelib/__init__.py"),
    ("own files", {"chalicelib/gone.py": b""}, "holds chalicelib/gone.py, which the working tree"),
    ("own files", {"forms/one.json": b"[]"}, "holds an older forms/one.json"),
    ("strays", {"tests/test_app.py": b""}, "tests/test_app.py does not belong"),
    ("strays", {"dependency/tests/data.txt": b""}, "dependency/tests/data.txt does not belong"),
    ("strays", {"forms/.DS_Store": b""}, ".DS_Store does not belong"),
    ("strays", {"chalicelib/.env": b""}, ".env does not belong"),
    ("strays", {"chalicelib/signing.pem": b""}, "signing.pem does not belong"),
    ("strays", {"infra/paths.py": b""}, "infra/paths.py does not belong"),
    ("forms", {"forms/compiled/suffolk/adult.json": b"{}"}, "holds a form of no partnership"),
    ("bytecode", {APP_BYTECODE: None}, "app.py has no bytecode"),
    ("bytecode", {"app.py": b"VALUE = 2\n"}, f"{APP_BYTECODE} was compiled from another source"),
    ("bytecode", {"app.py": None}, f"{APP_BYTECODE} has lost its source"),
    ("bytecode", {"minijinja/__init__.pyc": bytes(20)}, "is of another Python"),
    ("architecture", {"minijinja/_native.abi3.so": a_library(X86_64)}, "is not for arm64"),
    ("architecture", {"minijinja/_native.abi3.so": b"MZ"}, "is no library of Linux"),
    ("architecture", {"minijinja/liba.so.3": a_library(X86_64)}, "liba.so.3 is not for arm64"),
)


@pytest.mark.parametrize(("gate", "planted", "told"), PLANTED)
def test_a_gate_stops_what_was_planted(
    candidate: Candidate, gate: str, planted: Mapping[str, bytes | None], told: str
) -> None:
    assert found(gate, candidate) == ""

    assert told in found(gate, with_files(candidate, planted))


# Made up here, in parts, so that no scanner of repositories takes them for real ones.
KEYS = ("AKIA" + "QWERTYUIOPASDFGH", "-----BEGIN RSA " + "PRIVATE KEY-----")


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_found_and_not_repeated(candidate: Candidate, key: str) -> None:
    told = found("secrets", with_files(candidate, {"chalicelib/notes.txt": key.encode()}))

    assert "chalicelib/notes.txt holds what looks like a key" in told
    assert key not in told


def test_a_path_of_the_packaging_machine_is_found(candidate: Candidate) -> None:
    named = {"chalicelib/where.txt": f"made in {candidate.work}/ours".encode()}

    assert "names the folder it was packaged in" in found(
        "host paths", with_files(candidate, named)
    )


def test_bytecode_that_looks_at_dates_is_found(candidate: Candidate) -> None:
    compiled = candidate.files[APP_BYTECODE]
    dated = compiled[:4] + bytes(4) + compiled[8:]

    told = found("bytecode", with_files(candidate, {APP_BYTECODE: dated}))

    assert "depends on the date or the text of its source" in told


def test_bytecode_that_names_the_packaging_machine_is_found(candidate: Candidate) -> None:
    compiled = candidate.files[APP_BYTECODE]
    elsewhere = compiled.replace(b"/var/task/", b"/home/abc/")

    told = found("bytecode", with_files(candidate, {APP_BYTECODE: elsewhere}))

    assert "names files of the machine that packaged it: /home/abc/app.py" in told


def test_a_zip_that_grew_too_large_is_stopped(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates_of_contents, "LARGEST_UNZIPPED", 100)

    told = found("size", replace(candidate, target=replace(TARGET, largest_zip=100)))

    assert "The zip has" in told
    assert "Unzipped it has" in told


def test_a_requirement_without_a_wheel_is_stopped(candidate: Candidate) -> None:
    told = found("wheels", replace(candidate, wheels=()))

    assert "minijinja 1.0 has no wheel" in told


def test_a_wheel_that_nobody_asked_for_is_stopped(candidate: Candidate) -> None:
    other = a_wheel(candidate.work / "wheels", "other")

    told = found("wheels", replace(candidate, wheels=(*candidate.wheels, other)))

    assert "other 1.0 was downloaded and is not in requirements.txt" in told


def test_a_wheel_with_another_hash_is_stopped(candidate: Candidate) -> None:
    wheel = candidate.wheels[0]
    locked = pinned(wheel)
    wheel.path.write_bytes(wheel.path.read_bytes() + b" ")

    told = found("wheels", replace(candidate, requirements=(locked,)))

    assert "is not the file that was locked" in told


def test_a_partnership_whose_forms_are_not_compiled_is_stopped(candidate: Candidate) -> None:
    shutil.rmtree(candidate.tree / "forms")
    shutil.copytree(FORMS, candidate.tree / "forms")

    told = found("forms", candidate)

    assert "lacks the compiled form forms/compiled/suffolk/adult.json" in told


def test_a_form_compiled_from_an_older_definition_is_stopped(candidate: Candidate) -> None:
    shutil.rmtree(candidate.tree / "forms")
    shutil.copytree(FORMS, candidate.tree / "forms")
    older = {"forms/compiled/suffolk/adult.json": json.dumps({"version": "0" * 16}).encode()}

    told = found("forms", with_files(candidate, older))

    assert "suffolk/adult.json was compiled from an older form" in told


@pytest.mark.parametrize(
    ("key", "value"), [("Runtime", "python3.9"), ("Architectures", ["x86_64"])]
)
def test_a_template_for_another_python_or_processor_is_stopped(
    candidate: Candidate, key: str, value: object
) -> None:
    candidate.template["Resources"]["APIHandler"]["Properties"][key] = value

    assert f"APIHandler's {key} is {value}" in found("runtime", candidate)


def test_a_name_that_the_template_lacks_is_stopped(candidate: Candidate) -> None:
    candidate.template["Outputs"] = {"Table": {"Value": {"Ref": "Tabel"}}}

    assert "the template names Tabel" in found("references", candidate)


def test_what_cfn_lint_finds_is_stopped(candidate: Candidate) -> None:
    faulty = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Nmae": "a"}}}}
    candidate.package.template.write_text(json.dumps(faulty))

    told = found("cfn-lint", candidate)

    assert "Nmae" in told
    assert str(candidate.work) not in told
