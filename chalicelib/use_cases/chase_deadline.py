"""Keep chasing a deadline that is late: each reminder leaves the next one behind it."""

from dataclasses import replace

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import SERVICE, Actor, CaseChange
from chalicelib.referrals.clocks import clocks_of
from chalicelib.referrals.delivery import Delivery, Kind
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.reminders import chase, has_later, is_chase, rule_of
from chalicelib.use_cases.compose_submission import outbox_row, random_id
from chalicelib.use_cases.ports import CaseChanged, Services, StoreBusy

_ATTEMPTS = 3


def plan_next_chase(deps: Services, delivery: Delivery) -> None:
    """Plan the reminder after this one, if this one is about a deadline that is late and open.

    Safe to repeat: what is planned already is not planned again. Raises `StoreBusy`.
    """
    if not is_chase(delivery):
        return
    for _ in range(_ATTEMPTS):
        case = deps.cases.find(delivery.reference)
        if case is None or has_later(delivery, deps.cases.reminders(delivery.reference)):
            return
        following = _following(deps, case, delivery)
        if following is None:
            return
        try:
            deps.cases.change(_change(case, following, Actor(SERVICE, deps.clock.now())))
        except CaseChanged:
            continue
        return
    raise StoreBusy


def _following(deps: Services, case: Case, delivery: Delivery) -> Delivery | None:
    clocks = clocks_of(deps.partnership, case.reference, case.stream)
    rule = clocks.rule(rule_of(delivery.reminder or ""))
    if rule is None or not rule.chased:
        return None
    return chase(rule, case, delivery, clocks.calendar, deps.clock.now())


def _change(case: Case, following: Delivery, actor: Actor) -> CaseChange:
    row = outbox_row(case.reference, case.stream, Kind.SCHEDULES, actor.at)
    return CaseChange(
        before=case,
        after=case.superseded_by(),
        add=(following,),
        cancel=(),
        outbox=replace(row, reminder=following.reminder),
        audit=AuditEntry(
            id=random_id(),
            reference=case.reference,
            at=actor.at,
            actor=actor.name,
            action="planned a reminder",
            details={"reminder": following.reminder or ""},
        ),
    )
