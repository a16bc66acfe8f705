"""What a person is told of, and that a page says what to do about it."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
import typer.main

from infra.casereview.__main__ import app
from infra.paths import ROOT

RUNBOOKS = ROOT / "docs" / "runbooks"
# The list of the pages, and those for what a person starts, not an alarm.
WITHOUT_ALARM = {"README", "restore"}
PAGE = re.compile(r"docs/runbooks/([a-z-]+)\.md$")
COMMAND = re.compile(r"casereview ([a-z-]+)")

Resources = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def resources(template: dict[str, Any]) -> Resources:
    found: Resources = template["Resources"]
    return found


def of_type(resources: Resources, kind: str) -> Resources:
    return {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource["Type"] == kind
    }


@pytest.fixture(scope="module")
def alarms(resources: Resources) -> Resources:
    return of_type(resources, "AWS::CloudWatch::Alarm")


def watched(alarms: Resources, metric: str, dimension: str) -> list[Any]:
    """What the alarms on a metric of AWS watch."""
    return [
        one["Value"]
        for alarm in alarms.values()
        if alarm["MetricName"] == metric
        for one in alarm["Dimensions"]
        if one["Name"] == dimension
    ]


def pages_named(alarms: Resources) -> set[str]:
    found = [PAGE.search(alarm["AlarmDescription"]) for alarm in alarms.values()]
    assert all(found), "an alarm names no page"
    return {match[1] for match in found if match}


def measured() -> set[str]:
    """The figures that events.py gives CloudWatch."""
    tree = ast.parse((ROOT / "chalicelib" / "events.py").read_text())
    return {
        str(keyword.arg)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_measure"
        for keyword in node.keywords
    }


def test_each_alarm_names_a_page_and_each_page_has_an_alarm(alarms: Resources) -> None:
    pages = {path.stem for path in RUNBOOKS.glob("*.md")}

    assert pages_named(alarms) == pages - WITHOUT_ALARM


def test_each_alarm_is_told(alarms: Resources) -> None:
    assert {str(alarm["AlarmActions"]) for alarm in alarms.values()} == {
        str([{"Ref": "AlarmTopic"}])
    }


def test_each_queue_has_an_alarm(resources: Resources, alarms: Resources) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")
    names = [{"Fn::GetAtt": [queue, "QueueName"]} for queue in queues]

    alarmed = watched(alarms, "ApproximateNumberOfMessagesVisible", "QueueName")

    assert sorted(map(str, alarmed)) == sorted(map(str, names))


def test_each_function_has_an_alarm_for_its_errors(resources: Resources, alarms: Resources) -> None:
    functions = of_type(resources, "AWS::Serverless::Function")

    alarmed = watched(alarms, "Errors", "FunctionName")

    assert sorted(map(str, alarmed)) == sorted(str({"Ref": name}) for name in functions)


def test_a_stream_that_is_five_minutes_behind_is_told(alarms: Resources) -> None:
    assert alarms["StreamBehind"]["Threshold"] == 5 * 60 * 1000
    assert watched(alarms, "IteratorAge", "FunctionName") == [{"Ref": "Deliver"}]


def test_silence_of_the_heartbeat_is_told(alarms: Resources) -> None:
    assert alarms["HeartbeatAbsent"]["TreatMissingData"] == "breaching"


def test_the_service_s_own_alarms_watch_what_it_measures(
    resources: Resources, alarms: Resources
) -> None:
    given = resources["Reconcile"]["Properties"]["Environment"]["Variables"]["METRICS_NAMESPACE"]
    ours = [alarm for alarm in alarms.values() if "AWS/" not in str(alarm["Namespace"])]

    assert {str(alarm["Namespace"]) for alarm in ours} == {str(given)}
    assert not any("Dimensions" in alarm for alarm in ours)
    # How many wait is a figure for a graph: that something waits for too long is another.
    assert {alarm["MetricName"] for alarm in ours} == measured() - {"Waiting"}


def test_every_function_that_measures_does_so_in_one_place(resources: Resources) -> None:
    given = [
        resources[name]["Properties"]["Environment"]["Variables"]["METRICS_NAMESPACE"]
        for name in ("Reconcile", "Hear")
    ]

    assert given == [{"Fn::Sub": "CaseReview/${AWS::StackName}"}] * 2


def test_an_alarm_travels_encrypted_by_a_key_that_alarms_may_use(resources: Resources) -> None:
    topic = resources["AlarmTopic"]["Properties"]
    policy = resources["AlarmKey"]["Properties"]["KeyPolicy"]["Statement"]
    users = [statement["Principal"].get("Service") for statement in policy]

    assert topic["KmsMasterKeyId"] == {"Fn::GetAtt": ["AlarmKey", "Arn"]}
    assert "cloudwatch.amazonaws.com" in users


def test_nobody_is_subscribed_unless_the_instance_says_whom(resources: Resources) -> None:
    assert resources["AlarmEmailSubscription"]["Condition"] == "HasAlarmEmail"


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_a_page_names_only_commands_that_there_are(page: Any) -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]

    assert set(COMMAND.findall(page.read_text(encoding="utf-8"))) <= known
