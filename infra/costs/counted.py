"""What the stack's template says that there is: alarms, keys, runs of reconcile, months of logs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

HOURS_A_MONTH = 730  # as AWS counts
DAYS_A_MONTH = HOURS_A_MONTH / 24
# `Waiting` (chalicelib/events.py) is a figure for a graph: no alarm names it.
WITHOUT_ALARM = 1
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}

Properties = Mapping[str, Any]


def counts(document: Mapping[str, Any], referrals: float) -> dict[str, float]:
    """How many there are of each thing that `per` in usage.toml may name, in a month.

    `document` is the stack's, as `stack_document` merges it; functions and log groups are told by
    what is set of them, since Chalice writes the rest. Raises ValueError for a rate of reconcile
    that is not `rate(15 minutes)` and the like.
    """
    things = _things(document)
    months = _default(document, "LogRetentionInDays") / DAYS_A_MONTH
    return {
        **things,
        "month": 1,
        "referral": referrals,
        "referral-with-acl": referrals * min(things["acl"], 1),
        "referral-traced": referrals * things["traced"],
        "log-month": months,
        "referral-log-month": referrals * months,
        "reconcile-run": _runs(str(_default(document, "ReconcileEvery"))),
    }


def _things(document: Mapping[str, Any]) -> dict[str, float]:
    acls = list(_of_type(document, "AWS::WAFv2::WebACL"))
    return {
        "function": sum("Environment" in one for one in _all(document)),
        "log-group": sum("RetentionInDays" in one for one in _all(document)),
        "alarm": _number(document, "AWS::CloudWatch::Alarm"),
        "own-metric": len(_own_metrics(document)) + WITHOUT_ALARM,
        "dashboard": _number(document, "AWS::CloudWatch::Dashboard"),
        "key": _number(document, "AWS::KMS::Key"),
        "acl": len(acls),
        "acl-rule": sum(len(acl["Rules"]) for acl in acls),
        "user-pool": _number(document, "AWS::Cognito::UserPool"),
        "reputation-set": sum(
            bool(one.get("ReputationOptions", {}).get("ReputationMetricsEnabled"))
            for one in _of_type(document, "AWS::SES::ConfigurationSet")
        ),
        "detailed-stage": int(any(_is_detailed(one) for one in _all(document))),
        "traced": int(any(_is_traced(one) for one in _all(document))),
    }


def _all(document: Mapping[str, Any]) -> Iterator[Properties]:
    for resource in document["Resources"].values():
        yield resource.get("Properties", {})


def _of_type(document: Mapping[str, Any], kind: str) -> Iterator[Properties]:
    for resource in document["Resources"].values():
        if resource.get("Type") == kind:
            yield resource.get("Properties", {})


def _number(document: Mapping[str, Any], kind: str) -> int:
    return sum(1 for _ in _of_type(document, kind))


def _own_metrics(document: Mapping[str, Any]) -> set[str]:
    """Figures in a namespace of ours, by the alarms on them."""
    return {
        alarm["MetricName"]
        for alarm in _of_type(document, "AWS::CloudWatch::Alarm")
        if "MetricName" in alarm and not str(alarm.get("Namespace")).startswith("AWS/")
    }


def _is_detailed(properties: Properties) -> bool:
    return any(
        setting.get("MetricsEnabled") is True for setting in properties.get("MethodSettings", [])
    )


def _is_traced(properties: Properties) -> bool:
    # A condition may turn it off on a local run: `Active` stands in it all the same.
    return "Active" in str(properties.get("Tracing")) or properties.get("TracingEnabled") is True


def _default(document: Mapping[str, Any], parameter: str) -> Any:
    return document["Parameters"][parameter]["Default"]


def _runs(rate: str) -> float:
    match = _RATE.fullmatch(rate)
    if match is None:
        raise ValueError(f"ReconcileEvery is {rate!r}: write it as rate(15 minutes)")
    return HOURS_A_MONTH * 60 / (int(match[1]) * _MINUTES[match[2]])
