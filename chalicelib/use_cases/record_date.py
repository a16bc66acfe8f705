"""Record a date of a case, or correct one: the deadlines that count from it move."""

from datetime import date

from chalicelib.referrals import case_change
from chalicelib.referrals.case import Case
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.register import PERSONAL_DATES
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.change_case import acting, change_case, ensure_may_work
from chalicelib.use_cases.ports import Services


def record_date(
    deps: Services,
    reference: str,
    name: str,
    on: date | None,
    actor: str | Person,
    expected_version: int | None = None,
) -> Case:
    """Record when something happened; None when that is not known after all.

    Raises `NotPossible`, `NotAllowed`, `CaseChanged`, `StoreBusy`.
    """
    who = acting(deps, actor)
    names = deps.partnership.dates

    def recorded(case: Case, clocks: Clocks) -> Case:
        ensure_may_work(case, who)
        after = case_change.record_date(case, names, name, on, who)
        case_change.ensure_in_order(after, clocks, names, name)
        return after

    said = "in the case" if name in PERSONAL_DATES else on.isoformat() if on else ""
    details = {"date": name, "on": said if on else "not known"}
    return change_case(
        deps,
        reference,
        who,
        "recorded a date",
        recorded,
        details,
        expected_version,
    )
