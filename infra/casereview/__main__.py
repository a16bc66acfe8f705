"""`casereview`: see docs/casereview.md. The set-up installs it as `.venv/bin/casereview`."""

from __future__ import annotations

import typer

from infra.casereview import (
    bank_holidays,
    case,
    cost,
    deadlines,
    deliveries,
    deploy,
    destroy,
    give_up,
    lint,
    logs,
    new,
    package,
    people,
    preview,
    putting_right,
    redrive,
    restore,
    restore_check,
    smoke,
    status,
)

app = typer.Typer(
    help="Check deadlines, keep those of a case, and see that everything is delivered.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # a message in a frame cannot be copied, or searched for
    pretty_exceptions_enable=False,
)
app.command("new")(new.new)
app.command("lint")(lint.lint)
app.command("preview")(preview.preview)
app.command("deadlines")(deadlines.deadlines)
app.command("calendar")(bank_holidays.calendar)
app.add_typer(case.app, name="case")
app.command("deliveries")(deliveries.deliveries)
app.command("give-up")(give_up.give_up)
app.command("people")(people.people)
app.command("sign-out")(people.sign_out)
app.command("package")(package.package)
app.command("reconcile")(putting_right.reconcile)
app.command("redrive")(redrive.redrive)
app.command("tidy-schedules")(putting_right.tidy_schedules)
app.add_typer(restore.app, name="restore")
app.command("cost")(cost.cost)
app.command("deploy")(deploy.deploy)
app.command("smoke")(smoke.smoke)
app.command("status")(status.status)
app.command("logs")(logs.logs)
app.command("restore-check")(restore_check.restore_check)
app.command("destroy")(destroy.destroy)


def main() -> None:
    """Runs the command; always exits. Exit codes are in `exits.py`."""
    app(prog_name="casereview")


if __name__ == "__main__":
    main()
