"""What every outbox says of deliveries that a person must hear of, and need not any more."""

from datetime import timedelta

import pytest

from chalicelib.referrals.delivery import MOST_UNRECORDED, Delivery, Kind, State
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.referral import AuditEntry
from chalicelib.use_cases.ports import Unreadable
from tests.contract.attempts import CONFIRM_BY, UNTIL, add, fail, found, lease, send, wait
from tests.contract.conftest import Stores
from tests.contract.samples import NOW, REFERENCE, a_change, a_delivery

AUDIT = AuditEntry("5" * 32, REFERENCE, NOW, "command: ops", "gave up a delivery")


def die_often(stores: Stores, delivery_id: str, times: int) -> Delivery:
    """Lease it again and again, as workers do that never come to record anything."""
    leased = [
        lease(stores, delivery_id, now=NOW + number * timedelta(minutes=5))
        for number in range(times)
    ]
    return leased[-1]


def silent(stores: Stores, delivery: Delivery) -> None:
    send(stores, delivery)
    stores.outbox.hear(delivery.id, Feedback.UNCONFIRMED, now=CONFIRM_BY)


def test_a_row_whose_attempts_all_end_unrecorded_needs_a_person(stores: Stores) -> None:
    delivery = add(stores, 1)

    last = die_often(stores, delivery, MOST_UNRECORDED)
    assert last.lease_until is not None
    assert stores.outbox.needs_person(limit=10) == []

    assert lease(stores, delivery, now=last.lease_until).escalated
    assert stores.outbox.needs_person(limit=10) == [delivery]


def test_a_row_of_many_attempts_is_still_nobody_elses_while_it_is_leased(stores: Stores) -> None:
    delivery = add(stores, 1)
    last = die_often(stores, delivery, MOST_UNRECORDED + 1)
    assert last.lease_until is not None

    just_before = last.lease_until - timedelta(seconds=1)
    assert stores.outbox.lease(delivery, now=just_before, until=UNTIL) is None


def test_a_refused_receipt_is_told_apart(stores: Stores) -> None:
    receipt = a_delivery(id="9" * 32, kind=Kind.RECEIPT_EMAIL)
    stores.cases.change(a_change(outbox=receipt))

    fail(stores, lease(stores, receipt.id))

    assert stores.outbox.needs_person(limit=10) == []
    assert stores.outbox.failed_receipts(limit=10) == [receipt.id]


def test_a_failed_delivery_that_is_dismissed_needs_nobody(outbox: Stores, leased: Delivery) -> None:
    fail(outbox, leased)

    assert outbox.outbox.dismiss(leased.id, audit=AUDIT)

    assert outbox.outbox.needs_person(limit=10) == []
    row = found(outbox, leased.id)
    assert (row.state, row.dismissed, row.code) == (State.FAILED, True, "MessageRejected")


def test_a_silent_email_that_is_dismissed_is_listed_no_more(
    outbox: Stores, leased: Delivery
) -> None:
    silent(outbox, leased)
    assert outbox.outbox.unconfirmed(now=CONFIRM_BY, limit=10) == [leased.id]

    assert outbox.outbox.dismiss(leased.id, audit=AUDIT)

    assert outbox.outbox.unconfirmed(now=CONFIRM_BY, limit=10) == []
    assert found(outbox, leased.id).state is State.SENT


def test_a_delivery_is_dismissed_once(outbox: Stores, leased: Delivery) -> None:
    fail(outbox, leased)
    outbox.outbox.dismiss(leased.id, audit=AUDIT)

    again = AuditEntry("6" * 32, REFERENCE, NOW, "command: ops", "gave up a delivery")
    assert not outbox.outbox.dismiss(leased.id, audit=again)


