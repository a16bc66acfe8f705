"""AWS's rules for EventBridge Scheduler: what it refuses, when it fires, when it gives up.

It hands over at least once, within a minute of the time. What cannot be handed over is tried again
by the schedule's own retry policy, then goes to its dead-letter queue; then the schedule is deleted
(EventBridge Scheduler user guide). How long it waits between tries is not documented.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.faults.clock import Clock
from tests.faults.wire import Answered, Asked

_NAME = re.compile(r"[0-9a-zA-Z\-_.]{1,64}")
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_PAGE = 100
_LONGEST_WAIT = timedelta(minutes=15)


class HandOverRefused(Exception):
    """The target did not take the event."""


@dataclass
class Schedule:
    """One schedule as made, and how far its firing has got."""

    name: str
    at: datetime
    target: Mapping[str, Any]
    fires_at: datetime
    tries: int = 0
    repeats: int = 0


@dataclass
class SchedulerRules:
    """One group. `slack` is how late within its minute a schedule fires, in seconds."""

    clock: Clock
    hand_over: Callable[[Mapping[str, Any]], None]
    random: Random
    repeats: Callable[[], bool] = lambda: False
    kept: dict[str, Schedule] = field(default_factory=dict)
    dead_letters: list[dict[str, Any]] = field(default_factory=list)
    fired: int = 0

    def __call__(self, asked: Asked) -> Answered:
        """What the service answers."""
        if asked.operation == "ListSchedules":
            return self._listed(asked)
        name = asked.path[-1]
        there = name in self.kept
        if asked.operation == "CreateSchedule":
            return Answered(409, error="ConflictException") if there else self._put(name, asked)
        if not there:
            return Answered(404, error="ResourceNotFoundException")
        if asked.operation == "UpdateSchedule":
            return self._put(name, asked)
        assert asked.operation == "DeleteSchedule", asked.operation
        del self.kept[name]
        return Answered()

    def next_at(self) -> datetime | None:
        return min((one.fires_at for one in self.kept.values()), default=None)

    def run(self) -> None:
        """Fire one schedule whose time has come: any of those that have the same minute."""
        now = self.clock.now()
        due = [one for one in self.kept.values() if one.fires_at <= now]
        schedule = self.random.choice(due)
        self.fired += 1
        schedule.tries += 1
        try:
            self.hand_over(json.loads(schedule.target["Input"]))
        except HandOverRefused:
            self._try_again(schedule)
            return
        if schedule.repeats:
            schedule.repeats -= 1
            schedule.fires_at = now + timedelta(seconds=self.random.randrange(1, 600))
        else:
            self.kept.pop(schedule.name, None)

    def _try_again(self, schedule: Schedule) -> None:
        policy = schedule.target["RetryPolicy"]
        age = self.clock.now() - schedule.at
        if (
            schedule.tries > policy["MaximumRetryAttempts"]
            or age.total_seconds() > policy["MaximumEventAgeInSeconds"]
        ):
            if "DeadLetterConfig" in schedule.target:
                self.dead_letters.append(json.loads(schedule.target["Input"]))
            self.kept.pop(schedule.name, None)
            return
        wait = min(_LONGEST_WAIT, timedelta(seconds=30 * 2**schedule.tries))
        schedule.fires_at = self.clock.now() + wait

    def _put(self, name: str, asked: Asked) -> Answered:
        body = asked.body
        match = _AT.fullmatch(body["ScheduleExpression"])
        zone = body.get("ScheduleExpressionTimezone", "UTC")
        if match is None or _NAME.fullmatch(name) is None or zone != "UTC":
            return Answered(400, error="ValidationException")
        at = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
        if at <= self.clock.now():
            return Answered(400, error="ValidationException")
        late = timedelta(seconds=self.random.randrange(60))
        repeats = int(self.repeats())
        self.kept[name] = Schedule(name, at, body["Target"], at + late, repeats=repeats)
        return Answered(body={"ScheduleArn": f"arn:aws:scheduler:eu-west-2:1:schedule/g/{name}"})

    def _listed(self, asked: Asked) -> Answered:
        names = sorted(self.kept)
        start = int(asked.query.get("NextToken", "0"))
        size = min(_PAGE, int(asked.query.get("MaxResults", _PAGE)))
        found = [{"Name": name} for name in names[start : start + size]]
        more = {"NextToken": str(start + size)} if start + size < len(names) else {}
        return Answered(body={"Schedules": found, **more})
