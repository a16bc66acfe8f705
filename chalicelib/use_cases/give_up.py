"""Tell no more of a delivery: it was seen to by other means."""

from chalicelib.referrals.case_change import Actor, NotPossible, ensure_told
from chalicelib.referrals.referral import AuditEntry
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.ports import Services


def give_up(deps: Services, delivery_id: str, reason: str, actor: Actor) -> None:
    """Leave a failed delivery, or an email that nothing was heard of, as it is.

    Nothing is sent by this. Who did it, and why, is in the case's audit trail. Raises
    `NotPossible`, `StoreBusy`.
    """
    ensure_told(reason)
    delivery = deps.outbox.find(delivery_id)
    if delivery is None:
        raise NotPossible("There is no such delivery. See: casereview deliveries")
    audit = AuditEntry(
        id=random_id(),
        reference=delivery.reference,
        at=actor.at,
        actor=actor.name,
        action="gave up a delivery",
        details={"delivery": delivery.id, "kind": delivery.kind.value, "reason": reason.strip()},
    )
    if not deps.outbox.dismiss(delivery_id, audit=audit):
        raise NotPossible(
            "It has not failed: it was sent, or is still tried. See: casereview deliveries"
        )
