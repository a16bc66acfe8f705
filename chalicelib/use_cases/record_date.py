"""Record a date of a case, or correct one: the deadlines that count from it move."""

from datetime import date

from chalicelib.referrals import case_change
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor
from chalicelib.use_cases.change_case import change_case
from chalicelib.use_cases.ports import Services


def record_date(deps: Services, reference: str, name: str, on: date | None, actor: str) -> Case:
    """Record when something happened; None when that is not known after all.

    Raises `NotPossible`, `StoreBusy`.
    """
    who = Actor(actor, deps.clock.now())
    details = {"date": name, "on": on.isoformat() if on else "not known"}
    return change_case(
        deps,
        reference,
        who,
        "recorded a date",
        lambda case, _: case_change.record_date(case, deps.partnership.dates, name, on, who),
        details,
    )
