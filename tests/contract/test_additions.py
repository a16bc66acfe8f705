"""What is added to a referral: with the change that it belongs to, once, and in order."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Beside, CaseChange
from chalicelib.referrals.case_work import CaseWork
from chalicelib.referrals.delivery import Kind
from chalicelib.referrals.information import (
    Addition,
    EndedRequest,
    Ending,
    InformationRequest,
)
from chalicelib.use_cases.ports import CaseChanged, StoreBusy
from tests.contract.conftest import EMULATOR, ORACLE, Stores
from tests.contract.samples import LATER, NOW, REFERENCE, a_case, a_change, a_delivery

# moto copies its tables while other threads write to them, so it says nothing about concurrency.
UNSHARED = pytest.mark.parametrize("stores", ["in_memory", EMULATOR, ORACLE], indirect=True)
TOLD = a_delivery(id="c" * 32, kind=Kind.ADDED_EMAIL, at=LATER, due_on=None)
REQUEST = InformationRequest(
    id="e" * 32,
    code="f" * 64,
    question="Línea una\nline two — “quoted” 🙂",
    answer_by=date(2026, 12, 4),
    expires_on=date(2027, 1, 1),
    asked_by="p-1",
    name="Zoë Officer",
    at=NOW,
    by_email=True,
)
ENDED = EndedRequest(Ending.WITHDRAWN, "Zoë Officer", LATER, reason="“They phoned”")


def an_addition(**changes: Any) -> Addition:
    added = Addition(
        id="a" * 32,
        reference=REFERENCE,
        request=REQUEST.id,
        at=LATER,
        name="Jo Réferrer",
        text="Línea una\nline two — “quoted” 🙂",
    )
    return replace(added, **changes)


def answering(before: Case | None, added: Addition) -> CaseChange:
    return a_change(before, beside=Beside(outbox=(TOLD,), added=added))


@pytest.fixture
def case(stores: Stores) -> Case:
    case = a_case(work=CaseWork(requests=(REQUEST,)))
    stores.cases.change(a_change(after=case))
    return case


def test_nothing_was_added_to_a_case_that_nobody_answered(stores: Stores, case: Case) -> None:
    assert stores.cases.additions(REFERENCE) == ()
    assert stores.cases.additions("SUF-BBBB-BBBB") == ()


def test_a_request_comes_back_as_it_was_asked_and_as_it_ended(stores: Stores, case: Case) -> None:
    assert stores.cases.find(REFERENCE) == case

    ended = replace(case.superseded_by(), work=CaseWork(requests=(replace(REQUEST, ended=ENDED),)))
    stores.cases.change(a_change(case, after=ended))

    assert stores.cases.find(REFERENCE) == ended


def test_what_is_added_is_stored_with_its_change_and_its_email(stores: Stores, case: Case) -> None:
    stores.cases.change(answering(case, an_addition()))

    assert stores.cases.additions(REFERENCE) == (an_addition(),)
    assert stores.cases.find(REFERENCE) == case.superseded_by()
    found = stores.outbox.find(TOLD.id)
    assert found is not None
    assert (found.kind, found.at, found.reference) == (Kind.ADDED_EMAIL, LATER, REFERENCE)


def test_additions_come_in_the_order_in_which_they_were_made(stores: Stores, case: Case) -> None:
    later = an_addition(id="0" * 32, at=LATER + timedelta(microseconds=1), text="Later")
    stores.cases.change(answering(case, later))
    stores.cases.change(answering(case.superseded_by(), an_addition()))

    assert stores.cases.additions(REFERENCE) == (an_addition(), later)


def test_of_a_change_that_came_too_late_nothing_is_added(stores: Stores, case: Case) -> None:
    stores.cases.change(a_change(case))

    with pytest.raises(CaseChanged):
        stores.cases.change(answering(case, an_addition()))

    assert stores.cases.additions(REFERENCE) == ()
    assert stores.outbox.find(TOLD.id) is None


def test_an_addition_is_no_reminder_and_no_other_case_has_it(stores: Stores, case: Case) -> None:
    stores.cases.change(answering(case, an_addition()))
    other = "SUF-BCDF-3477"
    stores.cases.change(a_change(reference=other))

    assert stores.cases.reminders(REFERENCE) == ()
    assert stores.cases.additions(other) == ()


@UNSHARED
def test_of_eight_answers_at_once_one_is_added(stores: Stores, case: Case) -> None:
    def answer(number: int) -> Addition | None:
        added = an_addition(id=f"{number}" * 32, text=f"Answer {number}")
        try:
            stores.cases.change(answering(case, added))
        except (CaseChanged, StoreBusy):
            return None
        return added

    with ThreadPoolExecutor(8) as pool:
        won = [one for one in pool.map(answer, range(8)) if one is not None]

    assert len(won) == 1
    assert stores.cases.additions(REFERENCE) == tuple(won)


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_what_was_typed_lies_packed_in_a_row_of_the_referral(stores: Stores, case: Case) -> None:
    stores.cases.change(answering(case, an_addition()))

    items = stores.client.scan(TableName=stores.table_name)["Items"]
    (row,) = (item for item in items if item["sk"]["S"].startswith("ADDED#"))
    assert row["pk"] == {"S": f"REFERRAL#{REFERENCE}"}
    assert row["sk"] == {"S": f"ADDED#2026-11-20T15:30:00.123456Z#{'a' * 32}"}
    assert set(row) == {"pk", "sk", "request", "content"}
    assert row["request"] == {"S": REQUEST.id}


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_the_question_lies_in_the_case_s_content_only(stores: Stores, case: Case) -> None:
    items = stores.client.scan(TableName=stores.table_name)["Items"]

    told = [{name: value for name, value in item.items() if name != "content"} for item in items]
    assert "quoted" not in repr(told)
    assert REQUEST.code not in repr(told)
