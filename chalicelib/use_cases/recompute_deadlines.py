"""Bring every open case to the rules and the calendar of the partnership's file as it is now."""

from dataclasses import replace

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor
from chalicelib.referrals.clocks import Clocks, clocks_of
from chalicelib.referrals.deadlines import answered_dates, facts
from chalicelib.use_cases.change_case import change_case
from chalicelib.use_cases.open_year import open_year
from chalicelib.use_cases.ports import Services

SERVICE = "service"
# Cases a pass: a run must end well within its function's time, and the next run goes on.
BATCH = 50


def recompute_deadlines(deps: Services) -> int:
    """Recompute the open cases that follow other rules than today's; how many this run changed.

    When no case is left, that is recorded, and until rules change again there is nothing to do.
    Raises `StoreBusy`.
    """
    version = clocks_of(deps.partnership, "", "").version
    if deps.cases.rules_in_use() == version:
        return 0
    open_year(deps)
    changed, cursor = 0, None
    while True:
        references, cursor = deps.cases.open_cases(after=cursor, limit=BATCH)
        for reference in references:
            if changed == BATCH:
                return changed
            changed += recompute_case(deps, reference)
        if cursor is None:
            deps.cases.use_rules(version)
            return changed


def recompute_case(deps: Services, reference: str) -> bool:
    """Recompute one case; whether it followed other rules. Raises `NotPossible`, `StoreBusy`."""
    case = deps.cases.find(reference)
    if case is None:
        return False
    version = clocks_of(deps.partnership, reference, case.stream).version
    if case.rules_version == version:
        return False
    referral = deps.referrals.find(reference)

    def read_again(case: Case, clocks: Clocks) -> Case:
        if referral is None:
            return case
        roles, answers = referral.roles, referral.answers
        return replace(
            case,
            answered=answered_dates(referral.received_at, roles, answers),
            facts=facts(clocks.rules, roles, answers),
        )

    who = Actor(SERVICE, deps.clock.now())
    change_case(deps, reference, who, "recomputed deadlines", read_again, {"rules": version})
    return True
