"""A deployed instance's own wiring, from a draft to the inbox and the schedule."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session
from moto import mock_aws

from chalicelib.bootstrap import Services, services
from chalicelib.settings import Settings
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.keep_draft import new_token, open_draft, start_draft
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.remind import remind
from chalicelib.use_cases.submit_referral import submit_draft
from tests.contract.conftest import TARGET, create_table
from tests.unit.use_cases.instance import ANSWERS

SETTINGS = Settings(
    table_name="casereview",
    schedule_group=TARGET.group,
    schedule_role_arn=TARGET.role_arn,
    remind_function_arn=TARGET.function_arn,
    reminder_dlq_arn=TARGET.dead_letter_arn,
    team_mailbox_adult="team@suffolk.example",
    forms_dir=Path(__file__).resolve().parents[2] / "forms",
)


def client(service: str) -> Any:
    return get_session().create_client(service)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    with mock_aws():
        instance = services(SETTINGS)
        create_table(client("dynamodb"), SETTINGS.table_name)
        client("scheduler").create_schedule_group(Name=TARGET.group)
        sender = instance.partnership.mail.from_address
        client("sesv2").create_email_identity(EmailIdentity=sender)
        yield instance


def test_a_referral_is_stored_emailed_scheduled_and_reminded(deployed: Services) -> None:
    form, token = deployed.forms["adult"], new_token()
    draft = start_draft(deployed, form, ANSWERS["adult"], [], token=token)

    receipt = submit_draft(deployed, form, draft)
    waiting = deployed.outbox.due(now=draft.expires_at, limit=100)
    outcomes = {deliver(deployed, one) for one in waiting if "/" not in one}

    assert outcomes == {Outcome.SENT}
    kept = client("scheduler").list_schedules(GroupName=TARGET.group)
    names = {schedule["Name"] for schedule in kept["Schedules"]}
    assert f"{receipt.reference}-acknowledge-2" in names
    assert remind(deployed, receipt.reference, "acknowledge#2") is Outcome.SENT
    sent = open_draft(deployed, token)
    assert sent is not None
    assert submit_draft(deployed, form, sent) == receipt


def test_a_healthy_instance_has_nothing_to_reconcile(deployed: Services) -> None:
    assert set(reconcile(deployed).values()) == {0}
