"""Meet a deadline: its reminders fall silent, or it goes on to when it is due again."""

from datetime import date

from chalicelib.referrals import case_change
from chalicelib.referrals.case import Case
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.change_case import acting, change_case, ensure_may_work
from chalicelib.use_cases.ports import Services


def meet_deadline(
    deps: Services,
    reference: str,
    act: str,
    on: date,
    actor: str | Person,
    expected_version: int | None = None,
) -> Case:
    """Record that a duty was done on a day: every clock of it is met.

    Raises `NotPossible`, `NotAllowed`, `CaseChanged`, `StoreBusy`.
    """
    who = acting(deps, actor)

    def met(case: Case, clocks: Clocks) -> Case:
        ensure_may_work(case, who)
        return case_change.meet(case, clocks, deps.partnership.dates, act, on, who)

    details = {"act": act, "on": on.isoformat()}
    return change_case(deps, reference, who, "met a deadline", met, details, expected_version)
