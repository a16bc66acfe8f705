"""A deployed instance's own wiring, from a draft to the inbox and the schedule."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session
from moto import mock_aws

from chalicelib.bootstrap import Services, services
from chalicelib.referrals.case_change import CaseChange
from chalicelib.referrals.delivery import State
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.reference import schedule_name
from chalicelib.referrals.referral import AuditEntry
from chalicelib.settings import Settings
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.hear_back import Heard, MailEvent, hear_back
from chalicelib.use_cases.keep_draft import new_token, open_draft, start_draft
from chalicelib.use_cases.recompute_deadlines import recompute_deadlines
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.remind import remind
from chalicelib.use_cases.settle_deadline import withdraw_deadline
from chalicelib.use_cases.submit_referral import submit_draft
from chalicelib.use_cases.tidy_schedules import tidy_schedules
from tests.contract.conftest import TARGET, create_table
from tests.unit.use_cases.instance import ANSWERS

TOKEN = new_token()
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


@pytest.fixture
def reference(deployed: Services) -> str:
    """A referral whose outbox was performed."""
    form = deployed.forms["adult"]
    draft = start_draft(deployed, form, ANSWERS["adult"], [], token=TOKEN)
    receipt = submit_draft(deployed, form, draft)
    assert perform_outbox(deployed) == {Outcome.SENT}
    return receipt.reference


def perform_outbox(deployed: Services) -> set[Outcome]:
    """What the stream's function does with every new outbox row."""
    soon = deployed.clock.now() + timedelta(minutes=2)
    waiting = deployed.outbox.due(now=soon, limit=100)
    return {deliver(deployed, one) for one in waiting if "/" not in one}


def scheduled() -> set[str]:
    kept = client("scheduler").list_schedules(GroupName=TARGET.group)
    return {schedule["Name"] for schedule in kept["Schedules"]}


def to_come(deployed: Services, reference: str) -> dict[str, str]:
    """The reminders that wait for their time, by their schedules' names."""
    return {
        schedule_name(reference, reminder.reminder or ""): reminder.reminder or ""
        for reminder in deployed.cases.reminders(reference)
        if reminder.state is State.PENDING
    }


def test_a_token_sends_one_referral(deployed: Services, reference: str) -> None:
    sent = open_draft(deployed, TOKEN)
    assert sent is not None

    assert submit_draft(deployed, deployed.forms["adult"], sent).reference == reference


def test_every_reminder_to_come_is_scheduled(deployed: Services, reference: str) -> None:
    assert scheduled() == set(to_come(deployed, reference))
    assert scheduled()


def test_a_scheduled_reminder_is_sent(deployed: Services, reference: str) -> None:
    _, reminder = min(to_come(deployed, reference).items())

    assert remind(deployed, reference, reminder) is Outcome.SENT


def test_a_case_whose_duties_are_withdrawn_has_no_schedule_left(
    deployed: Services, reference: str
) -> None:
    case = deployed.cases.find(reference)
    assert case is not None

    for act in sorted({deadline.act for deadline in case.deadlines}):
        withdraw_deadline(deployed, reference, act, "Sent twice", "a.officer")
    perform_outbox(deployed)

    assert scheduled() == set()


def test_cases_are_brought_to_new_rules(deployed: Services, reference: str) -> None:
    case = deployed.cases.find(reference)
    assert case is not None
    stale = case.superseded_by(rules_version="0" * 16)
    audit = AuditEntry("f" * 32, reference, deployed.clock.now(), "test", "made stale")
    deployed.cases.change(CaseChange(case, stale, (), (), None, audit))

    assert recompute_deadlines(deployed) == 1

    brought = deployed.cases.find(reference)
    assert brought is not None
    assert brought.rules_version == case.rules_version
    assert (deployed.cases.rules_in_use() or "").startswith(case.rules_version)


def test_a_healthy_instance_has_nothing_to_reconcile(deployed: Services) -> None:
    assert set(reconcile(deployed).values()) == {0}


def test_a_mailbox_that_takes_no_email_is_told_once(deployed: Services, reference: str) -> None:
    heard = [bounced(deployed, row.id) for row in deployed.cases.reminders(reference)[:2]]

    assert heard == [Heard.MAILBOX_LOST, Heard.RECORDED]


def bounced(deployed: Services, delivery_id: str) -> Heard:
    event = MailEvent(delivery_id, Feedback.BOUNCED, deployed.clock.now())
    return hear_back(deployed, event)


def test_schedules_that_went_missing_are_made_again(deployed: Services, reference: str) -> None:
    expected = scheduled()
    missing = min(expected)
    deployed.schedules.remove(missing)

    assert tidy_schedules(deployed) == {"made": 1, "removed": 0}
    assert scheduled() == expected
