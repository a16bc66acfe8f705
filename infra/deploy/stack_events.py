"""Follows what CloudFormation does to a stack, and finds the first thing that went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.deploy.pause import Pause

STACK = "AWS::CloudFormation::Stack"
# CloudFormation itself ends nearly everything sooner.
LONGEST = 3 * 60 * 60  # seconds
# What CloudFormation says of the resources that it stops because of another one.
_CANCELLED = ("cancelled", "canceled")
_ADDRESS = re.compile(r"[^\s@<>\"'()]+@[^\s@<>\"'()]+")


class TakesTooLong(Exception):
    """It is still going on; the text says how to look."""


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
    cloudformation: Any, stack: str, token: str, tell: Callable[[StackEvent], None]
) -> Ending:
    """Tells each event of one operation once, in order, until the stack has come to rest.

    `stack` is a name or, where it may be deleted, an id. Raises `TakesTooLong`.
    """
    seen: set[str] = set()
    failure: StackEvent | None = None
    pause = Pause(LONGEST)
    while True:
        for event in _unseen(cloudformation, stack, token, seen):
            tell(event)
            if event.failed and not event.whole_stack and failure is None:
                failure = event
            if event.whole_stack and _at_rest(event.status):
                return Ending(event.status, failure or (event if event.failed else None))
        if not pause():
            raise TakesTooLong(f"The stack {stack} is still being changed. Look again later.")


def _unseen(cloudformation: Any, stack: str, token: str, seen: set[str]) -> Iterator[StackEvent]:
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
    yield from reversed(new)


def _event(told: Mapping[str, Any]) -> StackEvent:
    return StackEvent(
        id=told["EventId"],
        resource=told["LogicalResourceId"],
        type=told["ResourceType"],
        status=told["ResourceStatus"],
        reason=_ADDRESS.sub("(an address)", told.get("ResourceStatusReason", "")),
        whole_stack=told["ResourceType"] == STACK
        and told.get("PhysicalResourceId") == told["StackId"],
    )


def _at_rest(status: str) -> bool:
    return status.endswith(("_COMPLETE", "_FAILED")) and "CLEANUP" not in status
