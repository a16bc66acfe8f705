"""`casereview redrive`: have tried again what was given up, in the table and on the queues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Annotated

import typer

from chalicelib.adapters.aws import aws_errors
from chalicelib.bootstrap import Services
from chalicelib.referrals.delivery import TO_TEAM
from chalicelib.use_cases import redrive as failed_deliveries
from chalicelib.use_cases.deliver import Outcome
from chalicelib.use_cases.hear_back import MailEvent, hear_back
from chalicelib.use_cases.ports import StoreBusy
from chalicelib.use_cases.remind import remind
from infra.casereview.arguments import Local, Stack, Which, Yes
from infra.casereview.dead_letters import (
    HIDDEN_SECONDS,
    FailureQueue,
    InTable,
    Letter,
    News,
    Reminder,
    failure_queues,
)
from infra.casereview.exits import NEEDS_PERSON
from infra.casereview.instance import connect, failures_told
from infra.casereview.putting_right import put_right, require_recorded, told
from infra.casereview.refusals import ask, refuse_other_rules, refuse_while_suspended
from infra.casereview.waiting import count_failed, survey

COVERED = "entries that the table has, put right there"
NOT_UNDERSTOOD = "not understood"
NOT_DONE = "not done"
TEAM_NOT_REACHED = "emails to the team that never arrived"
COME_BACK = (
    f"What is left comes back within {HIDDEN_SECONDS // 60} minutes: give the command again then."
)
_STAYS = {
    NOT_UNDERSTOOD: " They stay: read them in the console of SQS, and delete them there.",
    NOT_DONE: f" {COME_BACK}",
}
_REMINDED = {
    Outcome.SENT: "reminders sent",
    Outcome.WAITING: "reminders to be tried again later",
    Outcome.FAILED: "reminders refused for good",
    Outcome.CANCELLED: "reminders wanted no more",
    Outcome.SUSPENDED: NOT_DONE,
    Outcome.NOTHING: "reminders that needed nothing: sent before, or gone",
}
_FOR_A_PERSON = (*_STAYS, TEAM_NOT_REACHED, _REMINDED[Outcome.FAILED])


def redrive(
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    unconfirmed: Annotated[
        bool,
        typer.Option("--unconfirmed", help="Also send again the emails that may not have arrived."),
    ] = False,
    yes: Yes = False,
) -> None:
    """Try again what was given up.

    Failed deliveries, and what waits on the dead-letter queues. Safe to repeat.
    """
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        refuse_while_suspended(deps)
        refuse_other_rules(deps)
        queues = failure_queues(stack=stack, partnership=partnership, local=local)
        if not _anything(deps, queues, unconfirmed=unconfirmed):
            typer.echo("Nothing was given up.")
            return
        ask("Try all of it again?", yes=yes)
        again = _rearm(deps, unconfirmed=unconfirmed)
        typer.echo(f"Failed deliveries to be tried again: {again}.")
        done = put_right(deps)
        typer.echo(told(done))
        for_a_person = done.counts["failed"] + sum(_drain(deps, queue) for queue in queues)
    require_recorded(done)
    if for_a_person:
        raise typer.Exit(NEEDS_PERSON)


def _anything(deps: Services, queues: Iterable[FailureQueue], *, unconfirmed: bool) -> bool:
    found = {"Failed deliveries": count_failed(deps)}
    if unconfirmed:
        found["Unconfirmed emails"] = len(survey(deps).unconfirmed)
    found |= {f"Messages on {queue.name}": queue.count() for queue in queues}
    for what, count in found.items():
        if count:
            typer.echo(f"{what}: {count}.")
    return any(found.values())


def _rearm(deps: Services, *, unconfirmed: bool) -> int:
    again = rearmed = failed_deliveries.redrive(deps, silent=unconfirmed)
    while rearmed:
        rearmed = failed_deliveries.redrive(deps, silent=unconfirmed)
        again += rearmed
    return again


def _drain(deps: Services, queue: FailureQueue) -> int:
    """Does what a queue's messages ask for, and deletes each after that.

    Gives how many need a person: they stay, or tell that the team was not reached.
    """
    tally: Counter[str] = Counter()
    for letters in queue.batches():
        for said, group in _performed(deps, letters):
            tally[said] += 1
            if said not in _STAYS:
                queue.delete(group)
    for said, count in tally.items():
        typer.echo(f"{queue.name}: {said}: {count}.{_STAYS.get(said, '')}")
    if not tally and queue.count():
        typer.echo(f"{queue.name}: gives no message now. {COME_BACK}")
    return sum(tally[said] for said in _FOR_A_PERSON)


def _performed(deps: Services, letters: list[Letter]) -> Iterator[tuple[str, Letter]]:
    in_table = [letter for letter in letters if isinstance(letter.work, InTable)]
    if in_table:  # one run is enough for all of them
        said = _tried(lambda: COVERED if put_right(deps).complete else NOT_DONE)
        yield from ((said, letter) for letter in in_table)
    for letter in letters:
        work = letter.work
        if isinstance(work, Reminder):
            yield _tried(partial(_remind, deps, work)), letter
        elif isinstance(work, News):
            yield _tried(partial(_hear, deps, work.event)), letter
        elif work is None:
            yield NOT_UNDERSTOOD, letter


def _tried(work: Callable[[], str]) -> str:
    """What came of it. What the store or AWS kept from being recorded is not done."""
    try:
        return work()
    except StoreBusy:
        return NOT_DONE
    except aws_errors():
        return NOT_DONE


def _remind(deps: Services, work: Reminder) -> str:
    return _REMINDED[remind(deps, work.reference, work.reminder)]


def _hear(deps: Services, event: MailEvent | None) -> str:
    if event is None:
        return "events that tell nothing"
    hear_back(deps, event)
    row = deps.outbox.find(event.delivery)
    if row is None:
        return "events of emails that are not known"
    if not event.feedback.lost:
        return "events of emails taken down"
    return TEAM_NOT_REACHED if row.kind in TO_TEAM else "receipts that never arrived"
