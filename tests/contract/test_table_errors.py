"""What an error of DynamoDB means to a use case."""

from typing import Any
from unittest.mock import ANY

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.adapters.dynamodb_cases import DynamoCases
from chalicelib.adapters.dynamodb_deliveries import new_row
from chalicelib.adapters.dynamodb_drafts import DynamoDrafts
from chalicelib.adapters.dynamodb_outbox import DynamoOutbox
from chalicelib.adapters.dynamodb_referrals import DynamoReferrals
from chalicelib.adapters.dynamodb_table import DynamoTable, TransactionRefused, encode
from chalicelib.referrals.feedback import Feedback
from chalicelib.use_cases.ports import CaseChanged, StoreBusy
from tests.contract.conftest import make_client
from tests.contract.samples import NOW, a_change, a_delivery, a_reminder, a_submission


@pytest.fixture
def stub() -> Stubber:
    return Stubber(make_client("dynamodb", "http://127.0.0.1:9"))


@pytest.fixture
def table(stub: Stubber) -> DynamoTable:
    return DynamoTable(lambda: stub.client, "casereview")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ProvisionedThroughputExceededException", 400),
        ("ThrottlingException", 400),
        ("RequestLimitExceeded", 400),
        ("InternalServerError", 500),
        ("ServiceUnavailable", 503),
    ],
)
def test_an_error_that_passes_says_that_the_store_is_busy(
    stub: Stubber, table: DynamoTable, code: str, status: int
) -> None:
    stub.add_client_error("get_item", code, http_status_code=status)

    with stub, pytest.raises(StoreBusy):
        DynamoDrafts(table).find("d" * 64)


def test_no_answer_says_that_the_store_is_busy(table: DynamoTable) -> None:
    with pytest.raises(StoreBusy):
        DynamoDrafts(table).find("d" * 64)


def test_an_error_of_ours_is_not_hidden(stub: Stubber, table: DynamoTable) -> None:
    stub.add_client_error("get_item", "ValidationException", http_status_code=400)

    with stub, pytest.raises(ClientError):
        DynamoDrafts(table).find("d" * 64)


def cancelled(stub: Stubber, *codes: str) -> None:
    stub.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        http_status_code=400,
        modeled_fields={"CancellationReasons": [{"Code": code} for code in codes]},
    )


def test_a_conflict_with_another_transaction_is_waited_out(
    stub: Stubber, table: DynamoTable
) -> None:
    cancelled(stub, "TransactionConflict")
    stub.add_response("transact_write_items", {})

    with stub:
        DynamoReferrals(table).submit(a_submission())

    stub.assert_no_pending_responses()


def test_a_conflict_that_stays_says_that_the_store_is_busy(
    stub: Stubber, table: DynamoTable
) -> None:
    for _ in range(4):
        cancelled(stub, "None", "None", "TransactionConflict")

    with stub, pytest.raises(StoreBusy):
        DynamoReferrals(table).submit(a_submission())


def test_a_write_beside_a_transaction_is_waited_out(stub: Stubber, table: DynamoTable) -> None:
    stub.add_client_error("put_item", "TransactionConflictException", http_status_code=400)
    stub.add_response("put_item", {})

    with stub:
        DynamoCases(table).use_rules("0123456789abcdef")

    stub.assert_no_pending_responses()


def test_a_write_that_always_meets_a_transaction_says_that_the_store_is_busy(
    stub: Stubber, table: DynamoTable
) -> None:
    for _ in range(4):
        stub.add_client_error("put_item", "TransactionConflictException", http_status_code=400)

    with stub, pytest.raises(StoreBusy):
        DynamoCases(table).use_rules("0123456789abcdef")


def test_a_change_whose_condition_fails_is_told_from_one_that_is_an_error_of_ours(
    stub: Stubber, table: DynamoTable
) -> None:
    cancelled(stub, "None", "ConditionalCheckFailed")
    cancelled(stub, "ValidationError", "None")

    with stub, pytest.raises(CaseChanged):
        DynamoCases(table).change(a_change())
    with stub, pytest.raises(TransactionRefused):
        DynamoCases(table).change(a_change())


