"""Delete a case whose disposal was approved: every row of it, with the proof of that in its place.

May be killed between any two steps, and carried out again: the case is taken away and the proof put
in its place in one step, so nobody ever opens half a case, and each later step goes on from there.
"""

from datetime import datetime

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import SERVICE
from chalicelib.referrals.delivery import Delivery
from chalicelib.referrals.disposal import Proof
from chalicelib.referrals.disposal_steps import proof_of, standing_approval, why_kept
from chalicelib.referrals.reference import schedule_name
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.retention import kept
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.ports import Services

DELETED = "case deleted"


class NotApproved(Exception):
    """The approval does not stand: taken back, or the case was held, reopened or changed since."""


class NotYet(Exception):
    """The approval can still be taken back, until `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__("not yet")
        self.at = at


class NotDeleted(Exception):
    """What there is in the table does not go together, or something is left. It is tried again."""


def delete_case(deps: Services, delivery: Delivery) -> str:
    """Carry out the approval that the delivery is of.

    Raises `NotApproved`, `NotYet`, `NotDeleted`, `CaseChanged`, `ScheduleFailed`, `StoreBusy`.
    """
    reference = delivery.reference
    case, proof = deps.cases.find(reference), deps.disposals.find(reference)
    if case is not None:
        _begin(deps, case, proof, delivery)
    elif proof is None:
        raise NotDeleted(reference)
    elif proof.done_at is not None:
        return DELETED
    _forget_schedules(deps, reference)
    # Nothing can be added from here on: every change of a case needs the row that is gone.
    deps.disposals.count(reference, {**deps.disposals.rows_left(reference), "CASE": 1})
    deps.disposals.delete_rows(reference)
    if deps.disposals.rows_left(reference):
        raise NotDeleted(reference)
    deps.disposals.finish(reference, _entry(deps, delivery, "disposed of a case"))
    return DELETED


def _begin(deps: Services, case: Case, proof: Proof | None, delivery: Delivery) -> None:
    approval, now = standing_approval(case), deps.clock.now()
    known = kept(deps.partnership, case)
    if approval is None or approval.id != delivery.id or known is None or _is_kept(deps, case, now):
        raise NotApproved
    if now < approval.due_at:
        raise NotYet(approval.due_at)
    if proof is not None:  # of a disposal before a restore: docs/runbooks/restore.md
        raise NotDeleted(case.reference)
    # The rules may have changed since the approval: the proof names the one that was held to.
    proof = proof_of(case, approval, known.rule, now)
    entry = _entry(deps, delivery, "began to dispose of a case", proof)
    deps.disposals.begin(case, proof, entry)


def _is_kept(deps: Services, case: Case, now: datetime) -> bool:
    return bool(why_kept(deps.partnership, case, now))


def _forget_schedules(deps: Services, reference: str) -> None:
    """Those of reminders that were cancelled long before their time."""
    now = deps.clock.now()
    for reminder in deps.cases.reminders(reference):
        if reminder.reminder is not None and reminder.at is not None and reminder.at > now:
            deps.schedules.remove(schedule_name(reference, reminder.reminder))


def _entry(
    deps: Services, delivery: Delivery, action: str, proof: Proof | None = None
) -> AuditEntry:
    approved = {} if proof is None else {"rule": proof.rule, "approved by": proof.approved_by}
    return AuditEntry(
        id=random_id(),
        reference=delivery.reference,
        at=deps.clock.now(),
        actor=SERVICE,
        action=action,
        details={"approval": delivery.id, **approved},
    )
