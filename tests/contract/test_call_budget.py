"""How many AWS calls a page and a submission cost: one read for a page, one write to save it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamodb_cases import DynamoCases
from chalicelib.adapters.dynamodb_table import DynamoTable
from chalicelib.bootstrap import in_memory_services
from chalicelib.referrals.delivery import Delivery
from chalicelib.referrals.feedback import Feedback
from chalicelib.settings import Settings
from chalicelib.use_cases.reconcile import reconcile
from tests.contract.attempts import fail, lease, send
from tests.contract.conftest import Stores
from tests.contract.samples import (
    NOW,
    a_case,
    a_change,
    a_delivery,
    a_draft,
    a_form,
    a_reminder,
    a_submission,
)

pytestmark = pytest.mark.parametrize("stores", ["moto"], indirect=True)


def test_opening_a_draft_is_one_read(stores: Stores) -> None:
    stores.drafts.find("d" * 64)

    assert stores.calls == ["GetItem"]


def test_saving_a_draft_is_one_write(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.calls.clear()

    stores.drafts.save(a_draft(version=2), 1)

    assert stores.calls == ["UpdateItem"]


def test_submitting_is_one_transaction(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.calls.clear()

    stores.referrals.submit(a_submission())

    assert stores.calls == ["TransactWriteItems"]


def test_a_form_version_is_written_once_a_process(stores: Stores) -> None:
    for _ in range(3):
        stores.archive.keep(a_form())

    assert stores.calls == ["PutItem"]


def test_a_kept_form_version_is_not_read_again(stores: Stores) -> None:
    stores.archive.keep(a_form())

    stores.archive.find("adult", a_form().version)

    assert stores.calls == ["PutItem"]


def test_looking_for_what_is_due_is_a_query_of_each_of_two_partitions(stores: Stores) -> None:
    stores.outbox.due(now=NOW, limit=10)

    assert stores.calls == ["Query"] * 2


@dataclass(frozen=True)
class Stopped:
    """A clock that stands still."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


def test_a_healthy_reconcile_is_five_queries_that_read_nothing(stores: Stores) -> None:
    """There is a case, a reminder to come, and an email of which an event may still come."""
    stores.drafts.create(a_draft())
    stores.referrals.submit(a_submission())
    send(stores, lease(stores, a_delivery().id), confirm_by=NOW + timedelta(hours=4))
    instance = replace(
        in_memory_services(Settings(), Stopped(NOW + timedelta(hours=3))),
        outbox=stores.outbox,
        cases=stores.cases,
        mailboxes=stores.mailboxes,
    )
    read: list[int] = []

    def note(parsed: dict[str, Any], **_: Any) -> None:
        read.append(parsed["ScannedCount"])

    stores.client.meta.events.register("after-call.dynamodb.Query", note)
    stores.calls.clear()
    counts = reconcile(instance)
    stores.client.meta.events.unregister("after-call.dynamodb.Query", note)

    assert set(counts.values()) == {0}
    assert (stores.calls, read) == (["Query"] * 5, [0] * 5)


def sent(stores: Stores, delivery: Delivery) -> None:
    stores.calls.clear()
    send(stores, delivery)


def heard(stores: Stores) -> None:
    stores.calls.clear()
    stores.outbox.hear(a_reminder().id, Feedback.DELIVERED, now=NOW)


@pytest.fixture
def attempt(stores: Stores) -> Delivery:
    stores.cases.change(a_change(add=(a_reminder(),)))
    return lease(stores, a_reminder().id)


def test_recording_an_email_is_one_write(stores: Stores, attempt: Delivery) -> None:
    sent(stores, attempt)

    assert stores.calls == ["UpdateItem"]


def test_recording_an_email_that_an_event_overtook_is_two_writes(
    stores: Stores, attempt: Delivery
) -> None:
    heard(stores)

    sent(stores, attempt)

    assert stores.calls == ["UpdateItem"] * 2


def test_hearing_of_an_email_is_one_write(stores: Stores, attempt: Delivery) -> None:
    sent(stores, attempt)

    heard(stores)

    assert stores.calls == ["UpdateItem"]


def test_hearing_the_same_again_is_one_refused_write(stores: Stores, attempt: Delivery) -> None:
    sent(stores, attempt)
    heard(stores)

    heard(stores)

    assert stores.calls == ["UpdateItem"]


def test_hearing_of_an_email_too_early_is_two_writes(stores: Stores, attempt: Delivery) -> None:
    heard(stores)

    assert stores.calls == ["UpdateItem"] * 2


def test_losing_and_finding_a_mailbox_are_one_write_each(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW)
    stores.mailboxes.found("adult", at=NOW + timedelta(hours=1))

    assert stores.calls == ["UpdateItem"] * 2


def test_having_a_delivery_tried_again_is_one_write(stores: Stores, attempt: Delivery) -> None:
    fail(stores, attempt)
    stores.calls.clear()

    stores.outbox.rearm(attempt.id, now=NOW)

    assert stores.calls == ["UpdateItem"]


def test_taking_a_delivery_as_sent_is_one_write(stores: Stores, attempt: Delivery) -> None:
    stores.calls.clear()

    stores.outbox.assume_sent(attempt.id, now=NOW)

    assert stores.calls == ["UpdateItem"]


def test_opening_a_case_is_one_read(stores: Stores) -> None:
    stores.cases.find("SUF-BCDF-3479")

    assert stores.calls == ["GetItem"]


def test_a_case_s_reminders_are_one_query(stores: Stores) -> None:
    stores.cases.change(a_change(add=(a_reminder(),)))
    stores.calls.clear()

    stores.cases.reminders("SUF-BCDF-3479")

    assert stores.calls == ["Query"]


def test_changing_a_case_with_all_its_reminders_is_one_transaction(stores: Stores) -> None:
    old = [a_reminder(reminder=f"acknowledge#20261124#{day}") for day in range(20261101, 20261121)]
    new = [a_reminder(reminder=f"acknowledge#20261204#{day}") for day in range(20261101, 20261121)]
    stores.cases.change(a_change(add=tuple(old)))
    stores.calls.clear()

    stores.cases.change(
        a_change(a_case(), add=tuple(new), cancel=tuple(old), outbox=a_delivery(id="c" * 32))
    )

    assert stores.calls == ["TransactWriteItems"]


def test_changing_two_cases_is_one_transaction(stores: Stores) -> None:
    changes = [a_change(), a_change(reference="SUF-BCDF-3477")]

    stores.cases.change_all(changes)

    assert stores.calls == ["TransactWriteItems"]


def test_forgetting_a_reminder_is_one_delete(stores: Stores) -> None:
    stores.cases.forget_cancelled(a_reminder().id)

    assert stores.calls == ["DeleteItem"]


def test_a_page_of_open_cases_is_one_query_of_the_sparse_index(stores: Stores) -> None:
    stores.cases.open_cases(after=None, limit=10)

    assert stores.calls == ["Query"]


def test_the_rules_in_use_are_read_once_a_process(stores: Stores) -> None:
    other_process = DynamoCases(DynamoTable(lambda: stores.client, stores.table_name))
    other_process.use_rules("0123456789abcdef")
    stores.calls.clear()

    for _ in range(3):
        assert stores.cases.rules_in_use() == "0123456789abcdef"

    assert stores.calls == ["GetItem"]


def test_the_rules_that_a_process_wrote_are_not_read_again(stores: Stores) -> None:
    stores.cases.use_rules("0123456789abcdef")

    stores.cases.rules_in_use()

    assert stores.calls == ["PutItem"]
