"""`casereview smoke`: looks at a service from outside and gives a verdict."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from infra.casereview.arguments import Json
from infra.casereview.exits import NEEDS_PERSON, REFUSED, stop
from infra.casereview.instance import client, connect, failures_told
from infra.casereview.sheet import terminal
from infra.casereview.targets import Target, require_stack, target_named
from infra.deploy.artifact import Artifact, NoArtifact, read_artifact
from infra.deploy.stacks import StackState, service_url
from infra.smoke.checks import Look, Verdict, verdict
from infra.smoke.links import where_links_lead
from infra.smoke.trial import await_email, send_trial
from infra.smoke.versions import versions_served
from infra.smoke.visit import BadAddress, Site, address

PROD = "prod"


def smoke(
    where: Annotated[str, typer.Argument(metavar="URL|INSTANCE", help="An address, or an id.")],
    send: Annotated[
        bool, typer.Option("--send", help="Also send a marked test notification. Never to prod.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Look at a service from outside. Creates nothing, unless --send.

    Ends with 1 when something is not as it must be.
    """
    with failures_told():
        if "/" in where:  # which no id has
            if send:
                raise typer.BadParameter("--send needs an instance's id, not an address.")
            verdicts = Look(Site(_address(where))).run()
        else:
            verdicts = _of_instance(target_named(where), send=send)
        _tell(verdicts, as_json=as_json)


def smoke_deployed(target: Target, artifact: Artifact | None = None) -> None:
    """What `casereview deploy` ends with. Ends the command with 1 when something is amiss."""
    _tell(_of_instance(target, send=False, artifact=artifact), as_json=False)


def _of_instance(
    target: Target, *, send: bool, artifact: Artifact | None = None
) -> Iterator[Verdict]:
    if send and target.environment == PROD:
        stop("A test notification is not sent to prod: a team would act on it.", REFUSED)
    state = require_stack(target)
    look = Look(Site(service_url(state)), target.partnership)
    yield from look.run()
    yield from _as_deployed(look, state, artifact or _packaged())
    if send:
        yield _trial(look.site, target)


def _as_deployed(look: Look, state: StackState, artifact: Artifact | None) -> Iterator[Verdict]:
    """What can be compared with what the stack was told, and was deployed from."""
    if not os.environ.get("AWS_ENDPOINT_URL"):  # an emulator's own links lead elsewhere
        yield verdict("links", lambda: where_links_lead(look, state.parameters))
    if artifact is not None and artifact.digest == state.tags.get("digest"):
        yield verdict("form versions", lambda: versions_served(look, artifact.code))


def _address(text: str) -> str:
    try:
        return address(text)
    except BadAddress as error:
        raise typer.BadParameter(str(error)) from None


def _packaged() -> Artifact | None:
    """What `casereview package` built here, if it did."""
    try:
        return read_artifact()
    except NoArtifact:
        return None


def _trial(site: Site, target: Target) -> Verdict:
    deps = connect(stack=target.stack_name, partnership=None, local=False)

    def attempt() -> str:
        reference = send_trial(site, next(iter(deps.forms.values())))
        return await_email(client("dynamodb"), deps, reference)

    return verdict("test notification", attempt)


def _tell(verdicts: Iterator[Verdict], *, as_json: bool) -> None:
    out = terminal()
    told = []
    for one in verdicts:
        told.append(one)
        if not as_json:
            _line(out, one)
    failed = [one for one in told if not one.good]
    if as_json:
        checks = [{"check": one.check, "good": one.good, "said": one.said} for one in told]
        document = {"good": not failed, "checks": checks}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif failed:
        out.print(Text(f"Not good: {len(failed)} of {len(told)} checks failed.", style="bold red"))
    else:
        out.print(Text(f"Good: {len(told)} checks.", style="bold green"))
    if failed:
        raise typer.Exit(NEEDS_PERSON)


def _line(out: Console, one: Verdict) -> None:
    mark, style = ("good", "green") if one.good else ("BAD ", "bold red")
    out.print(Text.assemble((f"{mark}  ", style), f"{one.check:<18}{one.said}"))
