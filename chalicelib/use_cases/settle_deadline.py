"""Settle a deadline without meeting it: withdrawn, not applicable, or in force after all."""

from chalicelib.referrals import case_change
from chalicelib.referrals.case import Case, Settled
from chalicelib.referrals.case_change import Actor
from chalicelib.use_cases.change_case import change_case
from chalicelib.use_cases.ports import Services

_ACTIONS = {
    Settled.WITHDRAWN: "withdrew a deadline",
    Settled.NOT_APPLICABLE: "set a deadline aside as not applicable",
    Settled.IN_FORCE: "put a deadline in force",
}


def withdraw_deadline(deps: Services, reference: str, act: str, reason: str, actor: str) -> Case:
    """The duty is no longer to be done. Raises `NotPossible`, `StoreBusy`."""
    return _settle(deps, reference, act, Settled.WITHDRAWN, reason, actor)


def set_aside_deadline(deps: Services, reference: str, act: str, reason: str, actor: str) -> Case:
    """The duty does not apply to this case. Raises `NotPossible`, `StoreBusy`."""
    return _settle(deps, reference, act, Settled.NOT_APPLICABLE, reason, actor)


def put_in_force(deps: Services, reference: str, act: str, reason: str, actor: str) -> Case:
    """The duty is to be done (again), whatever the rule's condition says of the form's answers.

    A date that met it is recorded as not known. Raises `NotPossible`, `StoreBusy`.
    """
    return _settle(deps, reference, act, Settled.IN_FORCE, reason, actor)


def _settle(
    deps: Services, reference: str, act: str, kind: Settled, reason: str, actor: str
) -> Case:
    who = Actor(actor, deps.clock.now())
    return change_case(
        deps,
        reference,
        who,
        _ACTIONS[kind],
        lambda case, clocks: case_change.settle(case, clocks, act, kind, reason, who),
        {"act": act, "reason": reason.strip()},
    )
