"""What every store does to dispose of a case: takes it away, deletes its rows, keeps the proof."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Beside
from chalicelib.referrals.disposal import Proof
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.information import Addition
from chalicelib.referrals.referral import AuditEntry
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.ports import CaseChanged
from tests.contract.conftest import Stores
from tests.contract.samples import (
    LATER,
    NOW,
    REFERENCE,
    a_case,
    a_change,
    a_draft,
    a_reminder,
    a_submission,
)

# A reference that another begins with.
SHORTER = REFERENCE[:-1]
ADDED = Addition(
    id="b" * 32, reference=REFERENCE, request="r" * 32, at=NOW, name="Zoë", text="Línea una"
)


def a_proof(reference: str = REFERENCE, **changes: Any) -> Proof:
    proof = Proof(
        reference=reference,
        stream="adult",
        received_on=date(2026, 11, 20),
        closed_on=date(2026, 12, 1),
        outcome="sar_mandatory",
        rule="adult",
        years=30,
        source="A schedule",
        approved_by="p-1",
        approved_name="Zoë Manager",
        approved_at=NOW,
        begun_at=NOW,
        barred=("p-2", "p-3"),
    )
    return replace(proof, **changes)


def an_entry(reference: str = REFERENCE, **changes: Any) -> AuditEntry:
    entry = AuditEntry(random_id(), reference, LATER, "service", "disposed of a case")
    return replace(entry, **changes)


@pytest.fixture
def case(stores: Stores) -> Case:
    """A case with something of every kind of row, beside another with a shorter reference."""
    for reference, token in ((SHORTER, "e" * 64), (REFERENCE, "d" * 64)):
        draft = a_draft(id=token)
        stores.drafts.create(draft)
        submission = a_submission(reference=reference, token=token, draft=draft)
        stores.referrals.submit(submission)
    stores.cases.change(a_change(a_case(), beside=Beside(added=ADDED)))
    found = stores.cases.find(REFERENCE)
    assert found is not None
    return found


def begin(stores: Stores, case: Case) -> Proof:
    stores.disposals.begin(case, a_proof(), an_entry(action="began"))
    return a_proof()


def actions(stores: Stores, reference: str = REFERENCE) -> list[str]:
    entries, _ = stores.audit.of_case(reference, after=None, limit=50)
    return sorted(entry.action for entry in entries)


def kinds(stores: Stores, reference: str = REFERENCE) -> dict[str, int]:
    """What is left but for places in lists, which the twin has no rows of."""
    left = stores.disposals.rows_left(reference)
    return {kind: number for kind, number in left.items() if kind != "LIST"}


def test_where_nothing_was_disposed_of_there_is_no_proof(stores: Stores, case: Case) -> None:
    assert stores.disposals.find(REFERENCE) is None
    assert stores.disposals.listed(after=None, limit=10) == ([], None)


def test_the_case_is_gone_and_its_proof_is_there_in_one_step(stores: Stores, case: Case) -> None:
    proof = begin(stores, case)

    assert stores.cases.find(REFERENCE) is None
    assert stores.disposals.find(REFERENCE) == proof
    assert kinds(stores) == {"ADDED": 1, "REFERRAL": 1, "REMINDER": 1}
    assert "began" in actions(stores)


def test_a_case_changed_since_it_was_read_is_not_taken_away(stores: Stores, case: Case) -> None:
    stores.cases.change(a_change(case))

    with pytest.raises(CaseChanged):
        begin(stores, case)

    assert stores.cases.find(REFERENCE) is not None
    assert stores.disposals.find(REFERENCE) is None
    assert "began" not in actions(stores)


def test_what_is_gone_is_not_taken_away_again(stores: Stores, case: Case) -> None:
    begin(stores, case)

    with pytest.raises(CaseChanged):
        stores.disposals.begin(case, a_proof(years=1), an_entry(action="began"))

    assert stores.disposals.find(REFERENCE) == a_proof()
    assert actions(stores).count("began") == 1


def test_no_proof_is_put_over_another(stores: Stores, case: Case) -> None:
    begin(stores, case)
    stores.cases.change(a_change(after=a_case()))

    with pytest.raises(CaseChanged):
        stores.disposals.begin(a_case(), a_proof(years=1), an_entry())

    assert stores.cases.find(REFERENCE) is not None
    assert stores.disposals.find(REFERENCE) == a_proof()


def test_a_case_that_is_gone_cannot_be_changed(stores: Stores, case: Case) -> None:
    begin(stores, case)

    with pytest.raises(CaseChanged):
        stores.cases.change(a_change(case, beside=Beside(added=replace(ADDED, id="c" * 32))))

    assert stores.cases.find(REFERENCE) is None
    assert kinds(stores)["ADDED"] == 1


def test_every_row_of_the_case_is_deleted_and_none_of_another(stores: Stores, case: Case) -> None:
    others = stores.disposals.rows_left(SHORTER)
    begin(stores, case)

    stores.disposals.delete_rows(REFERENCE)

    assert stores.disposals.rows_left(REFERENCE) == {}
    assert stores.referrals.find(REFERENCE) is None
    assert stores.cases.additions(REFERENCE) == ()
    assert stores.cases.reminders(REFERENCE) == ()
    assert stores.disposals.rows_left(SHORTER) == others
    assert stores.disposals.find(REFERENCE) == a_proof()


def test_deleting_again_does_nothing(stores: Stores, case: Case) -> None:
    begin(stores, case)

    for _ in range(2):
        stores.disposals.delete_rows(REFERENCE)

    assert stores.disposals.rows_left(REFERENCE) == {}


def test_whoever_was_sending_a_reminder_brings_nothing_back(stores: Stores, case: Case) -> None:
    reminder = a_reminder().id
    leased = stores.outbox.lease(reminder, now=NOW, until=LATER)
    assert leased is not None
    begin(stores, case)
    stores.disposals.delete_rows(REFERENCE)

    stores.outbox.mark_sent(leased, now=NOW, message_id="m-1")
    stores.outbox.mark_failed(leased, now=NOW, code="x")
    stores.outbox.mark_waiting(leased, next_at=LATER, code="x", since=NOW, escalated=False)
    assert stores.outbox.hear(reminder, Feedback.DELIVERED, now=NOW) is None
    assert not stores.outbox.mark_lost(reminder, now=NOW, code="x")
    assert stores.outbox.lease(reminder, now=LATER, until=LATER) is None

    assert stores.disposals.rows_left(REFERENCE) == {}


def test_the_first_count_of_what_is_deleted_stands(stores: Stores, case: Case) -> None:
    begin(stores, case)

    stores.disposals.count(REFERENCE, {"CASE": 1, "REMINDER": 7})
    stores.disposals.count(REFERENCE, {"CASE": 1})

    assert stores.disposals.find(REFERENCE) == a_proof(rows={"CASE": 1, "REMINDER": 7})


def test_it_is_finished_once(stores: Stores, case: Case) -> None:
    begin(stores, case)

    stores.disposals.finish(REFERENCE, an_entry())
    stores.disposals.finish(REFERENCE, an_entry(at=LATER + timedelta(days=1)))

    assert stores.disposals.find(REFERENCE) == a_proof(done_at=LATER)
    assert actions(stores).count("disposed of a case") == 1


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_proofs_are_listed_newest_first(stores: Stores, limit: int) -> None:
    proofs = []
    for number in (2, 0, 3, 1):
        case = a_case(reference=f"SUF-BCDF-{number:04}")
        stores.cases.change(a_change(reference=case.reference, after=case))
        proofs.append(a_proof(case.reference, begun_at=NOW + timedelta(days=number)))
        stores.disposals.begin(case, proofs[-1], an_entry(case.reference))
    stores.disposals.finish(proofs[0].reference, an_entry(proofs[0].reference))
    proofs[0] = replace(proofs[0], done_at=LATER)

    found: list[Proof] = []
    after: str | None = None
    while True:
        page, after = stores.disposals.listed(after=after, limit=limit)
        assert len(page) <= limit
        found += page
        if after is None:
            break

    assert found == sorted(proofs, key=lambda proof: proof.begun_at, reverse=True)


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_a_case_of_more_rows_than_one_answer_holds_is_deleted_whole(
    stores: Stores, case: Case
) -> None:
    for number in range(30):
        row = {
            "pk": {"S": f"REFERRAL#{REFERENCE}"},
            "sk": {"S": f"ADDED#{number}"},
            "content": {"B": b"x" * 50_000},
        }
        stores.client.put_item(TableName=stores.table_name, Item=row)
    begin(stores, case)
    assert stores.disposals.rows_left(REFERENCE)["ADDED"] == 31

    stores.disposals.delete_rows(REFERENCE)

    assert stores.disposals.rows_left(REFERENCE) == {}


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_a_proof_is_one_row_that_its_index_finds(stores: Stores, case: Case) -> None:
    begin(stores, case)

    key = {"pk": {"S": f"DISPOSED#{REFERENCE}"}, "sk": {"S": "DISPOSED"}}
    row = stores.client.get_item(TableName=stores.table_name, Key=key)["Item"]

    assert row["pending"] == {"S": "disposed"}
    assert row["pending_at"] == {"S": f"2026-11-20T14:30:00.123456Z#{REFERENCE}"}
    assert "expires" not in row
