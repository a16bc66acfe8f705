"""Bring every open case to the rules and the calendar of the partnership's file as it is now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import SERVICE, Actor
from chalicelib.referrals.clocks import Clocks, clocks_of
from chalicelib.referrals.deadlines import answered_dates, facts
from chalicelib.referrals.times import from_text, to_text
from chalicelib.use_cases.change_case import change_case
from chalicelib.use_cases.open_year import open_year
from chalicelib.use_cases.ports import Services, StoreBusy

# Cases a run: it must end well within its function's time, and the next run goes on.
BATCH = 100
# Old code may still store a referral while it is being replaced: a second pass finds it.
AGAIN_AFTER = timedelta(hours=1)


class NotAllRecomputed(Exception):
    """Some cases could not be recomputed: `references`. Every run tries them again."""

    def __init__(self, references: Sequence[str]) -> None:
        super().__init__("not all recomputed")
        self.references = tuple(references)


def recompute_deadlines(deps: Services) -> int:
    """Recompute the open cases that follow other rules than today's; how many this run changed.

    A pass over all cases is marked when it begins and when it is done, so rules that are taken back
    half-way are noticed too; an hour later there is a second one. After that there is nothing to do
    until rules change. Raises `NotAllRecomputed` when the other cases are done, and `StoreBusy`.
    """
    version = clocks_of(deps.partnership, "", "").version
    passing, again = f"{version} passing", f"{version} again after "
    marker = deps.cases.rules_in_use() or ""
    if marker == version or (
        marker.startswith(again) and deps.clock.now() < from_text(marker.removeprefix(again))
    ):
        return 0
    second = marker.startswith(again)
    if not second and marker != passing:
        deps.cases.use_rules(passing)
    open_year(deps)
    changed, finished = _pass(deps)
    if finished:
        done = version if second else again + to_text(deps.clock.now() + AGAIN_AFTER)
        deps.cases.use_rules(done)
    return changed


def _pass(deps: Services) -> tuple[int, bool]:
    changed, cursor, failed = 0, None, list[str]()
    while True:
        references, cursor = deps.cases.open_cases(after=cursor, limit=BATCH)
        for reference in references:
            if changed == BATCH:
                return changed, False
            try:
                changed += recompute_case(deps, reference)
            except StoreBusy:
                raise
            except Exception:  # one bad case must never hold back the others
                failed.append(reference)
        if cursor is None:
            if failed:
                raise NotAllRecomputed(failed)
            return changed, True


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
