"""Meet a deadline: its reminders fall silent, or it goes on to when it is due again."""

from datetime import date

from chalicelib.referrals import case_change
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor
from chalicelib.use_cases.change_case import change_case
from chalicelib.use_cases.ports import Services


def meet_deadline(deps: Services, reference: str, act: str, on: date, actor: str) -> Case:
    """Record that a duty was done on a day: every clock of it is met.

    Raises `NotPossible`, `StoreBusy`.
    """
    who = Actor(actor, deps.clock.now())
    return change_case(
        deps,
        reference,
        who,
        "met a deadline",
        lambda case, clocks: case_change.meet(case, clocks, deps.partnership.dates, act, on, who),
        {"act": act, "on": on.isoformat()},
    )
