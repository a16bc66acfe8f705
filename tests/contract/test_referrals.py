"""What every referral store does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.referrals.packing import pack, unpack
from chalicelib.use_cases.ports import (
    AlreadySubmitted,
    DraftChanged,
    ReferenceTaken,
    StoreBusy,
)
from tests.contract.conftest import EMULATOR, ORACLE, Stores
from tests.contract.samples import NOW, a_case, a_draft, a_referral, a_reminder, a_submission

# moto copies its tables while other threads write to them, so it says nothing about concurrency.
UNSHARED = pytest.mark.parametrize("stores", ["in_memory", EMULATOR, ORACLE], indirect=True)


@pytest.fixture
def drafted(stores: Stores) -> Stores:
    stores.drafts.create(a_draft())
    return stores


def test_a_submitted_referral_is_found_as_received(drafted: Stores) -> None:
    drafted.referrals.submit(a_submission())

    assert drafted.referrals.find("SUF-BCDF-3479") == a_referral()


def test_a_referral_from_before_what_was_told_was_kept_is_still_read(drafted: Stores) -> None:
    if drafted.client is None:
        return  # a value that lacks a field is only ever in a table
    drafted.referrals.submit(a_submission())
    key = {"pk": {"S": "REFERRAL#SUF-BCDF-3479"}, "sk": {"S": "REFERRAL"}}
    row = drafted.client.get_item(TableName=drafted.table_name, Key=key)["Item"]
    content = {k: v for k, v in unpack(row["content"]["B"]).items() if k != "told"}
    old = {**row, "content": {"B": pack(content)}}
    drafted.client.put_item(TableName=drafted.table_name, Item=old)

    assert drafted.referrals.find("SUF-BCDF-3479") == a_referral(told="")


def test_an_unknown_reference_is_not_found(stores: Stores) -> None:
    assert stores.referrals.find("SUF-BCDF-3479") is None


def test_submitting_stores_every_delivery(drafted: Stores) -> None:
    submission = a_submission()

    drafted.referrals.submit(submission)

    for delivery in submission.deliveries:
        assert drafted.outbox.find(delivery.id) == delivery


def test_submitting_opens_the_case(drafted: Stores) -> None:
    drafted.referrals.submit(a_submission())

    assert drafted.cases.find("SUF-BCDF-3479") == a_case()


def test_submitting_gives_the_draft_its_reference_and_takes_its_answers(drafted: Stores) -> None:
    drafted.referrals.submit(a_submission())

    assert drafted.drafts.find("d" * 64) == a_draft(
        answers={},
        seen=frozenset(),
        version=2,
        reference="SUF-BCDF-3479",
        submitted_at=NOW,
    )


def test_a_used_token_names_the_referral_that_it_made(drafted: Stores) -> None:
    drafted.referrals.submit(a_submission())

    with pytest.raises(AlreadySubmitted) as again:
        drafted.referrals.submit(a_submission(reference="SUF-XXXX-9999"))

    assert again.value.reference == "SUF-BCDF-3479"
    assert drafted.referrals.find("SUF-XXXX-9999") is None


def test_what_a_token_was_used_for_is_kept(drafted: Stores) -> None:
    submission = a_submission()

    drafted.referrals.submit(submission)

    assert drafted.referrals.find_token("d" * 64) == submission.token


def test_a_referral_without_a_draft_is_stored(stores: Stores) -> None:
    stores.referrals.submit(a_submission(draft=None))

    assert stores.referrals.find("SUF-BCDF-3479") == a_referral()


def test_a_draft_saved_since_it_was_read_is_not_sent(drafted: Stores) -> None:
    drafted.drafts.save(a_draft(version=2), 1)

    with pytest.raises(DraftChanged):
        drafted.referrals.submit(a_submission())


def test_a_refused_submission_leaves_nothing(drafted: Stores) -> None:
    drafted.drafts.save(a_draft(version=2), 1)

    with pytest.raises(DraftChanged):
        drafted.referrals.submit(a_submission())

    assert drafted.referrals.find("SUF-BCDF-3479") is None
    assert drafted.referrals.find_token("d" * 64) is None
    assert drafted.outbox.find(a_reminder().id) is None
    assert drafted.cases.find("SUF-BCDF-3479") is None
    assert drafted.drafts.find("d" * 64) == a_draft(version=2)


def test_a_taken_reference_is_refused(drafted: Stores) -> None:
    drafted.referrals.submit(a_submission())

    with pytest.raises(ReferenceTaken):
        drafted.referrals.submit(a_submission(token="e" * 64, draft=None))


@UNSHARED
def test_eight_presses_at_once_make_one_referral(drafted: Stores) -> None:
    references = [f"SUF-BCDF-{number}{number}{number}{number}" for number in range(8)]

    def press(reference: str) -> str:
        try:
            drafted.referrals.submit(a_submission(reference=reference))
        except AlreadySubmitted as already:
            return already.reference
        except (StoreBusy, DraftChanged):
            return "asked to press again"
        return reference

    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(press, references)) - {"asked to press again"}

    assert len(told) == 1
    assert [ref for ref in references if drafted.referrals.find(ref)] == list(told)


def test_a_submission_of_a_hundred_rows_is_stored(drafted: Stores) -> None:
    reminders = tuple(a_reminder(reminder=f"acknowledge#20261124#{number}") for number in range(88))
    submission = replace(a_submission(), deliveries=reminders)

    drafted.referrals.submit(submission)

    assert drafted.outbox.find(reminders[-1].id) == reminders[-1]
