"""How one instance is: deployed, answering, sending, and what of it needs a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.bootstrap import Services
from infra.casereview.dead_letters import queues_of
from infra.casereview.instance import client, connect
from infra.casereview.targets import Target
from infra.casereview.waiting import survey
from infra.deploy.stacks import READY, StackState, read_stack, service_url
from infra.smoke.health import Amiss, health_told
from infra.smoke.visit import NotReached, Site

ALARM = "AWS::CloudWatch::Alarm"
MOST_ALARMS = 100  # that one request may name
LOOKED_BACK = timedelta(hours=6)
SILENT = timedelta(minutes=45)  # as the alarm HeartbeatAbsent
NOT_DEPLOYED = "not deployed"
NOT_ASKED = "not asked"
# The last deployment came to its end; what follows a rollback serves, and was not meant.
_MEANT = READY - {"IMPORT_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}


@dataclass(frozen=True)
class VitalSigns:
    """`health` is "ok" or what is amiss. `heartbeat` is the last one's age, None when there was
    none in `LOOKED_BACK`; `young` is an instance that need not have had one yet. `nobody` is who
    should be told of something and cannot be. `faults` is why it could not be looked at."""

    id: str
    stack: str
    deployed_at: datetime | None = None
    commit: str = ""
    digest: str = ""
    health: str = ""
    forms: dict[str, str] = field(default_factory=dict)
    suspended: bool = False
    alarms: tuple[str, ...] = ()
    deliveries: int = 0
    dead_letters: int = 0
    heartbeat: timedelta | None = None
    young: bool = False
    nobody: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    def for_a_person(self) -> tuple[str, ...]:
        """What somebody must look at, in words."""
        if self.faults or self.stack == NOT_DEPLOYED:
            return self.faults
        if self.health == NOT_ASKED:
            return (f"the stack is {self.stack}",)
        found = {
            f"the stack is {self.stack}": self.stack not in _MEANT,
            f"it does not serve: {self.health}": self.health != "ok",
            f"alarms: {', '.join(self.alarms)}": bool(self.alarms),
            f"deliveries: {self.deliveries}": bool(self.deliveries),
            f"dead letters: {self.dead_letters}": bool(self.dead_letters),
            "no heartbeat": self._silent(),
        }
        return (*(said for said, so in found.items() if so), *self.nobody)

    def _silent(self) -> bool:
        return not self.young if self.heartbeat is None else self.heartbeat > SILENT


def vital_signs(target: Target) -> VitalSigns:
    """Reads all of it. Raises what botocore raises, `Unreached` or `StoreBusy`."""
    cloudformation = client("cloudformation")
    state = read_stack(cloudformation, target.stack_name)
    if state is None or state.is_new:
        return VitalSigns(target.id, NOT_DEPLOYED)
    if state.status not in READY:
        return VitalSigns(target.id, state.status, state.changed_at, health=NOT_ASKED)
    deps = connect(stack=state.name, partnership=None, local=False)
    health, forms = _health(state, target.partnership)
    waiting, queues = survey(deps), queues_of(cloudformation, client("sqs"), state.name)
    return VitalSigns(
        id=target.id,
        stack=state.status,
        deployed_at=state.changed_at,
        commit=state.tags.get("commit", ""),
        digest=state.tags.get("digest", ""),
        health=health,
        forms=forms,
        suspended=deps.settings.suspended,
        alarms=_ringing(cloudformation, client("cloudwatch"), state.name),
        deliveries=len(waiting.needing_a_person()) + len(waiting.unreadable),
        dead_letters=sum(queue.count() for queue in queues),
        heartbeat=_heartbeat(client("cloudwatch"), deps),
        young=state.created_at is not None and datetime.now(UTC) - state.created_at < SILENT,
        nobody=tuple(nobody_told(state.parameters, _streams(deps))),
    )


def nobody_told(parameters: Mapping[str, str], streams: Iterable[str]) -> Iterator[str]:
    """Which news reach nobody, by the stack's parameters. A mailbox of the partnership's file is an
    example and reaches nobody."""
    for stream in streams:
        if not parameters.get(f"TeamMailbox{stream.title()}"):
            yield f"no mailbox of the team for {stream}: set TeamMailbox{stream.title()}"
    if not parameters.get("AlarmEmail"):
        yield "nobody is emailed of alarms: set AlarmEmail"


def _health(state: StackState, partnership: str) -> tuple[str, dict[str, str]]:
    try:
        answer = Site(service_url(state)).get("/health")
        if answer.status != 200:
            return f"health answers {answer.status}", {}
        told = health_told(answer)
    except (NotReached, Amiss) as error:
        return str(error), {}
    if told.partnership != partnership:
        return "it serves another partnership", {}
    return "ok", dict(told.forms)


def _streams(deps: Services) -> list[str]:
    return sorted({form.stream for form in deps.forms.values()})


def _ringing(cloudformation: Any, cloudwatch: Any, stack: str) -> tuple[str, ...]:
    """The template's names of the alarms that ring."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    names = {
        one["PhysicalResourceId"]: one["LogicalResourceId"]
        for page in pages
        for one in page["StackResourceSummaries"]
        if one["ResourceType"] == ALARM and one.get("PhysicalResourceId")
    }
    listed = sorted(names)
    ringing: list[str] = []
    for start in range(0, len(listed), MOST_ALARMS):
        asked = listed[start : start + MOST_ALARMS]
        told = cloudwatch.describe_alarms(AlarmNames=asked, StateValue="ALARM", MaxRecords=100)
        ringing += [names[one["AlarmName"]] for one in told["MetricAlarms"]]
    return tuple(sorted(ringing))


def _heartbeat(cloudwatch: Any, deps: Services) -> timedelta | None:
    now = datetime.now(UTC)
    told = cloudwatch.get_metric_statistics(
        Namespace=deps.settings.metrics_namespace,
        MetricName="Heartbeat",
        StartTime=now - LOOKED_BACK,
        EndTime=now,
        Period=300,
        Statistics=["Sum"],
    )
    beats = [point["Timestamp"] for point in told["Datapoints"]]
    return now - max(beats) if beats else None
