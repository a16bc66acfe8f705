"""What several commands refuse, and what they ask before they begin."""

from __future__ import annotations

import typer

from chalicelib.bootstrap import Services
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.clocks import clocks_of
from infra.casereview.exits import REFUSED, stop

OTHER_RULES = "This folder's rules are not those that the {} follows."
WAIT_OR_CHANGE_FOLDER = (
    "After a deployment the instance brings its cases to the new rules, a hundred in a quarter of"
    " an hour: wait for that. Otherwise use the folder that the instance was deployed from."
)


def follows_these_rules(deps: Services) -> bool:
    """Whether the instance's cases follow this folder's rules, are being brought to them, or none.

    After the version, the marker says how far that has come.
    """
    marker = deps.cases.rules_in_use()
    return not marker or marker.split()[0] == clocks_of(deps.partnership, "", "").version


def refuse_other_rules(deps: Services, or_else: str = "") -> None:
    """Raises `NotPossible` when what is sent would be made by other rules than the cases'.

    A late deadline's reminder plans the next one by the rules at hand: by those of a folder that
    lacks its rule it would be the last, and nothing would tell.
    """
    if not follows_these_rules(deps):
        said = f"{OTHER_RULES.format('instance')} {WAIT_OR_CHANGE_FOLDER}"
        raise NotPossible(f"{said} {or_else}".rstrip())


def refuse_while_suspended(deps: Services) -> None:
    """Raises `NotPossible` when nothing may be sent."""
    if deps.settings.suspended:
        raise NotPossible(
            "Sending is suspended: nothing was done. Resume it first, by the parameter Sending."
        )


def ask(question: str, *, yes: bool) -> None:
    """Goes on when it was said beforehand or is said now; otherwise ends, nothing done."""
    if not yes and not typer.confirm(question):
        stop("Nothing was done.", REFUSED)
