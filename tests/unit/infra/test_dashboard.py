"""The screen that an operations engineer looks at first."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.infra.test_alarms import measured
from tests.unit.infra.test_template import FUNCTIONS, of_type, properties

Widgets = list[dict[str, Any]]


@pytest.fixture(scope="module")
def widgets(template: dict[str, Any]) -> Widgets:
    body = properties(template, "Dashboard")["DashboardBody"]["Fn::Sub"]
    found: Widgets = json.loads(body)["widgets"]
    return found


def graphed(widgets: Widgets) -> set[tuple[str, str]]:
    """Namespace and name of every figure that is drawn."""
    return {
        (metric[0], metric[1])
        for widget in widgets
        if widget["type"] == "metric"
        for metric in widget["properties"]["metrics"]
    }


def test_every_alarm_is_on_it(template: dict[str, Any], widgets: Widgets) -> None:
    (shown,) = (widget for widget in widgets if widget["type"] == "alarm")

    alarms = of_type(template, "AWS::CloudWatch::Alarm")
    assert set(shown["properties"]["alarms"]) == {f"${{{name}.Arn}}" for name in alarms}


def test_what_an_alarm_watches_is_drawn(template: dict[str, Any], widgets: Widgets) -> None:
    alarms = (one["Properties"] for one in of_type(template, "AWS::CloudWatch::Alarm").values())
    watched = {(text_of(alarm["Namespace"]), alarm["MetricName"]) for alarm in alarms}
    # These three are yes or no: the alarm itself says it.
    yes_or_no = {"TeamMailboxLost", "Suspended", "Unfinished"}

    left_out = {name for _, name in watched - graphed(widgets)}
    assert left_out == yes_or_no


def test_only_what_is_measured_is_drawn(widgets: Widgets) -> None:
    ours = {name for namespace, name in graphed(widgets) if namespace.startswith("CaseReview/")}

    assert ours <= measured()


def test_every_function_and_queue_is_drawn(template: dict[str, Any], widgets: Widgets) -> None:
    drawn = json.dumps(widgets)

    assert [name for name in FUNCTIONS if f"${{{name}}}" not in drawn] == []
    queues = of_type(template, "AWS::SQS::Queue")
    assert [name for name in queues if f"${{{name}.QueueName}}" not in drawn] == []


def test_no_two_of_them_lie_on_each_other(widgets: Widgets) -> None:
    places = [(widget["x"], widget["y"]) for widget in widgets]

    assert len(set(places)) == len(places)
    assert all(widget["x"] + widget["width"] <= 24 for widget in widgets)


def text_of(value: Any) -> str:
    return str(value["Fn::Sub"] if isinstance(value, dict) else value)
