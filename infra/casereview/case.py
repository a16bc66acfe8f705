"""`casereview case`: see a case's deadlines, record its dates, and settle what is due."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import Annotated

import typer
from rich.text import Text

from chalicelib.bootstrap import Services
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.clocks import Clocks, clocks_of, year_reference
from chalicelib.referrals.times import local_date, say_time
from chalicelib.referrals.working_days import calendar_warning
from chalicelib.use_cases.meet_deadline import meet_deadline
from chalicelib.use_cases.record_date import record_date
from chalicelib.use_cases.settle_deadline import (
    put_in_force,
    set_aside_deadline,
    withdraw_deadline,
)
from infra.casereview.arguments import Local, Stack, Which, read_date
from infra.casereview.case_sheet import (
    anything_changed,
    dates_table,
    deadlines_table,
    stopped,
    waiting_table,
)
from infra.casereview.instance import connect, failures_told
from infra.casereview.refusals import OTHER_RULES, WAIT_OR_CHANGE_FOLDER
from infra.casereview.sheet import terminal

LONGEST_NAME = 100
NOT_KNOWN = "unknown"

Reference = Annotated[
    str,
    typer.Argument(help="As in the email: SUF-B3KT-9WXM.", callback=lambda text: text.upper()),
]
Act = Annotated[str, typer.Argument(help="The deadline, as `case show` calls it in brackets.")]
Reason = Annotated[str, typer.Option("--reason", help="Kept with the case; name nobody.")]
As = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Instead of your login.")]

app = typer.Typer(help="A case's deadlines on an instance.", no_args_is_help=True)


@app.command()
def show(
    reference: Reference, stack: Stack = None, local: Local = False, partnership: Which = None
) -> None:
    """Its dates and deadlines, and why each is due when it is."""
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        case, clocks = _find(deps, reference)
        _show(deps, clocks, case)


@app.command("record-date")
def record(
    reference: Reference,
    name: Annotated[str, typer.Argument(help="The date, as `case show` names it.")],
    on: Annotated[str, typer.Argument(metavar="YYYY-MM-DD|unknown")],
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    who: As = None,
) -> None:
    """Record or correct a date: deadlines move."""
    day = None if on == NOT_KNOWN else read_date(on)
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        actor = actor_of(who)
        _change(deps, reference, lambda: record_date(deps, reference, name, day, actor))


@app.command()
def meet(
    reference: Reference,
    act: Act,
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="When; today without it.")
    ] = None,
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    who: As = None,
) -> None:
    """It was done: reminders end."""
    given = None if on is None else read_date(on)
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        day = given or local_date(deps.clock.now())
        actor = actor_of(who)
        _change(deps, reference, lambda: meet_deadline(deps, reference, act, day, actor))


@app.command()
def withdraw(
    reference: Reference,
    act: Act,
    reason: Reason,
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    who: As = None,
) -> None:
    """It need not be done any more."""
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        actor = actor_of(who)
        _change(deps, reference, lambda: withdraw_deadline(deps, reference, act, reason, actor))


@app.command("set-aside")
def set_aside(
    reference: Reference,
    act: Act,
    reason: Reason,
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    who: As = None,
) -> None:
    """It does not apply to this case."""
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        actor = actor_of(who)
        _change(deps, reference, lambda: set_aside_deadline(deps, reference, act, reason, actor))


@app.command("put-in-force")
def in_force(
    reference: Reference,
    act: Act,
    reason: Reason,
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    who: As = None,
) -> None:
    """It is to be done after all, or again."""
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        actor = actor_of(who)
        _change(deps, reference, lambda: put_in_force(deps, reference, act, reason, actor))


def actor_of(given: str | None) -> str:
    """Who is recorded in the audit trail. Exits with 2 when that cannot be known."""
    try:
        name = (getpass.getuser() if given is None else given).strip()
    except (KeyError, OSError):
        name = ""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise typer.BadParameter("say who you are: --as NAME, of up to 100 characters.")
    return f"command: {name}"


def _find(deps: Services, reference: str) -> tuple[Case, Clocks]:
    case = deps.cases.find(reference)
    if case is None:
        raise NotPossible("There is no case with this reference. Check the reference.")
    return case, clocks_of(deps.partnership, reference, case.stream)


def _change(deps: Services, reference: str, act: Callable[[], Case]) -> None:
    before, clocks = _find(deps, reference)
    if before.rules_version != clocks.version:
        # Deadlines would be recomputed by these rules, and the instance would not put them right.
        raise NotPossible(f"{OTHER_RULES.format('case')} {WAIT_OR_CHANGE_FOLDER}")
    after = act()
    out = terminal()
    if not anything_changed(before, after) and not stopped(before, after):
        out.print("No deadline that is running changed." if before != after else "Nothing changed.")
        return
    for line in stopped(before, after):
        out.print(Text(line), end="\n\n")
    if anything_changed(before, after):
        reminders = deps.cases.reminders(reference)
        now = deps.clock.now()
        out.print(deadlines_table(deps.partnership, clocks, after, reminders, now, before))


def _show(deps: Services, clocks: Clocks, case: Case) -> None:
    out, now = terminal(), deps.clock.now()
    warning = calendar_warning(local_date(now))
    if warning:
        out.print(Text(warning, style="bold red"), end="\n\n")
    own = case.reference == year_reference(deps.partnership)
    what = "the partnership's own year" if own else f"{case.stream} case"
    since = f"{what}, since {say_time(case.received_at)}"
    out.print(Text.assemble((case.reference, "bold"), f"  {since}"), end="\n\n")
    reminders = deps.cases.reminders(case.reference)
    out.print(deadlines_table(deps.partnership, clocks, case, reminders, now))
    for table in (waiting_table, dates_table):
        drawn = table(deps.partnership, clocks, case)
        if drawn.row_count:
            out.print()
            out.print(drawn)
