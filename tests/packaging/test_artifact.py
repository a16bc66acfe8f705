"""The artifact as it is built for Lambda, here for this machine: whole, and enough by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from infra.packaging.archive import file_digest
from infra.packaging.gates import GATES
from infra.packaging.imports import GIVEN, modules_named_in
from infra.paths import ROOT
from tests.packaging.conftest import Built

# What Lambda's Python brings beside the zip: boto3 and what it needs. The zip's own come first.
BROUGHT = ("boto3", "botocore", "s3transfer", "urllib3")
HOME_PAGE = {
    "resource": "/",
    "path": "/",
    "httpMethod": "GET",
    "headers": {"Host": "localhost:8000"},
    "multiValueHeaders": {},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": {},
    "stageVariables": None,
    "requestContext": {"resourcePath": "/", "httpMethod": "GET"},
    "body": None,
    "isBase64Encoded": False,
}


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what Lambda brings, and nothing of this environment besides."""
    folder = tmp_path_factory.mktemp("brought")
    for name in BROUGHT:
        found = util.find_spec(name)
        assert found
        assert found.origin
        (folder / name).symlink_to(Path(found.origin).parent, target_is_directory=True)
    return folder


def in_lambda(built: Built, brought: Path, script: str) -> Any:
    """Runs a script with the zip and what Lambda brings, and gives the JSON that it prints."""
    path = f"import sys; sys.path[:0] = [{str(built.task)!r}, {str(brought)!r}]\n"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", path + script],
        cwd=built.task,
        env={"PATH": os.environ["PATH"], "PARTNERSHIP": "suffolk", "AWS_REGION": "eu-west-2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_it_passes_every_gate(built: Built) -> None:
    assert built.manifest["gates"] == [gate.name for gate in GATES]


def test_the_manifest_says_what_was_built(built: Built) -> None:
    made = built.manifest

    assert made["digest"] == file_digest(built.out / "deployment.zip")
    assert made["template_digest"] == file_digest(built.out / "template.json")
    assert made["size"] == (built.out / "deployment.zip").stat().st_size
    assert made["python"] == ".".join(map(str, sys.version_info[:2]))
    assert made["dependencies"]["minijinja"]


def test_only_the_three_files_are_left(built: Built) -> None:
    assert sorted(path.name for path in built.out.iterdir()) == [
        "deployment.zip",
        "manifest.json",
        "template.json",
    ]


def test_it_says_what_it_does(built: Built) -> None:
    assert built.steps[1:] == ["Code and template", "Wheels", "Bytecode", "Gates"]


def test_everything_that_our_code_imports_can_be_imported_from_it(
    built: Built, brought: Path
) -> None:
    ours = [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
    named = {module for path in ours for module in modules_named_in(path.read_bytes())}
    own = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ours}
    wanted = sorted(named | {name.removesuffix(".__init__") for name in own} | GIVEN)

    script = (
        "import importlib, json\n"
        f"for name in {wanted!r}: importlib.import_module(name)\n"
        "print(json.dumps({name: getattr(sys.modules[name], '__file__', None)"
        " for name in ('minijinja', 'pydantic', 'chalicelib', 'app')}))"
    )
    places = in_lambda(built, brought, script)

    assert all(place.startswith(str(built.task)) for place in places.values()), places


def test_it_answers_the_home_page_by_itself(built: Built, brought: Path) -> None:
    script = (
        "import json, app\n"
        "from chalicelib.bootstrap import in_memory_services\n"
        "from chalicelib.settings import load_settings\n"
        "made = in_memory_services(load_settings({'PARTNERSHIP': 'suffolk'}))\n"
        "app.services = lambda: made\n"
        f"answer = app.app({HOME_PAGE!r}, None)\n"
        "print(json.dumps([answer['statusCode'], answer['body'][:2000]]))"
    )
    status, body = in_lambda(built, brought, script)

    assert status == 200
    assert "<!DOCTYPE html>" in body
