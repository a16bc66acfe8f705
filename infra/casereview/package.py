"""`casereview package`: builds the artifact that every partnership's instance is deployed from."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from infra.casereview.arguments import Json
from infra.casereview.exits import REFUSED, UNREACHED, stop
from infra.packaging.artifact import CODE, MANIFEST, TEMPLATE, IndexUnreached, PackageError
from infra.packaging.target import LAMBDA, this_machine
from infra.paths import BUILD

Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where the three files go: build/package."),
]
Host = Annotated[
    bool, typer.Option("--host", help="For this machine, into build/host: never to deploy it.")
]
Python = Annotated[
    Path | None, typer.Option("--python", metavar="PATH", help="The interpreter to build with.")
]


def package(
    out: Out = None, host: Host = False, python: Python = None, as_json: Json = False
) -> None:
    """Build the artifact for Lambda, and check it: zip, template and manifest."""
    # Here, as no other command should wait for what this one imports.
    from infra.packaging.build import build_artifact
    from infra.stack.merge import StackError

    target = this_machine() if host else LAMBDA
    into = out or BUILD / ("host" if host else "package")
    step = partial(_step, to_stderr=as_json)
    try:
        made = build_artifact(into, target=target, step=step, python=python)
    except IndexUnreached as failure:
        stop(f"Not packaged: {failure}", UNREACHED)
    except (PackageError, StackError) as refusal:
        stop(f"Not packaged.\n{refusal}", REFUSED)
    typer.echo(json.dumps(made, indent=1) if as_json else _told(made, into))


@contextmanager
def _step(title: str, *, to_stderr: bool) -> Iterator[None]:
    started = time.monotonic()
    yield
    typer.echo(f"  {title}: {time.monotonic() - started:.1f} s", err=to_stderr)


def _told(made: dict[str, Any], out: Path) -> str:
    changed = ", with changes that are not committed" if made["dirty"] else ""
    lines = [
        f"Passed: {', '.join(made['gates'])}.",
        f"{out / CODE}  {made['size'] / 1e6:.2f} MB, {made['unzipped'] / 1e6:.1f} MB unzipped",
        f"{out / TEMPLATE}",
        f"{out / MANIFEST}",
        f"For Python {made['python']} on {made['architecture']}."
        f" Commit {made['commit'] or 'unknown'}{changed}.",
        f"Digest {made['digest']}",
    ]
    return "\n".join(lines)
