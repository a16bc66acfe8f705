"""What SES would tell the running system of its emails, and what the system tells CloudWatch.

The emulator makes no event of SES, and like AWS its bus takes none from us: the rule is asked
whether it lets an event through, and its target is started with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters.dynamodb_outbox import DynamoOutbox
from chalicelib.adapters.dynamodb_table import DynamoTable
from chalicelib.referrals.delivery import Delivery, Kind, State
from chalicelib.referrals.feedback import Feedback
from tests.integration.conftest import Submit
from tests.integration.local_run import LocalRun, waited_for
from tests.unit.mail_fixtures import about, recorded

pytestmark = [pytest.mark.integration, pytest.mark.emulator]


def outbox(run: LocalRun) -> DynamoOutbox:
    database = run.aws("dynamodb")
    return DynamoOutbox(DynamoTable(lambda: database, run.resource("Table")))


def outbox_ids(run: LocalRun) -> Iterator[str]:
    pages = run.aws("dynamodb").get_paginator("scan").paginate(TableName=run.resource("Table"))
    for page in pages:
        for item in page["Items"]:
            if item["pk"]["S"].startswith("OUTBOX#"):
                yield item["pk"]["S"].removeprefix("OUTBOX#")


def team_email(run: LocalRun, reference: str) -> Delivery | None:
    """The email to the team about a reference, once it is sent."""
    rows = (outbox(run).find(one) for one in outbox_ids(run))
    wanted = (reference, Kind.TEAM_EMAIL, State.SENT)
    return next(
        (row for row in rows if row and (row.reference, row.kind, row.state) == wanted), None
    )


def event_about(run: LocalRun, delivery: str, name: str) -> dict[str, Any]:
    """An event of the instance's own emails, as the emulator's bus would have it."""
    event = about(delivery, name)
    tags = event["detail"]["mail"]["tags"]
    tags["ses:configuration-set"] = [run.resource("ConfigurationSet")]
    return event


def is_let_through(run: LocalRun, event: dict[str, Any]) -> bool:
    events = run.aws("events")
    rule = events.describe_rule(Name=run.resource("HearHearEvent"))
    tested = events.test_event_pattern(EventPattern=rule["EventPattern"], Event=json.dumps(event))
    return bool(tested["Result"])


def brought(run: LocalRun, event: dict[str, Any]) -> None:
    """Starts the target of the rule with an event, as the bus does."""
    rule = run.resource("HearHearEvent")
    (target,) = run.aws("events").list_targets_by_rule(Rule=rule)["Targets"]
    answer = run.aws("lambda").invoke(
        FunctionName=target["Arn"], Payload=json.dumps(event).encode()
    )
    assert "FunctionError" not in answer, answer["Payload"].read()


@pytest.mark.parametrize(
    ("name", "expected", "state"),
    [
        ("delivery", Feedback.DELIVERED, State.SENT),
        ("bounce_permanent_general", Feedback.BOUNCED, State.FAILED),
    ],
)
def test_what_became_of_an_email_is_recorded(
    local_run: LocalRun, submit: Submit, name: str, expected: Feedback, state: State
) -> None:
    reference = submit(local_run, "adult")
    email = waited_for(lambda: team_email(local_run, reference))
    assert email is not None
    event = event_about(local_run, email.id, name)

    assert is_let_through(local_run, event)
    brought(local_run, event)

    row = outbox(local_run).find(email.id)
    assert row is not None
    assert (row.feedback, row.state) == (expected, state)


def test_an_event_of_another_instance_s_email_is_not_let_through(local_run: LocalRun) -> None:
    event = about("5f" * 16, "delivery")

    assert not is_let_through(local_run, event)


def test_a_run_of_reconcile_leaves_its_heartbeat_in_the_log(local_run: LocalRun) -> None:
    function = local_run.resource("Reconcile")
    logs = local_run.aws("logs")
    # The functions that a rule starts are all given the same envelope.
    event = json.dumps(recorded("send")).encode()

    answer = local_run.aws("lambda").invoke(FunctionName=function, Payload=event)

    assert json.loads(answer["Payload"].read())["raised"] == 0
    found = waited_for(
        lambda: logs.filter_log_events(
            logGroupName=f"/aws/lambda/{function}", filterPattern="Heartbeat"
        )["events"]
    )
    measured = json.loads(found[0]["message"])
    assert measured["Heartbeat"] == [1]
    (told,) = measured["_aws"]["CloudWatchMetrics"]
    assert told["Namespace"].startswith("CaseReview/")
