"""The local run's view of the schedules, which the service removes at any time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from moto import mock_aws

from infra.local import schedules as local
from infra.local.schedules import NoSchedule, Schedules
from tests.contract.conftest import TARGET, grouped_schedules, make_client

NAME = "SUF-BCDF-3479-acknowledge-20261124-20261123"
AT = datetime(2027, 11, 23, 9, 0, tzinfo=UTC)


class FakeLambda:
    """Answers every call; `meanwhile` is what the function does."""

    def __init__(self) -> None:
        self.meanwhile: Any = lambda: None
        self.payloads: list[Any] = []

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        self.payloads.append(json.loads(Payload))
        self.meanwhile()
        return {"Payload": BytesIO(b"null")}


@pytest.fixture
def function() -> FakeLambda:
    return FakeLambda()


@pytest.fixture
def scheduler() -> Iterator[Any]:
    with mock_aws():
        client = make_client("scheduler")
        grouped_schedules(client).put(NAME, at=AT, reference="SUF-BCDF-3479", reminder="one")
        yield client


@pytest.fixture
def schedules(scheduler: Any, function: FakeLambda, monkeypatch: pytest.MonkeyPatch) -> Schedules:
    clients = {"scheduler": scheduler, "lambda": function}
    monkeypatch.setattr(local, "client", lambda service, _: clients[service])
    return Schedules("http://127.0.0.1:9", TARGET.group)


def remove(scheduler: Any) -> None:
    scheduler.delete_schedule(Name=NAME, GroupName=TARGET.group)


def test_a_schedule_that_is_removed_while_they_are_read_is_left_out(
    schedules: Schedules, scheduler: Any
) -> None:
    def removed(**_: Any) -> None:
        remove(scheduler)

    scheduler.meta.events.register("after-call.scheduler.ListSchedules", removed)
    try:
        assert schedules.all() == []
    finally:
        scheduler.meta.events.unregister("after-call.scheduler.ListSchedules", removed)


def test_a_fired_schedule_is_gone(schedules: Schedules, function: FakeLambda) -> None:
    schedules.fire(NAME)

    assert schedules.all() == []
    assert len(function.payloads) == 1


def test_firing_may_have_the_service_remove_the_schedule(
    schedules: Schedules, scheduler: Any, function: FakeLambda
) -> None:
    function.meanwhile = lambda: remove(scheduler)

    schedules.fire(NAME)

    assert schedules.all() == []


def test_a_schedule_that_is_gone_cannot_be_fired(schedules: Schedules, scheduler: Any) -> None:
    remove(scheduler)

    with pytest.raises(NoSchedule):
        schedules.fire(NAME)
