"""`casereview lint`: all that is wrong with what form owners and ops edit, before anything runs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.referrals.working_days import calendar_warning
from infra import paths
from infra.casereview.arguments import Json, known_partnership, today
from infra.casereview.exits import REFUSED
from infra.casereview.forms_check import all_findings, partnership_findings


def lint(
    partnership: Annotated[str | None, typer.Argument(help="One only, instead of all.")] = None,
    as_json: Json = False,
) -> None:
    """What is wrong in forms, partnerships and instances.

    Each finding with its file, line, key and what to do. Ends with 1 when there is any.
    """
    # As an editor opens them from here.
    forms_dir, instances = (
        Path(os.path.relpath(folder)) for folder in (paths.FORMS, paths.INSTANCES)
    )
    if partnership is None:
        found = list(all_findings(forms_dir, instances))
    else:
        found = partnership_findings(forms_dir, instances, known_partnership(partnership))
    warning = calendar_warning(today())
    if as_json:
        document = {"findings": [one.document() for one in found], "calendar_warning": warning}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for finding in found:
            typer.echo(str(finding))
        if warning:
            typer.echo(warning, err=True)
        what = partnership or "the forms, partnerships and instances"
        count = "1 finding" if len(found) == 1 else f"{len(found)} findings"
        typer.echo(count if found else f"Nothing is wrong in {what}.")
    if found:
        raise typer.Exit(REFUSED)
