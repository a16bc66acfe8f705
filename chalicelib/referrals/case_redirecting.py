"""How a live concern that came in as a referral is passed to its own route: pure.

Raises `NotAllowed` when the person may not, and `NotPossible` when nobody could.
"""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import EARLIEST, NotPossible
from chalicelib.referrals.case_closing import closed
from chalicelib.referrals.case_steps import ensure_may, ensure_open, roomy
from chalicelib.referrals.case_work import CaseWork
from chalicelib.referrals.redirection import Redirection
from chalicelib.referrals.staff import Person, Right
from chalicelib.referrals.times import local_date, say_date, say_time

REDIRECTED = "live_concern_redirected"
LONGEST_LINE = 200
_CLOSED_BECAUSE = "A live concern, passed to the live route. No review is to be considered."


def redirected(case: Case, redirection: Redirection, person: Person) -> CaseWork:
    """Somebody at the live route was told. Without a decision needed the case closes with it."""
    ensure_may(case.work, person, Right.WORK_CASES)
    ensure_open(case.work)
    problems = tuple(_problems(redirection))
    if problems:
        (field, text), *more = problems
        raise NotPossible(text, field, *more)
    work = replace(case.work, redirections=(*case.work.redirections, redirection))
    if not redirection.decision_needed:
        work = closed(work, case.stream, REDIRECTED, _CLOSED_BECAUSE, person, redirection.at)
    return roomy(work)


def _problems(redirection: Redirection) -> Iterator[tuple[str, str]]:
    told_at = redirection.told_at
    if not redirection.told:
        yield "told", "Enter whom you told: a name, or the team that took the call."
    if told_at > redirection.at:
        yield "on", f"{say_time(told_at)} has not come yet. Check the date and the time."
    if local_date(told_at) < EARLIEST:
        yield "on", f"{say_date(local_date(told_at))} is too long ago. Check the year."
    for field, line in (("told", redirection.told), ("theirs", redirection.their_reference)):
        if len(line) > LONGEST_LINE:
            yield field, f"Shorten this to at most {LONGEST_LINE} characters."
        if not line.isprintable():
            yield field, "Type this again: there are characters that cannot be shown."
