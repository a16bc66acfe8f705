"""What a page of the list and a search cost: the same however many cases there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.config import Config
from botocore.session import get_session
from moto import mock_aws

from chalicelib.adapters import dynamodb_listing
from chalicelib.adapters.dynamodb_audit import DynamoAudit
from chalicelib.adapters.dynamodb_cases import DynamoCases, case_row
from chalicelib.adapters.dynamodb_table import DynamoTable, encode
from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_listing import place_of
from chalicelib.referrals.case_work import CaseWork, Stage
from chalicelib.referrals.staff import Role
from chalicelib.settings import Settings
from chalicelib.use_cases.list_cases import list_cases, search_case
from tests.contract.conftest import ORACLE, create_table, make_client
from tests.contract.samples import a_case, a_deadline
from tests.staff import a_person

PERSON = a_person(Role.BUSINESS_SUPPORT)
# So many that every list fills a page.
FEW = 104
# AWS's own DynamoDB Local counts capacity as AWS does; the model in this process only rows.
MANY = {"moto": 400, "dynamodb_local": 800}
TABLE = "casereview-cost"
PUT = 25  # rows that BatchWriteItem takes at once


def a_stored_case(number: int) -> Case:
    """Cases of both streams, two stages and two people, many of them due on the same day."""
    due = timedelta(days=number % 50)
    deadline = replace(a_deadline(), due_at=a_deadline().due_at + due)
    work = CaseWork(stage=list(Stage)[number // 2 % 2], assignee=f"p-{number // 4 % 2}")
    stream = ("adult", "child")[number % 2]
    reference = f"SUF-{number // 10_000:04}-{number % 10_000:04}"
    return a_case(reference=reference, stream=stream, deadlines=(deadline,), work=work)


def store(url: str | None, numbers: range) -> None:
    client = quick_client(url)
    cases = (a_stored_case(number) for number in numbers)
    rows = [row for case in cases for row in (case_row(case), *dynamodb_listing.rows(case))]
    for start in range(0, len(rows), PUT):
        batch = [{"PutRequest": {"Item": encode(row)}} for row in rows[start : start + PUT]]
        client.batch_write_item(RequestItems={TABLE: batch})


def quick_client(url: str | None) -> Any:
    """A client that checks nothing of what it sends: it is our own rows that it stores."""
    return get_session().create_client(
        "dynamodb",
        region_name="eu-west-2",
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(parameter_validation=False),
    )


@dataclass(frozen=True)
class Cost:
    """What DynamoDB was asked for, the rows that it looked at, and the units that it charges."""

    calls: tuple[str, ...]
    rows: int
    units: float


class Meter:
    """Counts what a client's calls cost."""

    def __init__(self, client: Any) -> None:
        self._calls: list[str] = []
        self._rows, self._units = 0, 0.0
        self._events = client.meta.events
        self._events.register("provide-client-params.dynamodb.*", self._ask)
        self._events.register("after-call.dynamodb.*", self._add)

    def remove(self) -> None:
        """The client is other tests' too."""
        self._events.unregister("provide-client-params.dynamodb.*", self._ask)
        self._events.unregister("after-call.dynamodb.*", self._add)

    def of(self, act: Callable[[], object]) -> Cost:
        self._calls, self._rows, self._units = [], 0, 0.0
        act()
        return Cost(tuple(self._calls), self._rows, self._units)

    def _ask(self, params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def _add(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        self._calls.append(model.name)
        self._rows += parsed.get("ScannedCount", 0) + ("Item" in parsed)
        self._rows += sum(map(len, parsed.get("Responses", {}).values()))
        told = parsed.get("ConsumedCapacity", [])
        self._units += sum(
            part["CapacityUnits"] for part in (told if isinstance(told, list) else [told])
        )


def acts(deps: Services) -> dict[str, Callable[[], object]]:
    after = place_of(a_stored_case(0))
    return {
        "all": lambda: list_cases(deps, PERSON),
        "a later page": lambda: list_cases(deps, PERSON, after=after),
        "of a stream": lambda: list_cases(deps, PERSON, stream="adult"),
        "of a stage": lambda: list_cases(deps, PERSON, stage="acknowledged"),
        "of a person": lambda: list_cases(deps, PERSON, assignee="p-1"),
        "of a person in a stream": lambda: list_cases(deps, PERSON, stream="child", assignee="p-1"),
        "search": lambda: search_case(deps, "suf00000042", PERSON),
    }


NAMES = list(acts(in_memory_services(Settings())))


@pytest.fixture(scope="module", params=["moto", ORACLE])
def counted(request: pytest.FixtureRequest) -> Iterator[dict[str, tuple[Cost, Cost]]]:
    """What each act cost at few cases, and at many."""
    many = MANY[request.param]
    if request.param == "moto":
        with mock_aws():
            yield costs(None, many)
        return
    yield costs(request.getfixturevalue("dynamodb_local_url"), many)


def costs(url: str | None, many: int) -> dict[str, tuple[Cost, Cost]]:
    client = make_client("dynamodb", url)
    create_table(client, TABLE)
    table = DynamoTable(lambda: client, TABLE)
    deps = replace(
        in_memory_services(Settings()), cases=DynamoCases(table), audit=DynamoAudit(table)
    )
    meter = Meter(client)
    store(url, range(FEW))
    few = {name: meter.of(act) for name, act in acts(deps).items()}
    store(url, range(FEW, many))
    counted = {name: (few[name], meter.of(act)) for name, act in acts(deps).items()}
    meter.remove()
    return counted


@pytest.mark.parametrize("name", NAMES)
def test_it_costs_the_same_however_many_cases_there_are(
    counted: dict[str, tuple[Cost, Cost]], name: str
) -> None:
    few, many = counted[name]

    assert many == few


def test_a_page_is_a_query_of_each_stream_one_read_of_its_cases_and_the_audit_entry(
    counted: dict[str, tuple[Cost, Cost]],
) -> None:
    calls = {name: many.calls for name, (_, many) in counted.items()}

    assert calls["all"] == ("Query", "Query", "BatchGetItem", "PutItem")
    assert calls["of a stream"] == ("Query", "BatchGetItem", "PutItem")
    assert calls["search"] == ("GetItem", "TransactWriteItems")
