"""`casereview preview`: a partnership's pages from the working tree, as by `make preview`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from infra.casereview.arguments import known_partnership
from infra.local.preview import main


def preview(
    partnership: Annotated[str, typer.Argument(help="A folder below forms/partnerships.")],
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to show it.")] = 8000,
) -> None:
    """Show the pages, anew whenever a file changes. Nothing is sent or kept."""
    os.environ |= {"PARTNERSHIP": known_partnership(partnership), "PORT": str(port)}
    raise typer.Exit(main([]))
