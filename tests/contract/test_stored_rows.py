"""What the rows look like in the table: keys, times to live, and what is never in them."""

import pytest

from chalicelib.referrals.delivery import Delivery
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.packing import unpack
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.times import to_text
from tests.contract.attempts import LATER, fail, lease, send, wait
from tests.contract.conftest import Stores
from tests.contract.samples import NOW, a_case, a_change, a_draft, a_reminder, a_submission

LISTS = ("STREAM", "STAGE", "ASSIGNEE", "BOTH", "RECEIVED", "CLOSED")
pytestmark = pytest.mark.parametrize("stores", ["moto"], indirect=True)


def rows(stores: Stores) -> list[dict]:
    items: list[dict] = stores.client.scan(TableName=stores.table_name)["Items"]
    return items


def test_every_row_of_a_submission_has_its_key(stores: Stores) -> None:
    submission = a_submission()
    stores.drafts.create(a_draft())
    stores.referrals.submit(submission)

    keys = {(row["pk"]["S"], row["sk"]["S"]) for row in rows(stores)}
    entry = f"2026-11-20T14:30:00.123456Z#{submission.audit.id}"

    assert keys == {
        ("DRAFT#" + "d" * 64, "DRAFT"),
        ("SUBMITTED#" + "d" * 64, "TOKEN"),
        ("REFERRAL#SUF-BCDF-3479", "REFERRAL"),
        ("REFERRAL#SUF-BCDF-3479", "CASE"),
        ("REFERRAL#SUF-BCDF-3479", "REMINDER#acknowledge#20261124#20261123"),
        *(("REFERRAL#SUF-BCDF-3479", f"LIST#{by}") for by in LISTS),
        ("AUDIT#CASE#SUF-BCDF-3479", entry),
        ("AUDIT#DAY#2026-11-20", entry),
        ("OUTBOX#" + "a" * 32, "OUTBOX"),
    }


def test_a_draft_lives_until_the_second_after_it_expires(stores: Stores) -> None:
    stores.drafts.create(a_draft())

    expires = int(rows(stores)[0]["expires"]["N"])

    assert 0 <= expires - a_draft().expires_at.timestamp() < 1


