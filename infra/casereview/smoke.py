"""`casereview smoke`: looks at a service from outside and gives a verdict."""

from __future__ import annotations

import json
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
from infra.deploy.stacks import service_url
from infra.smoke.checks import Look, Verdict, verdict
from infra.smoke.trial import await_email, send_trial
from infra.smoke.visit import Site

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
        if where.startswith(("http://", "https://")):
            if send:
                raise typer.BadParameter("--send needs an instance's id, not an address.")
            verdicts = Look(Site(where)).run()
        else:
            verdicts = _of_instance(target_named(where), send=send)
        _tell(verdicts, as_json=as_json)


def smoke_deployed(target: Target) -> None:
    """What `casereview deploy` ends with. Ends the command with 1 when something is amiss."""
    _tell(_of_instance(target, send=False), as_json=False)


def _of_instance(target: Target, *, send: bool) -> Iterator[Verdict]:
    if send and target.environment == PROD:
        stop("A test notification is not sent to prod: a team would act on it.", REFUSED)
    site = Site(service_url(require_stack(target)))
    yield from Look(site, target.partnership).run()
    if send:
        yield _trial(site, target)


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
