"""One-time schedules of EventBridge Scheduler. A reminder's row is the truth, this the trigger."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.adapters.aws import aws_errors, error_code
from chalicelib.use_cases.ports import ScheduleFailed

# Within AWS's limits of 185 attempts and 60 to 86,400 seconds. Reconcile steps in meanwhile.
_RETRY = {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 3600}


@dataclass(frozen=True)
class ScheduleTarget:
    """What a schedule starts, as which role, in which group. `dead_letter_arn` may be empty."""

    group: str
    function_arn: str
    role_arn: str
    dead_letter_arn: str = ""


class EventBridgeSchedules:
    """Schedules named from ids only; the input holds ids only."""

    def __init__(self, client: Callable[[], Any], target: ScheduleTarget) -> None:
        self._client = client
        self._target = target

    def put(self, name: str, *, at: datetime, reference: str, reminder: str) -> None:
        """Make the schedule, or replace the one of this name."""
        schedule = self._schedule(name, at, reference, reminder)
        try:
            self._create_or_replace(schedule)
        except aws_errors() as error:
            raise ScheduleFailed(error_code(error)) from error

    def remove(self, name: str) -> None:
        """Remove the schedule; one that has fired, or was never made, is not there."""
        try:
            self._client().delete_schedule(Name=name, GroupName=self._target.group)
        except aws_errors() as error:
            if error_code(error) != "ResourceNotFoundException":
                raise ScheduleFailed(error_code(error)) from error

    def names(self) -> list[str]:
        """Every schedule of the group, page by page: a page has at most 100."""
        try:
            pages = self._client().get_paginator("list_schedules")
            found = pages.paginate(GroupName=self._target.group)
            return [schedule["Name"] for page in found for schedule in page["Schedules"]]
        except aws_errors() as error:
            raise ScheduleFailed(error_code(error)) from error

    def _create_or_replace(self, schedule: dict[str, Any]) -> None:
        client = self._client()
        try:
            client.create_schedule(**schedule)
        except client.exceptions.ConflictException:
            # An update replaces the whole schedule, so it is given all of it.
            client.update_schedule(**schedule)

    def _schedule(self, name: str, at: datetime, reference: str, reminder: str) -> dict[str, Any]:
        target: dict[str, Any] = {
            "Arn": self._target.function_arn,
            "RoleArn": self._target.role_arn,
            "Input": json.dumps({"reference": reference, "reminder": reminder}),
            "RetryPolicy": _RETRY,
        }
        if self._target.dead_letter_arn:
            target["DeadLetterConfig"] = {"Arn": self._target.dead_letter_arn}
        return {
            "Name": name,
            "GroupName": self._target.group,
            "ScheduleExpression": at_expression(at),
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "State": "ENABLED",
            "Target": target,
        }


def at_expression(instant: datetime) -> str:
    """`at(2026-11-24T09:00:00)`, in UTC."""
    return f"at({instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S})"
