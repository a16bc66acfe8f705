"""What the artifact is built for: the functions' Python, and the processor they run on."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

# ELF's e_machine, by the name that Lambda gives the architecture.
MACHINES = {"arm64": 183, "x86_64": 62}
_NAMES = {"aarch64": "arm64", "amd64": "x86_64"}


@dataclass(frozen=True)
class Target:
    """`stage` is one of .chalice/config.json; no `platforms` means wheels for this machine.

    `machine` is what every native library must be built for; None where they are not ELF.
    """

    python: tuple[int, int]
    architecture: str
    stage: str
    platforms: tuple[str, ...] = ()
    machine: int | None = None
    largest_zip: int = 50_000_000  # bytes

    @property
    def version(self) -> str:
        return ".".join(map(str, self.python))

    @property
    def runtime(self) -> str:
        return f"python{self.version}"


# Lambda's Python 3.12 and newer run on Amazon Linux 2023, whose glibc is 2.34.
# https://docs.aws.amazon.com/linux/al2023/ug/glibc-gcc-and-binutils.html
LAMBDA = Target(
    python=(3, 13),
    architecture="arm64",
    stage="live",
    platforms=(
        "manylinux_2_34_aarch64",
        "manylinux_2_28_aarch64",
        "manylinux_2_17_aarch64",
        "manylinux2014_aarch64",
    ),
    machine=MACHINES["arm64"],
    largest_zip=12_000_000,  # what the best of its kind stays below; Lambda itself takes 50 MB
)


def this_machine() -> Target:
    """For the Python and the processor that run this: to try the whole zip, never to deploy it."""
    machine = platform.machine().lower()
    architecture = _NAMES.get(machine, machine)
    return Target(
        python=sys.version_info[:2],
        architecture=architecture,
        stage="live" if architecture == "arm64" else "local",
        machine=MACHINES.get(architecture) if sys.platform == "linux" else None,
    )