def test_only_drafts_and_resume_codes_are_swept(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.drafts.keep_seal("c" * 64, b"sealed", NOW)
    stores.referrals.submit(a_submission())

    swept = {row["sk"]["S"] for row in rows(stores) if "expires" in row}

    assert swept == {"DRAFT", "RESUME"}


def test_answers_are_packed_in_the_referral_and_its_clocks_in_the_case(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.referrals.submit(a_submission())

    holding = {row["sk"]["S"] for row in rows(stores) if "content" in row}

    assert holding == {"REFERRAL", "CASE"}


def the_case(stores: Stores) -> dict:
    (row,) = (row for row in rows(stores) if row["sk"]["S"] == "CASE")
    return row


def test_a_case_shows_no_date_or_answer_outside_its_content(stores: Stores) -> None:
    stores.cases.change(a_change())

    row = the_case(stores)

    assert set(row) - {"pk", "sk", "content"} == {
        "stream",
        "received_at",
        "version",
        "rules_version",
        "pending",
        "pending_at",
    }


def test_a_case_is_in_the_index_at_its_next_due_instant(stores: Stores) -> None:
    stores.cases.change(a_change())

    row = the_case(stores)

    assert (row["pending"], row["pending_at"]) == (
        {"S": "open"},
        {"S": "2026-11-24T23:59:00.000000Z"},
    )


def test_a_case_with_nothing_due_is_last_in_the_index(stores: Stores) -> None:
    stores.cases.change(a_change(after=a_case(deadlines=())))

    assert the_case(stores)["pending_at"] == {"S": "9999-12-31T23:59:59.000000Z"}


def the_audit_row(stores: Stores, details: dict[str, str]) -> dict:
    entry = AuditEntry("f" * 32, "SUF-BCDF-3479", NOW, "a.officer", "recorded a date", details)
    stores.cases.change(a_change(audit=entry))
    by_case, by_day = (row for row in rows(stores) if row["pk"]["S"].startswith("AUDIT#"))
    assert {**by_case, "pk": by_day["pk"]} == by_day
    return by_case


def test_the_audit_row_says_who_did_what(stores: Stores) -> None:
    row = the_audit_row(stores, {})

    assert (row["actor"], row["action"]) == ({"S": "a.officer"}, {"S": "recorded a date"})
    assert "details" not in row


def test_what_changed_is_packed_in_the_audit_row(stores: Stores) -> None:
    details = {"date": "decided_on", "reason": "“Line”"}

    row = the_audit_row(stores, details)

    assert unpack(row["details"]["B"]) == details


def test_a_cancelled_reminder_has_left_the_index(stores: Stores) -> None:
    stores.cases.change(a_change(add=(a_reminder(),)))

    stores.cases.change(a_change(a_case(), cancel=(a_reminder(),)))

    row = the_reminder(stores)
    assert row["state"] == {"S": "cancelled"}
    assert not {"pending", "pending_at", "lease_until"} & set(row)


def the_reminder(stores: Stores) -> dict:
    (row,) = (row for row in rows(stores) if row["sk"]["S"].startswith("REMINDER#"))
    return row


def attempted(stores: Stores) -> Delivery:
    stores.cases.change(a_change(add=(a_reminder(),)))
    return lease(stores, a_reminder().id)


@pytest.mark.parametrize(("escalated", "partition"), [(False, "1"), (True, "late")])
def test_a_waiting_delivery_s_partition_says_whether_it_is_escalated(
    stores: Stores, escalated: bool, partition: str
) -> None:
    wait(stores, attempted(stores), next_at=LATER, since=NOW, escalated=escalated)

    row = the_reminder(stores)

    assert row["pending"] == {"S": partition}
    assert row["pending_at"] == {"S": to_text(LATER)}
    assert row["waiting_since"] == {"S": to_text(NOW)}


def test_a_failed_delivery_lies_in_a_partition_of_its_own(stores: Stores) -> None:
    fail(stores, attempted(stores))

    row = the_reminder(stores)

    assert (row["pending"], row["pending_at"]) == ({"S": "failed"}, {"S": to_text(NOW)})


def test_an_unconfirmed_email_is_in_the_index_at_the_time_to_worry(stores: Stores) -> None:
    send(stores, attempted(stores), confirm_by=LATER)

    row = the_reminder(stores)

    assert (row["pending"], row["pending_at"]) == ({"S": "unconfirmed"}, {"S": to_text(LATER)})


def test_what_was_heard_is_stored_with_its_rank_and_when(stores: Stores) -> None:
    send(stores, attempted(stores))

    stores.outbox.hear(a_reminder().id, Feedback.DELIVERED, now=LATER)

    row = the_reminder(stores)
    assert (row["feedback"], row["heard_at"]) == ({"S": "delivered"}, {"S": to_text(LATER)})
    assert row["feedback_rank"] == {"N": str(Feedback.DELIVERED.rank)}


def test_an_email_that_is_recorded_as_silent_lies_apart_in_the_index(stores: Stores) -> None:
    send(stores, attempted(stores), confirm_by=NOW)

    stores.outbox.hear(a_reminder().id, Feedback.UNCONFIRMED, now=LATER)

    row = the_reminder(stores)
    assert (row["pending"], row["pending_at"]) == ({"S": "silent"}, {"S": to_text(NOW)})


def test_an_email_that_was_heard_of_has_left_the_index(stores: Stores) -> None:
    delivery = attempted(stores)
    wait(stores, delivery, escalated=True)
    send(stores, lease(stores, delivery.id))

    stores.outbox.hear(delivery.id, Feedback.DELIVERED, now=LATER)

    left = {"pending", "pending_at", "lease_until", "waiting_since", "code"}
    assert not left & set(the_reminder(stores))


def test_a_lost_mailbox_is_one_row_of_the_instance(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW, by="a-delivery")

    assert rows(stores) == [
        {
            "pk": {"S": "INSTANCE"},
            "sk": {"S": "MAILBOX#adult"},
            "lost_at": {"S": to_text(NOW)},
            "lost_by": {"S": "a-delivery"},
        }
    ]


def test_a_mailbox_that_came_back_keeps_when(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW)
    stores.mailboxes.found("adult", at=LATER)

    assert rows(stores) == [
        {"pk": {"S": "INSTANCE"}, "sk": {"S": "MAILBOX#adult"}, "found_at": {"S": to_text(LATER)}}
    ]


def test_a_mailbox_that_was_never_lost_keeps_when_it_last_took_email(stores: Stores) -> None:
    stores.mailboxes.found("adult", at=NOW)

    assert rows(stores) == [
        {"pk": {"S": "INSTANCE"}, "sk": {"S": "MAILBOX#adult"}, "found_at": {"S": to_text(NOW)}}
    ]


def test_the_rules_in_use_are_one_row_of_the_instance(stores: Stores) -> None:
    stores.cases.use_rules("0123456789abcdef")

    assert rows(stores) == [
        {"pk": {"S": "INSTANCE"}, "sk": {"S": "RULES"}, "version": {"S": "0123456789abcdef"}}
    ]
