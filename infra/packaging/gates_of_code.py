"""Gates on the code: it can be imported, on the functions' Python and processor."""

from __future__ import annotations

from collections.abc import Iterator

from infra.packaging.bytecode import bytecode_faults
from infra.packaging.candidate import Candidate
from infra.packaging.imports import missing_imports

_ELF = b"\x7fELF"
_MACHINE = slice(18, 20)  # e_machine of an ELF header, little-endian


def imports(candidate: Candidate) -> Iterator[str]:
    for module, name in sorted(missing_imports(candidate.files).items()):
        yield (
            f"{name} imports {module}, which the zip lacks. Add what brings it to the"
            " dependencies in pyproject.toml (make lock), or take it from"
            " infra/packaging/left_out.py"
        )


def bytecode(candidate: Candidate) -> Iterator[str]:
    for fault in bytecode_faults(candidate.package.code, candidate.python):
        yield f"{fault}. Package again, with Python {candidate.target.version}"


def architecture(candidate: Candidate) -> Iterator[str]:
    """Every native library is for the target's processor."""
    wanted = candidate.target.machine
    for name, content in sorted(candidate.files.items()):
        native = name.endswith(".so") or ".so." in name or content.startswith(_ELF)
        if wanted is None or not native:
            continue
        if not content.startswith(_ELF):
            yield f"{name} is no library of Linux. Package wheels only, for Lambda"
        elif int.from_bytes(content[_MACHINE], "little") != wanted:
            yield (
                f"{name} is not for {candidate.target.architecture}. Package again in a clean"
                " folder; if it stays, its wheel is mislabelled: choose another version"
            )
