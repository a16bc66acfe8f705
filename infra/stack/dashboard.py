"""The instance's dashboard: whether it does what it is for, on one screen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

FUNCTIONS = ("APIHandler", "Deliver", "Remind", "Reconcile", "Hear")
QUEUES = ("ScheduleFailures", "ReminderFailures", "DeliveryFailures", "HearFailures")
OURS = "CaseReview/${AWS::StackName}"
_WIDTH, _HEIGHT, _PER_ROW = 8, 6, 3  # CloudWatch's grid is 24 wide
_DAY, _HOUR, _MINUTES = 86400, 3600, 900  # seconds

Metric = list[Any]
Widget = dict[str, Any]


def document(alarms: Sequence[str]) -> dict[str, Any]:
    """The part of the template that holds it. `alarms`: names of the template's alarms."""
    # CloudFormation fills in what is in ${}: names and ARNs, which need no escaping in JSON.
    body = json.dumps({"widgets": _placed(_widgets(alarms))}, separators=(",", ":"))
    address = (
        "https://${AWS::Region}.console.aws.amazon.com/cloudwatch/home"
        "?region=${AWS::Region}#dashboards/dashboard/${Dashboard}"
    )
    return {
        "Resources": {
            "Dashboard": {
                "Type": "AWS::CloudWatch::Dashboard",
                "Properties": {
                    "DashboardName": {"Ref": "AWS::StackName"},
                    "DashboardBody": {"Fn::Sub": body},
                },
            }
        },
        "Outputs": {"DashboardUrl": {"Value": {"Fn::Sub": address}}},
    }


def _widgets(alarms: Sequence[str]) -> list[Widget]:
    return [
        _alarms(alarms),
        _referrals(),
        _graph("Deliveries that wait", [[OURS, "Waiting"]], stat="Maximum"),
        _graph("Needs a person", [[OURS, "NeedsPerson"], [OURS, "Unconfirmed"]], stat="Maximum"),
        _graph("Heartbeat: one every 15 minutes", [[OURS, "Heartbeat"]], stat="Sum"),
        _graph("Could not be done: messages", [_queue(name) for name in QUEUES], stat="Maximum"),
        _graph("Function errors", _each_function("Errors"), stat="Sum"),
        _graph("Function throttles", _each_function("Throttles"), stat="Sum"),
        _graph("Function duration, 95 of 100: ms", _each_function("Duration"), stat="p95"),
        _graph("Pages: errors", [_api("4XXError"), _api("5XXError")], stat="Sum"),
        _graph("Pages: time, 95 of 100: ms", [_api("Latency")], stat="p95"),
        _graph("Pages: requests", [_api("Count")], stat="Sum", period=_HOUR),
        _graph(
            "Email: share that bounced or was marked as junk",
            [_mail("Reputation.BounceRate"), _mail("Reputation.ComplaintRate")],
            stat="Average",
            period=_DAY,
        ),
        _graph("Stream: age, ms", [_function("Deliver", "IteratorAge")], stat="Maximum"),
        _graph("Bank holidays known: days left", [[OURS, "CalendarDaysLeft"]], stat="Minimum"),
    ]


def _placed(widgets: Sequence[Widget]) -> list[Widget]:
    """Row by row."""
    return [
        {
            **widget,
            "x": place % _PER_ROW * _WIDTH,
            "y": place // _PER_ROW * _HEIGHT,
            "width": _WIDTH,
            "height": _HEIGHT,
        }
        for place, widget in enumerate(widgets)
    ]


def _alarms(names: Sequence[str]) -> Widget:
    arns = [f"${{{name}.Arn}}" for name in names]
    return {"type": "alarm", "properties": {"title": "Alarms", "alarms": arns}}


def _referrals() -> Widget:
    """From the log of requests: a figure of its own would cost by the month. Somebody who sends the
    same answers twice is counted twice."""
    query = (
        "SOURCE '/aws/lambda/${APIHandler}' | filter event = 'request' and method = 'POST'"
        " and (status = 201 or (status = 303 and route like 'check-answers'))"
        " | stats count(*) as notifications by bin(1d)"
    )
    title = "Notifications by day"
    shown = {"title": title, "region": "${AWS::Region}", "view": "bar", "query": query}
    return {"type": "log", "properties": shown}


def _graph(title: str, metrics: list[Metric], *, stat: str, period: int = _MINUTES) -> Widget:
    shown: Mapping[str, Any] = {
        "title": title,
        "region": "${AWS::Region}",
        "view": "timeSeries",
        "stat": stat,
        "period": period,
        "metrics": metrics,
    }
    return {"type": "metric", "properties": shown}


def _each_function(metric: str) -> list[Metric]:
    return [_function(name, metric) for name in FUNCTIONS]


def _function(name: str, metric: str) -> Metric:
    return ["AWS/Lambda", metric, "FunctionName", f"${{{name}}}", {"label": name}]


def _queue(name: str) -> Metric:
    metric = "ApproximateNumberOfMessagesVisible"
    return ["AWS/SQS", metric, "QueueName", f"${{{name}.QueueName}}", {"label": name}]


def _api(metric: str) -> Metric:
    return ["AWS/ApiGateway", metric, "ApiName", "${AWS::StackName}", {"label": metric}]


def _mail(metric: str) -> Metric:
    return ["AWS/SES", metric, "ses:configuration-set", "${ConfigurationSet}", {"label": metric}]
