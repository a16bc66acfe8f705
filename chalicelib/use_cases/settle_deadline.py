"""Settle a deadline without meeting it: withdrawn, not applicable, or in force after all."""

from chalicelib.referrals import case_change
from chalicelib.referrals.case import Case, Settled
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.change_case import acting, change_case, ensure_may_work
from chalicelib.use_cases.ports import Services

_ACTIONS = {
    Settled.WITHDRAWN: "withdrew a deadline",
    Settled.NOT_APPLICABLE: "set a deadline aside as not applicable",
    Settled.IN_FORCE: "put a deadline in force",
}


def withdraw_deadline(
    deps: Services,
    reference: str,
    act: str,
    reason: str,
    actor: str | Person,
    expected_version: int | None = None,
) -> Case:
    """The duty is no longer to be done.

    Raises `NotPossible`, `NotAllowed`, `CaseChanged`, `StoreBusy`.
    """
    return _settle(deps, reference, act, Settled.WITHDRAWN, reason, actor, expected_version)


def set_aside_deadline(
    deps: Services,
    reference: str,
    act: str,
    reason: str,
    actor: str | Person,
    expected_version: int | None = None,
) -> Case:
    """The duty does not apply to this case. Raises as `withdraw_deadline` does."""
    return _settle(deps, reference, act, Settled.NOT_APPLICABLE, reason, actor, expected_version)


def put_in_force(
    deps: Services,
    reference: str,
    act: str,
    reason: str,
    actor: str | Person,
    expected_version: int | None = None,
) -> Case:
    """The duty is to be done (again), whatever the rule's condition says of the form's answers.

    A date that met it is recorded as not known. Raises as `withdraw_deadline` does.
    """
    return _settle(deps, reference, act, Settled.IN_FORCE, reason, actor, expected_version)


def _settle(
    deps: Services,
    reference: str,
    act: str,
    kind: Settled,
    reason: str,
    actor: str | Person,
    expected_version: int | None,
) -> Case:
    who = acting(deps, actor)

    def settled(case: Case, clocks: Clocks) -> Case:
        ensure_may_work(case, who)
        return case_change.settle(case, clocks, act, kind, reason, who)

    # The command's reason is in the audit trail; what staff write stays with the case.
    said = {} if who.person else {"reason": reason.strip()}
    return change_case(
        deps, reference, who, _ACTIONS[kind], settled, {"act": act, **said}, expected_version
    )
