"""The reminders that EventBridge Scheduler holds, and firing one before its time."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from infra.local.aws import client


class NoSchedule(Exception):
    """No schedule of this name: fired, or never made."""


class FireError(Exception):
    """The reminder's function failed; the message is its error."""


@dataclass(frozen=True)
class Schedule:
    """A one-time schedule. `at` is UTC, `input` what the function is given."""

    name: str
    at: str
    input: Any

    def outline(self) -> dict[str, Any]:
        """As `/_local/schedules.json` shows it."""
        return {"name": self.name, "at": self.at, "input": self.input}


class Schedules:
    """The schedules of one group, soonest first."""

    def __init__(self, endpoint: str, group: str) -> None:
        self._scheduler = client("scheduler", endpoint)
        self._lambda = client("lambda", endpoint)
        self._group = group

    def all(self) -> list[Schedule]:
        pages = self._scheduler.get_paginator("list_schedules").paginate(GroupName=self._group)
        names = [entry["Name"] for page in pages for entry in page["Schedules"]]
        found = []
        for name in names:
            # One that fired, or that the service removed, since it was listed is not to come.
            with suppress(NoSchedule):
                found.append(_schedule(self._get(name)))
        return sorted(found, key=lambda schedule: (schedule.at, schedule.name))

    def fire(self, name: str) -> None:
        """Does now what Scheduler does at the time: invokes the target, then deletes the schedule.

        Raises NoSchedule or FireError; the schedule is gone after either outcome of the function.
        """
        target = self._get(name)["Target"]
        answer = self._lambda.invoke(
            FunctionName=target["Arn"], Payload=target.get("Input", "{}").encode()
        )
        said = answer["Payload"].read().decode(errors="replace")
        # A case that changed meanwhile may have had it removed.
        with suppress(NoSchedule):
            self._ask("delete_schedule", name)
        if answer.get("FunctionError"):
            raise FireError(said)

    def _get(self, name: str) -> dict[str, Any]:
        return self._ask("get_schedule", name)

    def _ask(self, operation: str, name: str) -> dict[str, Any]:
        from botocore.exceptions import ClientError

        try:
            answer: dict[str, Any] = getattr(self._scheduler, operation)(
                Name=name, GroupName=self._group
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                raise NoSchedule(name) from error
            raise
        return answer


def _schedule(found: dict[str, Any]) -> Schedule:
    expression = found["ScheduleExpression"]
    at = expression.removeprefix("at(").removesuffix(")")
    return Schedule(
        name=found["Name"],
        at=f"{at}Z" if expression.startswith("at(") else expression,
        input=_parsed(found["Target"].get("Input", "")),
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
