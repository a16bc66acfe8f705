"""The smallest tree that packages, and a sound candidate to plant faults in."""

from __future__ import annotations

import shutil
import struct
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from infra.package import Package
from infra.packaging.archive import read_zip, write_zip
from infra.packaging.bytecode import compiled
from infra.packaging.candidate import Candidate
from infra.packaging.requirements import Requirement
from infra.packaging.target import Target
from infra.packaging.wheels import Wheel, unpack
from infra.paths import ROOT

AARCH64, X86_64 = 183, 62
TARGET = Target(python=sys.version_info[:2], architecture="arm64", stage="live", machine=AARCH64)
APP = (
    "from chalice import Chalice, Rate\n"
    "app = Chalice(app_name='case-review-notifications')\n"
    "@app.route('/')\ndef index():\n    return {}\n"
    "@app.on_dynamodb_record(stream_arn='arn:aws:dynamodb:eu-west-2:0:table/t/stream/0',"
    " name='Deliver')\ndef deliver(event):\n    return None\n"
    "@app.lambda_function(name='Remind')\ndef remind(event, context):\n    return None\n"
    "@app.schedule(Rate(15, unit=Rate.MINUTES), name='Reconcile')\n"
    "def reconcile(event):\n    return None\n"
)


def a_tree(folder: Path, app: str = APP) -> Path:
    """The smallest tree that has the app's handlers."""
    tree = folder / "tree"
    for name in ("chalicelib", "forms", ".chalice"):
        (tree / name).mkdir(parents=True)
    (tree / "chalicelib" / "__init__.py").touch()
    (tree / "forms" / "one.json").write_text("{}")
    for name in ("config.json", "policy-none.json"):
        (tree / ".chalice" / name).write_text((ROOT / ".chalice" / name).read_text())
    (tree / "app.py").write_text(app)
    return tree


def a_library(machine: int) -> bytes:
    """As much of a native library's header as says which processor it is for."""
    return b"\x7fELF" + bytes(14) + struct.pack("<H", machine) + bytes(44)


def a_wheel(
    folder: Path, name: str = "minijinja", files: Mapping[str, bytes] | None = None
) -> Wheel:
    """A wheel of version 1.0 with a module and a native library."""
    contents = files or {
        f"{name}/__init__.py": b"VALUE = 1\n",
        f"{name}/_native.abi3.so": a_library(AARCH64),
        f"{name}-1.0.dist-info/METADATA": f"Name: {name}\nVersion: 1.0\n".encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-1.0-cp310-abi3-manylinux_2_28_aarch64.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, content in contents.items():
            wheel.writestr(file, content)
    return Wheel(path)


def pinned(wheel: Wheel) -> Requirement:
    digest = sha256(wheel.path.read_bytes()).hexdigest()
    return Requirement(wheel.name, wheel.version, frozenset({digest}))


def a_template() -> dict[str, Any]:
    function = {"Runtime": TARGET.runtime, "Architectures": [TARGET.architecture]}
    resources = {"APIHandler": {"Type": "AWS::Serverless::Function", "Properties": function}}
    return {"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}


def a_candidate(folder: Path) -> Candidate:
    """An artifact that every gate but cfn-lint lets through."""
    tree = a_tree(folder, "import minijinja\nVALUE = minijinja.VALUE\n")
    wheel = a_wheel(folder / "wheels")
    theirs: dict[str, bytes] = {}
    unpack([wheel], theirs)
    ours = {name: (tree / name).read_bytes() for name in ("app.py", "chalicelib/__init__.py")}
    ours["forms/one.json"] = b"{}"
    python = Path(sys.executable)
    files = compiled(theirs, python, folder / "theirs", keep_source=False)
    files |= compiled(ours, python, folder / "ours", keep_source=True)
    package = Package(folder / "deployment.zip", folder / "template.json")
    write_zip(files, package.code)
    return Candidate(
        package, files, a_template(), TARGET, tree, folder, python, python,
        (pinned(wheel),), (wheel,),
    )  # fmt: skip


def copy_of(candidate: Candidate, folder: Path) -> Candidate:
    """The same in a folder of its own, for a test to spoil."""
    shutil.copytree(candidate.work, folder, dirs_exist_ok=True)
    wheels = tuple(Wheel(folder / "wheels" / wheel.path.name) for wheel in candidate.wheels)
    return replace(
        candidate,
        package=Package(folder / candidate.package.code.name, folder / "template.json"),
        template=a_template(),
        tree=folder / "tree",
        work=folder,
        wheels=wheels,
    )


def with_files(candidate: Candidate, changed: Mapping[str, bytes | None]) -> Candidate:
    """The same with files added, changed or, with None, taken out, in its zip too."""
    files = {**candidate.files, **changed}
    kept = {name: content for name, content in files.items() if content is not None}
    write_zip(kept, candidate.package.code)
    return replace(candidate, files=read_zip(candidate.package.code))
