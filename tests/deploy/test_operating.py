"""What operators see of deployed instances: status, logs, a test notification, a restored table."""

from __future__ import annotations

import json

import pytest

from tests.deploy.instances import DeployedInstance, casereview

pytestmark = [pytest.mark.emulator, pytest.mark.deploy]


def test_status_has_a_row_for_an_instance_and_its_answer_from_outside(
    salford: DeployedInstance,
) -> None:
    said = casereview("status", salford.id, "--json")

    (row,) = json.loads(said.stdout)
    assert row["stack"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    assert row["health"] == "ok"
    assert list(row["forms"]) == ["child"]
    assert row["needs_person"] == []
    assert said.exit_code == 0


def test_a_test_notification_is_followed_until_its_email_is_sent(
    salford: DeployedInstance,
) -> None:
    said = casereview("smoke", salford.id, "--send")

    assert said.exit_code == 0, said.output
    assert "its email to the team sent" in said.output


def test_logs_show_our_events_and_nothing_that_was_answered(salford: DeployedInstance) -> None:
    salford.submit()

    said = casereview("logs", salford.id, "--function", "APIHandler")

    assert "request method=POST route=/api/*" in said.output
    assert "@" not in said.output


def test_a_table_that_lacks_something_after_a_restore_is_told_with_the_command(
    salford: DeployedInstance,
) -> None:
    said = casereview("restore-check", salford.id, "--table", salford.output("TableName"))

    assert said.exit_code == 1
    assert "BAD   sending is suspended" in said.output
    assert "good  stream of keys" in said.output
    # The emulator's own table has none.
    assert "aws dynamodb update-time-to-live" in said.output