@pytest.mark.parametrize("then", ["leased", "waiting", "sent", "confirmed"])
def test_only_what_failed_or_fell_silent_is_dismissed(
    outbox: Stores, leased: Delivery, then: str
) -> None:
    if then == "waiting":
        wait(outbox, leased)
    if then in ("sent", "confirmed"):
        send(outbox, leased)
    if then == "confirmed":
        outbox.outbox.hear(leased.id, Feedback.DELIVERED, now=NOW)
    before = found(outbox, leased.id)

    assert not outbox.outbox.dismiss(leased.id, audit=AUDIT)
    assert found(outbox, leased.id) == before


def test_an_unknown_delivery_cannot_be_dismissed(outbox: Stores) -> None:
    assert not outbox.outbox.dismiss("unknown", audit=AUDIT)


def test_a_dismissed_email_that_bounces_after_all_needs_a_person_again(
    outbox: Stores, leased: Delivery
) -> None:
    silent(outbox, leased)
    outbox.outbox.dismiss(leased.id, audit=AUDIT)

    assert outbox.outbox.mark_lost(leased.id, now=UNTIL, code="bounced")

    assert outbox.outbox.needs_person(limit=10) == [leased.id]
    assert not found(outbox, leased.id).dismissed


def test_a_dismissed_delivery_can_be_tried_again_after_all(
    outbox: Stores, leased: Delivery
) -> None:
    fail(outbox, leased)
    outbox.outbox.dismiss(leased.id, audit=AUDIT)

    assert outbox.outbox.rearm(leased.id, now=UNTIL)

    assert not found(outbox, leased.id).dismissed
    assert leased.id in outbox.outbox.due(now=UNTIL, limit=10)


def test_an_email_that_is_sent_once_more_knows_the_message_that_was_lost(
    outbox: Stores, leased: Delivery
) -> None:
    send(outbox, leased)
    outbox.outbox.mark_lost(leased.id, now=NOW, code="bounced")

    outbox.outbox.rearm(leased.id, now=UNTIL)

    row = found(outbox, leased.id)
    assert (row.message_id, row.lost_message) == (None, "m-1")
    send(outbox, lease(outbox, leased.id, now=UNTIL))
    assert found(outbox, leased.id).lost_message == "m-1"


def test_a_delivery_that_never_was_a_message_has_lost_none(
    outbox: Stores, leased: Delivery
) -> None:
    fail(outbox, leased)

    outbox.outbox.rearm(leased.id, now=UNTIL)

    assert found(outbox, leased.id).lost_message is None


def test_a_silent_email_can_be_tried_again(outbox: Stores, leased: Delivery) -> None:
    silent(outbox, leased)

    assert outbox.outbox.rearm(leased.id, now=UNTIL)

    row = found(outbox, leased.id)
    assert (row.state, row.attempts, row.feedback) == (State.PENDING, 0, None)


def test_an_email_that_fell_silent_is_new_until_that_is_recorded(
    outbox: Stores, leased: Delivery
) -> None:
    send(outbox, leased)
    before = outbox.outbox.newly_silent(now=CONFIRM_BY, limit=10)

    outbox.outbox.hear(leased.id, Feedback.UNCONFIRMED, now=CONFIRM_BY)

    assert (before, outbox.outbox.newly_silent(now=CONFIRM_BY, limit=10)) == ([leased.id], [])


def test_an_email_that_waits_to_be_tried_again_can_be_lost(
    outbox: Stores, leased: Delivery
) -> None:
    wait(outbox, leased)

    assert outbox.outbox.mark_lost(leased.id, now=NOW, code="bounced")
    assert outbox.outbox.needs_person(limit=10) == [leased.id]


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_a_row_of_a_kind_that_is_not_known_is_said_to_be_unreadable(stores: Stores) -> None:
    delivery = add(stores, 1)
    stores.client.update_item(
        TableName=stores.table_name,
        Key={"pk": {"S": f"OUTBOX#{delivery}"}, "sk": {"S": "OUTBOX"}},
        UpdateExpression="SET kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "carrier_pigeon"}},
    )

    with pytest.raises(Unreadable):
        stores.outbox.find(delivery)
