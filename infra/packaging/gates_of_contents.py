"""Gates on what the zip holds: all of what it must, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from chalicelib.forms.load import COMPILED, load_form
from infra.packaging import source
from infra.packaging.candidate import Candidate
from infra.packaging.wheels import wheel_faults

LARGEST_UNZIPPED = 250 * 1024 * 1024  # bytes: Lambda's limit
STRAYS = (
    "tests/*", "*/tests/*", "infra/*", "docs/*", "*.git/*", "*.egg-info/*",
    "*.DS_Store", "*Thumbs.db", "*~", "*.swp", "*.orig", "*.rej", "*.bak", "*.tmp", "*.log",
    "*.pem", "*.key", "*.p12", "*.pfx", "*id_rsa*", ".env*", "*/.env*", "*.private.toml",
    "*.whl", "*.zip", "*.sqlite", "*.db",
)  # fmt: skip
_MARKS = (b"AKIA", b"ASIA", b"PRIVATE KEY-----", b"aws_secret_access_key")  # quick to look for
_SECRET = re.compile(
    rb"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    rb"|aws_secret_access_key\s*="
)


def wheels(candidate: Candidate) -> Iterator[str]:
    yield from wheel_faults(candidate.requirements, candidate.wheels)


def requirements(candidate: Candidate) -> Iterator[str]:
    """Everything that a required wheel brings is there; a module may be so as bytecode."""
    for wheel in candidate.wheels:
        for name, _ in wheel.files():
            if name not in candidate.files and f"{name}c" not in candidate.files:
                yield f"the zip lacks {name} of {wheel.name}. Package again, in a clean folder"


def licences(candidate: Candidate) -> Iterator[str]:
    """Each dependency's own description is there: its version, and its licence where it has one."""
    described = {name.split("/")[0] for name in candidate.files if name.endswith("/METADATA")}
    for wheel in candidate.wheels:
        folder = "-".join(wheel.path.name.split("-")[:2]) + ".dist-info"
        if folder not in described:
            yield f"{wheel.name} has lost its licence and version: {folder}. Package again"


def own_files(candidate: Candidate) -> Iterator[str]:
    """Ours are those of the working tree, byte for byte: no old zip passes for a new one."""
    wanted = source.own_files(candidate.tree)
    ours = {
        name
        for name in candidate.files
        if name.startswith(("app.py", "chalicelib/", f"{source.FORMS}/"))
        and "__pycache__/" not in name
        and not source.is_compiled_form(name)
    }
    for name in sorted(wanted.keys() - ours):
        yield f"the zip lacks {name}. Package again"
    for name in sorted(ours - wanted.keys()):
        yield f"the zip holds {name}, which the working tree does not. Package again"
    for name in sorted(ours & wanted.keys()):
        if candidate.files[name] != wanted[name].read_bytes():
            yield f"the zip holds an older {name}. Package again, and change nothing meanwhile"


def strays(candidate: Candidate) -> Iterator[str]:
    for name in sorted(candidate.files):
        if any(fnmatchcase(name, pattern) for pattern in STRAYS):
            yield (
                f"{name} does not belong in the zip. Delete it or, where a dependency brings it,"
                " leave it out in infra/packaging/left_out.py"
            )


def secrets(candidate: Candidate) -> Iterator[str]:
    """Says where, never what."""
    for name, content in sorted(candidate.files.items()):
        if any(mark in content for mark in _MARKS) and _SECRET.search(content):
            yield f"{name} holds what looks like a key. Take it out, and revoke it if it is real"


def host_paths(candidate: Candidate) -> Iterator[str]:
    folder = str(candidate.work).encode()
    for name, content in sorted(candidate.files.items()):
        if folder in content:
            yield f"{name} names the folder it was packaged in. Have it name none"


def forms(candidate: Candidate) -> Iterator[str]:
    """Each partnership's forms lie compiled, as the working tree's forms compile now."""
    tree, compiled = candidate.tree / source.FORMS, f"{source.FORMS}/{COMPILED}"
    wanted = {
        f"{compiled}/{partnership.id}/{name}.json": (name, partnership.id)
        for partnership in source.checked_partnerships(candidate.tree)
        for name in partnership.forms
    }
    found = {name for name in candidate.files if name.startswith(f"{compiled}/")}
    for path in sorted(wanted.keys() ^ found):
        lacks = "lacks the compiled form" if path in wanted else "holds a form of no partnership:"
        yield f"the zip {lacks} {path}. Package again"
    for path in sorted(wanted.keys() & found):
        now = load_form(tree, *wanted[path]).version
        if json.loads(candidate.files[path])["version"] != now:
            yield f"{path} was compiled from an older form. Package again"


def size(candidate: Candidate) -> Iterator[str]:
    zipped = candidate.package.code.stat().st_size
    unzipped = sum(map(len, candidate.files.values()))
    for what, found, largest in (
        ("The zip", zipped, candidate.target.largest_zip),
        ("Unzipped it", unzipped, LARGEST_UNZIPPED),
    ):
        if found > largest:
            yield (
                f"{what} has {found / 1e6:.1f} MB; at most {largest / 1e6:.0f} are allowed. Leave"
                " out what no function imports: infra/packaging/left_out.py"
            )
