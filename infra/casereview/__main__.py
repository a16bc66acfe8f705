"""`casereview`: see docs/casereview.md. The set-up installs it as `.venv/bin/casereview`."""

from __future__ import annotations

import typer

from infra.casereview import bank_holidays, case, deadlines

app = typer.Typer(
    help="Check a partnership's deadlines, and keep those of a case.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # a message in a frame cannot be copied, or searched for
    pretty_exceptions_enable=False,
)
app.command("deadlines")(deadlines.deadlines)
app.command("calendar")(bank_holidays.calendar)
app.add_typer(case.app, name="case")


def main() -> None:
    """Runs the command; always exits. Exit codes are in `exits.py`."""
    app(prog_name="casereview")


if __name__ == "__main__":
    main()
