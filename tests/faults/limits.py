"""The limits that the model keeps, read from the stack that is deployed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from infra.stack.merge import stack_document

# What AWS does where a template says nothing: developer guides of Lambda and of EventBridge.
_ASYNC_RETRIES = 2
_ASYNC_AGE = 21_600


@dataclass(frozen=True)
class StreamLimits:
    """How Lambda reads the table's stream. Any of its filter's `patterns` lets a record through."""

    patterns: tuple[Mapping[str, Any], ...]
    batch_size: int
    retries: int
    record_age: timedelta
    bisects: bool
    reports: bool
    from_oldest: bool
    has_destination: bool


@dataclass(frozen=True)
class AsyncLimits:
    """How Lambda treats an invocation that nobody waits for."""

    retries: int
    age: timedelta
    has_destination: bool


def stream_limits() -> StreamLimits:
    """Of the function Deliver."""
    events = _resource("Deliver")["Events"].values()
    (source,) = (event["Properties"] for event in events if event["Type"] == "DynamoDB")
    patterns = [json.loads(one["Pattern"]) for one in source["FilterCriteria"]["Filters"]]
    return StreamLimits(
        patterns=tuple(patterns),
        batch_size=source["BatchSize"],
        retries=source["MaximumRetryAttempts"],
        record_age=timedelta(seconds=source["MaximumRecordAgeInSeconds"]),
        bisects=source["BisectBatchOnFunctionError"],
        reports="ReportBatchItemFailures" in source["FunctionResponseTypes"],
        from_oldest=source["StartingPosition"] == "TRIM_HORIZON",
        has_destination="OnFailure" in source.get("DestinationConfig", {}),
    )


def async_limits(function: str) -> AsyncLimits:
    """Of a function that Scheduler or EventBridge starts."""
    config = _resource(function).get("EventInvokeConfig", {})
    age = config.get("MaximumEventAgeInSeconds", _ASYNC_AGE)
    return AsyncLimits(
        retries=config.get("MaximumRetryAttempts", _ASYNC_RETRIES),
        age=timedelta(seconds=age),
        has_destination="OnFailure" in config.get("DestinationConfig", {}),
    )


def function_timeout(function: str) -> timedelta:
    """After which Lambda ends a function, wherever it is."""
    return timedelta(seconds=_resource(function)["Timeout"])


def reconcile_every() -> timedelta:
    """How often EventBridge starts Reconcile."""
    text = _stack()["Parameters"]["ReconcileEvery"]["Default"]
    match = re.fullmatch(r"rate\((\d+) minutes\)", text)
    assert match is not None, text
    return timedelta(minutes=int(match[1]))


def table_properties() -> Mapping[str, Any]:
    """The table, as CloudFormation is told of it."""
    return _resource("Table")


def _resource(name: str) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = _stack()["Resources"][name]["Properties"]
    return properties


@cache
def _stack() -> Mapping[str, Any]:
    return stack_document()
