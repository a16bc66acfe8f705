"""Follows what CloudFormation does to a stack, and finds the first thing that went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.aws import aws_errors, error_code, is_temporary
from infra.deploy.pause import Pause

STACK = "AWS::CloudFormation::Stack"
# CloudFormation itself ends nearly everything sooner.
LONGEST = 3 * 60 * 60  # seconds
PATIENCE = 10 * 60  # seconds without an answer: a network comes back sooner, or a person must look
# What CloudFormation says of the resources that it stops because of another one.
_CANCELLED = ("cancelled", "canceled")
_ADDRESS = re.compile(r"[^\s@<>\"'()]+@[^\s@<>\"'()]+")


class NotFollowed(Exception):
    """It is going on, and what becomes of it was not seen; the text says why."""


class TakesTooLong(NotFollowed):
    """It is still going on after all the time that it may take."""


class LostSight(NotFollowed):
    """AWS does not answer, or does not let us look any more."""


@dataclass(frozen=True)
class StackEvent:
    """`reason` has no email address in it."""

    id: str
    resource: str
    type: str
    status: str
    reason: str
    whole_stack: bool

    @property
    def failed(self) -> bool:
        cancelled = any(said in self.reason.lower() for said in _CANCELLED)
        return self.status.endswith("_FAILED") and not cancelled

    @property
    def ends_resource(self) -> bool:
        return self.status.endswith(("_COMPLETE", "_FAILED", "_SKIPPED"))


@dataclass(frozen=True)
class Ending:
    """How it ended: the stack's status, and the first failure if there was one."""

    status: str
    failure: StackEvent | None

    @property
    def good(self) -> bool:
        return self.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE")


def follow(
    cloudformation: Any,
    stack: str,
    token: str,
    tell: Callable[[StackEvent], None],
    no_answer: Callable[[str], None] = lambda _code: None,
    waiting: Callable[[float], Callable[[], bool]] = Pause,
) -> Ending:
    """Tells each event of one operation once, in order, until the stack has come to rest.

    `stack` is a name or, where it may be deleted, an id. A network that fails for less than
    `PATIENCE` does not end it: `no_answer` is told once each time. Raises `NotFollowed`.
    """
    seen: set[str] = set()
    failure: StackEvent | None = None
    pause = waiting(LONGEST)
    while True:
        for event in _looking(cloudformation, stack, token, seen, no_answer, waiting):
            tell(event)
            if event.failed and not event.whole_stack and failure is None:
                failure = event
            if event.whole_stack and _at_rest(event.status):
                return Ending(event.status, failure or (event if event.failed else None))
        if not pause():
            raise TakesTooLong("It has taken longer than anything should.")


def _looking(
    cloudformation: Any,
    stack: str,
    token: str,
    seen: set[str],
    no_answer: Callable[[str], None],
    waiting: Callable[[float], Callable[[], bool]],
) -> list[StackEvent]:
    """The new events, as soon as AWS gives them. Raises `LostSight`."""
    pause: Callable[[], bool] | None = None
    while True:
        try:
            return _unseen(cloudformation, stack, token, seen)
        except aws_errors() as error:
            code = error_code(error)
            if not is_temporary(error):
                raise LostSight(f"AWS does not let us look any more ({code}).") from None
            if pause is None:
                no_answer(code)
                pause = waiting(PATIENCE)
            if not pause():
                raise LostSight(f"AWS has not answered for ten minutes ({code}).") from None


def without_addresses(text: str) -> str:
    """What AWS says, less every email address in it."""
    return _ADDRESS.sub("(an address)", text)


def _unseen(cloudformation: Any, stack: str, token: str, seen: set[str]) -> list[StackEvent]:
    """Oldest first. Newest come first from AWS, so it is read back to the first one known."""
    new: list[StackEvent] = []
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    for page in pages:
        told = [one for one in page["StackEvents"] if one.get("ClientRequestToken") == token]
        fresh = [one for one in told if one["EventId"] not in seen]
        new += [_event(one) for one in fresh]
        if len(fresh) < len(page["StackEvents"]):
            break
    seen |= {event.id for event in new}
    return new[::-1]


def _event(told: Mapping[str, Any]) -> StackEvent:
    return StackEvent(
        id=told["EventId"],
        resource=told["LogicalResourceId"],
        type=told["ResourceType"],
        status=told["ResourceStatus"],
        reason=without_addresses(told.get("ResourceStatusReason", "")),
        whole_stack=told["ResourceType"] == STACK
        and told.get("PhysicalResourceId") == told["StackId"],
    )


def _at_rest(status: str) -> bool:
    return status.endswith(("_COMPLETE", "_FAILED")) and "CLEANUP" not in status
