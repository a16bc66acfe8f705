"""Gates on the template: it names what is there, and CloudFormation would take it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

from infra.packaging.candidate import Candidate
from infra.stack.merge import unresolved

FUNCTION = "AWS::Serverless::Function"
_CFN_LINT = "import sys; from cfnlint.runner import main; sys.exit(main())"


def runtime(candidate: Candidate) -> Iterator[str]:
    """The functions run on what the zip was built for."""
    target = candidate.target
    wanted = {"Runtime": target.runtime, "Architectures": [target.architecture]}
    for name, resource in sorted(candidate.template["Resources"].items()):
        if resource["Type"] != FUNCTION:
            continue
        for key, value in wanted.items():
            if (said := resource["Properties"].get(key)) != value:
                yield (
                    f"{name}'s {key} is {said}, and the zip is for {value}. Correct stage"
                    f" {target.stage} in .chalice/config.json"
                )


def references(candidate: Candidate) -> Iterator[str]:
    for name in sorted(unresolved(candidate.template)):
        yield f"the template names {name} and does not hold it. Correct it in infra/stack"


def cfn_lint(candidate: Candidate) -> Iterator[str]:
    done = subprocess.run(
        [candidate.packager, "-c", _CFN_LINT, "-r", "eu-west-2", "-t", candidate.package.template],
        cwd=candidate.tree,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().replace(f"{candidate.work}/", "")
        yield f"the template has faults. Correct them in infra/stack:\n{said[-4000:]}"
