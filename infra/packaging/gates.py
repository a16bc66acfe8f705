"""Every gate that an artifact must pass, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Sequence

from infra.packaging import gates_of_code, gates_of_contents, gates_of_template
from infra.packaging.artifact import PackageError
from infra.packaging.candidate import Candidate, Gate

GATES = (
    Gate("wheels", gates_of_contents.wheels),
    Gate("requirements", gates_of_contents.requirements),
    Gate("licences", gates_of_contents.licences),
    Gate("imports", gates_of_code.imports),
    Gate("own files", gates_of_contents.own_files),
    Gate("strays", gates_of_contents.strays),
    Gate("secrets", gates_of_contents.secrets),
    Gate("host paths", gates_of_contents.host_paths),
    Gate("forms", gates_of_contents.forms),
    Gate("bytecode", gates_of_code.bytecode),
    Gate("architecture", gates_of_code.architecture),
    Gate("size", gates_of_contents.size),
    Gate("runtime", gates_of_template.runtime),
    Gate("references", gates_of_template.references),
    Gate("cfn-lint", gates_of_template.cfn_lint),
)
_TOLD = 10  # faults of one gate: more have one cause


def require(candidate: Candidate, gates: Sequence[Gate] = GATES) -> tuple[str, ...]:
    """The names of the gates, all passed. Raises PackageError with what every other one found."""
    faults = {gate.name: list(gate.check(candidate)) for gate in gates}
    if any(faults.values()):
        raise PackageError("\n".join(_told(name, found) for name, found in faults.items() if found))
    return tuple(faults)


def _told(name: str, found: Sequence[str]) -> str:
    lines = [f"{name}: {fault}." for fault in found[:_TOLD]]
    if len(found) > _TOLD:
        lines.append(f"{name}: and {len(found) - _TOLD} more.")
    return "\n".join(lines)
