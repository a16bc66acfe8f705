"""`casereview reconcile` and `tidy-schedules`: what the instance does by itself, done now."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Annotated

import typer

from chalicelib.bootstrap import Services
from chalicelib.use_cases import tidy_schedules as schedules
from chalicelib.use_cases.recompute_deadlines import NotAllRecomputed, recompute_deadlines
from chalicelib.use_cases.reconcile import BATCH, RAISED
from chalicelib.use_cases.reconcile import reconcile as reconcile_once
from infra.casereview.arguments import Json, Local, Stack, Which
from infra.casereview.exits import NEEDS_PERSON, UNREACHED, stop
from infra.casereview.instance import connect, failures_told
from infra.casereview.refusals import refuse_other_rules, refuse_while_suspended

# A mail service that asks to be slower could keep this going for hours; the instance goes on then.
MOST_RUNS = 400
RECORDED = ("sent", "waiting", "failed", "cancelled")
_WORDS = {
    "sent": "done",
    "waiting": "to be tried again later",
    "failed": "refused for good",
    "cancelled": "wanted no more",
    "suspended": "left, as sending is suspended",
    RAISED: "not recorded",
}


@dataclass(frozen=True)
class PutRight:
    """What came of one or more runs. `complete`: whatever is left, the table says when to try."""

    runs: int
    counts: Counter[str]
    needs_person: int
    complete: bool


def put_right(deps: Services, *, once: bool = False) -> PutRight:
    """Runs reconcile until it finds nothing, or gets no further. Raises `StoreBusy`."""
    total: Counter[str] = Counter()
    runs = 0
    while True:
        counts = reconcile_once(deps)
        runs += 1
        needs_person, silent = counts.pop("needs_person"), counts.pop("unconfirmed")
        total.update(counts)
        # Not a sum: the command records nothing of them, so that the instance's alarm tells too.
        total["unconfirmed"] = silent
        stuck = not any(counts[outcome] for outcome in RECORDED)
        if once or stuck or runs == MOST_RUNS:
            return PutRight(runs, total, needs_person, counts[RAISED] + counts["suspended"] == 0)


def told(done: PutRight) -> str:
    """`Overdue deliveries: 2 done, 1 to be tried again later.`"""
    if not done.counts["found"]:
        return "No delivery was overdue."
    parts = [f"{done.counts[name]} {word}" for name, word in _WORDS.items() if done.counts[name]]
    return f"Overdue deliveries: {', '.join(parts) or 'others are at them'}."


def require_recorded(done: PutRight) -> None:
    """Ends the command with 3 when what came of a delivery could not be taken down."""
    if done.counts[RAISED]:
        stop(
            "The store did not take what came of some. Check your rights and the network, and give"
            " the same command again: it is safe.",
            UNREACHED,
        )


def reconcile(
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    once: Annotated[bool, typer.Option("--once", help="One run, of at most 50.")] = False,
    recompute: Annotated[
        bool,
        typer.Option("--recompute", help="This folder is what is deployed: bring cases to it."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Put right what was left undone, now.

    The instance does this by itself every 15 minutes.
    """
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        if not recompute:
            refuse_other_rules(deps, "If that is this one: --recompute.")
        done = put_right(deps, once=once)
        if not as_json:
            _tell(done)
        recomputed, not_recomputed = _recompute(deps, once=once)
    if as_json:
        document = {
            "runs": done.runs,
            **done.counts,
            "needs_person": done.needs_person,
            "recomputed": recomputed,
            "not_recomputed": not_recomputed,
        }
        typer.echo(json.dumps(document, indent=2))
    else:
        typer.echo(f"Cases recomputed by this folder's rules: {recomputed}.")
        if not_recomputed:
            typer.echo(f"Cases that could not be recomputed: {', '.join(not_recomputed)}.")
    require_recorded(done)
    if not_recomputed:
        raise typer.Exit(NEEDS_PERSON)


def _recompute(deps: Services, *, once: bool) -> tuple[int, tuple[str, ...]]:
    """How many cases were recomputed, and which could not be."""
    recomputed = 0
    try:
        changed = recompute_deadlines(deps)
        while changed:
            recomputed += changed
            changed = 0 if once else recompute_deadlines(deps)
    except NotAllRecomputed as failure:
        return recomputed, failure.references
    return recomputed, ()


def _tell(done: PutRight) -> None:
    typer.echo(told(done))
    silent = done.counts["unconfirmed"]
    if silent:
        typer.echo(f"Emails to the team of which nothing was heard in time: {silent}.")
    if done.needs_person:
        many = f"{BATCH} or more" if done.needs_person == BATCH else done.needs_person
        typer.echo(f"Deliveries that need a person: {many}. See: casereview deliveries")


def tidy_schedules(
    stack: Stack = None, local: Local = False, partnership: Which = None, as_json: Json = False
) -> None:
    """Make the schedules that reminders lack.

    Those of no waiting reminder are removed. The instance does this by itself once a day.
    """
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        refuse_while_suspended(deps)
        counts = schedules.tidy_schedules(deps)
    if as_json:
        typer.echo(json.dumps(counts, indent=2))
    else:
        typer.echo(f"Schedules made: {counts['made']}, removed: {counts['removed']}.")