def test_reminders_are_read_to_the_last_page(stub: Stubber, table: DynamoTable) -> None:
    rows = [a_reminder(reminder=f"acknowledge#20261124#{day}") for day in (20261123, 20261124)]
    items = [encode(new_row(row)) for row in rows]
    more = {name: items[0][name] for name in ("pk", "sk")}
    stub.add_response("query", {"Items": items[:1], "LastEvaluatedKey": more})
    stub.add_response(
        "query",
        {"Items": items[1:]},
        {
            "TableName": "casereview",
            "KeyConditionExpression": ANY,
            "ExpressionAttributeValues": ANY,
            "ConsistentRead": True,
            "ExclusiveStartKey": more,
        },
    )

    with stub:
        assert DynamoCases(table).reminders("SUF-BCDF-3479") == tuple(rows)


def place(number: int) -> dict[str, Any]:
    key = f"OUTBOX#{number:032x}"
    return encode({"pk": key, "sk": "OUTBOX", "pending": "1", "pending_at": f"2026-{number:02d}"})


def test_the_sparse_index_is_read_on_until_there_are_enough(
    stub: Stubber, table: DynamoTable
) -> None:
    """A page ends at 1 MB, so it may have fewer rows than were asked for."""
    asked = {
        "TableName": "casereview",
        "IndexName": "pending",
        "KeyConditionExpression": ANY,
        "ExpressionAttributeNames": ANY,
        "ExpressionAttributeValues": ANY,
    }
    pages = [{"Items": [place(n) for n in page]} for page in ((1, 2), (), (3,))]
    stub.add_response("query", {**pages[0], "LastEvaluatedKey": place(2)}, {**asked, "Limit": 3})
    more = {**asked, "Limit": 1, "ExclusiveStartKey": place(2)}
    stub.add_response("query", {**pages[1], "LastEvaluatedKey": place(4)}, more)
    more = {**asked, "Limit": 1, "ExclusiveStartKey": place(4)}
    stub.add_response("query", {**pages[2], "LastEvaluatedKey": place(3)}, more)
    stub.add_response("query", {"Items": []}, {**asked, "Limit": 3})

    with stub:
        assert DynamoOutbox(table).waiting(limit=3) == [f"{n:032x}" for n in (1, 2, 3)]

    stub.assert_no_pending_responses()


def test_an_event_is_recorded_in_a_row_that_moved_meanwhile(
    stub: Stubber, table: DynamoTable
) -> None:
    """Our own record, then another event, came between the tries: each is told by its row."""
    row = {**new_row(a_delivery()), "feedback_rank": None}
    places = [row, {**row, "pending": "unconfirmed"}, {**row, "pending": None, "feedback_rank": 3}]
    for one in places:
        stub.add_client_error(
            "update_item",
            "ConditionalCheckFailedException",
            http_status_code=400,
            modeled_fields={"Item": encode(one)},
        )
    stub.add_response("update_item", {"Attributes": encode({**row, "feedback": "bounced"})})

    with stub:
        heard = DynamoOutbox(table).hear(a_delivery().id, Feedback.BOUNCED, now=NOW)

    assert heard is not None
    assert heard.feedback is Feedback.BOUNCED


def test_an_event_whose_row_keeps_moving_says_that_the_store_is_busy(
    stub: Stubber, table: DynamoTable
) -> None:
    for _ in range(4):
        stub.add_client_error(
            "update_item",
            "ConditionalCheckFailedException",
            http_status_code=400,
            modeled_fields={"Item": encode(new_row(a_delivery()))},
        )

    with stub, pytest.raises(StoreBusy):
        DynamoOutbox(table).hear(a_delivery().id, Feedback.BOUNCED, now=NOW)


def test_more_rows_than_a_transaction_takes_are_never_split(table: DynamoTable) -> None:
    deliveries = tuple(a_delivery(id=f"{number:032x}") for number in range(96))

    with pytest.raises(ValueError, match="a transaction takes 100"):
        DynamoReferrals(table).submit(a_submission(deliveries=deliveries))
