"""The implementations that the suite runs on."""

import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from botocore.config import Config
from botocore.model import OperationModel
from botocore.session import get_session
from moto import mock_aws

from chalicelib.adapters import in_memory
from chalicelib.adapters.dynamodb_archive import DynamoArchive
from chalicelib.adapters.dynamodb_audit import DynamoAudit
from chalicelib.adapters.dynamodb_cases import DynamoCases
from chalicelib.adapters.dynamodb_disposals import DynamoDisposals
from chalicelib.adapters.dynamodb_drafts import DynamoDrafts
from chalicelib.adapters.dynamodb_mailboxes import DynamoMailboxes
from chalicelib.adapters.dynamodb_outbox import DynamoOutbox
from chalicelib.adapters.dynamodb_referrals import DynamoReferrals
from chalicelib.adapters.dynamodb_table import DynamoTable
from chalicelib.adapters.eventbridge_schedules import EventBridgeSchedules, ScheduleTarget
from chalicelib.adapters.in_memory_audit import InMemoryAudit
from chalicelib.adapters.in_memory_cases import InMemoryCases
from chalicelib.adapters.in_memory_delivery import InMemoryMailer, InMemorySchedules
from chalicelib.adapters.in_memory_disposals import InMemoryDisposals
from chalicelib.adapters.in_memory_mailboxes import InMemoryMailboxes
from chalicelib.adapters.in_memory_outbox import InMemoryOutbox
from chalicelib.adapters.ses_mailer import SesMailer
from chalicelib.referrals.delivery import Delivery
from chalicelib.use_cases import ports
from chalicelib.use_cases.case_port import CaseStore
from chalicelib.use_cases.disposal_port import Disposals
from tests.contract.botocore_model import watch
from tests.contract.samples import NOW, a_delivery, a_draft, a_reminder, a_submission
from tests.contract.servers import dynamodb_local, ministack

FROM = "notifications@suffolk.example"
TARGET = ScheduleTarget(
    group="casereview-test",
    function_arn="arn:aws:lambda:eu-west-2:123456789012:function:remind",
    role_arn="arn:aws:iam::123456789012:role/scheduler",
    dead_letter_arn="arn:aws:sqs:eu-west-2:123456789012:reminders-dead",
)
ORACLE = pytest.param("dynamodb_local", marks=pytest.mark.oracle)
EMULATOR = pytest.param("ministack", marks=pytest.mark.emulator)


@dataclass
class Stores:
    """One instance's stores, and how many AWS calls they have made, by operation."""

    drafts: ports.DraftStore
    archive: ports.FormArchive
    referrals: ports.ReferralStore
    cases: CaseStore
    audit: ports.AuditTrail
    outbox: ports.Outbox
    mailboxes: ports.Mailboxes
    disposals: Disposals
    calls: list[str] = field(default_factory=list)
    client: Any = None
    table_name: str = ""


@cache
def make_client(service: str, endpoint: str | None = None) -> Any:
    """A client with made-up credentials, checked against AWS's model."""
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20)
    client = get_session().create_client(
        service,
        region_name="eu-west-2",
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=config,
    )
    return watch(client)


@pytest.fixture(scope="session")
def ministack_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ministack(tmp_path_factory.mktemp("ministack")) as url:
        yield url


@pytest.fixture(scope="session")
def dynamodb_local_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with dynamodb_local(tmp_path_factory.mktemp("dynamodb-local")) as url:
        yield url


@pytest.fixture(params=["in_memory", "moto", EMULATOR, ORACLE])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "in_memory":
        table = in_memory.Table()
        yield Stores(
            in_memory.InMemoryDrafts(table),
            in_memory.InMemoryArchive(table),
            in_memory.InMemoryReferrals(table),
            InMemoryCases(table),
            InMemoryAudit(table),
            InMemoryOutbox(table),
            InMemoryMailboxes(table),
            InMemoryDisposals(table),
        )
        return
    if request.param == "moto":
        with mock_aws():
            yield from dynamo_stores(make_client("dynamodb"))
        return
    url = request.getfixturevalue(f"{request.param}_url")
    yield from dynamo_stores(make_client("dynamodb", url))


def dynamo_stores(client: Any) -> Iterator[Stores]:
    """The real adapters on a new table."""
    name = f"casereview-{uuid.uuid4().hex}"
    create_table(client, name)
    calls: list[str] = []

    def note(model: OperationModel, **_: Any) -> None:
        calls.append(model.name)

    client.meta.events.register("before-call.dynamodb.*", note)
    table = DynamoTable(lambda: client, name)
    yield Stores(
        DynamoDrafts(table),
        DynamoArchive(table),
        DynamoReferrals(table),
        DynamoCases(table),
        DynamoAudit(table),
        DynamoOutbox(table),
        DynamoMailboxes(table),
        DynamoDisposals(table),
        calls=calls,
        client=client,
        table_name=name,
    )
    client.meta.events.unregister("before-call.dynamodb.*", note)


def create_table(client: Any, name: str) -> None:
    """The table as the stack makes it, without what no test here needs."""
    names = ("pk", "sk", "pending", "pending_at")
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "pending",
                "KeySchema": _keys("pending", "pending_at"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


@pytest.fixture
def outbox(stores: Stores) -> Stores:
    stores.drafts.create(a_draft())
    stores.referrals.submit(a_submission())
    return stores


@pytest.fixture(params=[a_delivery().id, a_reminder().id], ids=["outbox row", "reminder"])
def leased(request: pytest.FixtureRequest, outbox: Stores) -> Delivery:
    delivery = outbox.outbox.lease(request.param, now=NOW, until=NOW + timedelta(minutes=5))
    assert delivery is not None
    return delivery


@pytest.fixture(params=["in_memory", "moto", EMULATOR])
def mailer(request: pytest.FixtureRequest) -> Iterator[ports.Mailer]:
    if request.param == "in_memory":
        yield InMemoryMailer()
        return
    if request.param == "moto":
        with mock_aws():
            yield verified_mailer(make_client("sesv2"))
        return
    yield verified_mailer(make_client("sesv2", request.getfixturevalue("ministack_url")))


def verified_mailer(client: Any) -> SesMailer:
    client.create_email_identity(EmailIdentity=FROM)
    client.create_configuration_set(ConfigurationSetName=f"set-{uuid.uuid4().hex}")
    return SesMailer(lambda: client, from_address=FROM, configuration_set="")


@pytest.fixture(params=["in_memory", "moto", EMULATOR])
def schedules(request: pytest.FixtureRequest) -> Iterator[ports.ReminderSchedules]:
    if request.param == "in_memory":
        yield InMemorySchedules()
        return
    if request.param == "moto":
        with mock_aws():
            yield grouped_schedules(make_client("scheduler"))
        return
    url = request.getfixturevalue("ministack_url")
    urllib.request.urlopen(
        urllib.request.Request(f"{url}/_ministack/reset", method="POST"), timeout=10
    ).close()
    yield grouped_schedules(make_client("scheduler", url))


def grouped_schedules(client: Any) -> EventBridgeSchedules:
    client.create_schedule_group(Name=TARGET.group)
    return EventBridgeSchedules(lambda: client, TARGET)
