"""`casereview give-up`: tell no more of what failed, once it was seen to by other means."""

from __future__ import annotations

import typer

from chalicelib.referrals.case_change import Actor, NotPossible
from chalicelib.use_cases.give_up import give_up as give_up_delivery
from infra.casereview.arguments import Local, Stack, Which, Yes
from infra.casereview.case import As, Reason, Reference, actor_of
from infra.casereview.deliveries import KINDS
from infra.casereview.instance import connect, failures_told
from infra.casereview.refusals import ask
from infra.casereview.waiting import survey


def give_up(
    reference: Reference,
    reason: Reason,
    stack: Stack = None,
    local: Local = False,
    partnership: Which = None,
    who: As = None,
    yes: Yes = False,
) -> None:
    """Tell no more of a referral's emails that failed.

    Nothing is sent. The reason is kept with the case. For when the team was told by other means.
    """
    with failures_told():
        deps = connect(stack=stack, partnership=partnership, local=local)
        found = survey(deps).that_can_be_given_up(reference)
        if not found:
            raise NotPossible(f"Nothing of {reference} has failed. See: casereview deliveries")
        for why, row in found:
            typer.echo(f"{KINDS[row.kind]}: {why} {row.reminder or ''}".rstrip())
        ask("They will not be sent, and no alarm tells of them any more. Go on?", yes=yes)
        actor = Actor(actor_of(who), deps.clock.now())
        for _, row in found:
            give_up_delivery(deps, row.id, reason, actor)
    typer.echo(f"Given up: {len(found)}.")
