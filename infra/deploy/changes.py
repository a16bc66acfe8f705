"""What a change set would do, and which of it could lose what nobody can make again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

# Replaced or removed, these take with them referrals, what encrypts them, accounts, or evidence.
KEPT_FOR_EVER = frozenset(
    {
        "AWS::Cognito::UserPool",
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
    }
)
STAGE, DEPLOYMENT = "AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment"


class Kind(StrEnum):
    """What happens to a resource. Published: only what every update does to the API anew."""

    ADDED = "added"
    CHANGED = "changed"
    PUBLISHED = "published"
    TAGGED = "tagged"
    REPLACED = "REPLACED"
    REMOVED = "REMOVED"


@dataclass(frozen=True)
class Change:
    """`what` are the properties that change."""

    kind: Kind
    name: str
    type: str
    what: tuple[str, ...] = ()

    @property
    def loses(self) -> bool:
        """Whether something that cannot be made again would no longer belong to the stack."""
        return self.type in KEPT_FOR_EVER and self.kind in (Kind.REPLACED, Kind.REMOVED)


def read_changes(described: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """From the `Changes` of DescribeChangeSet; what stands out comes first."""
    told = [one["ResourceChange"] for one in described if one["Type"] == "Resource"]
    by_name = {one["LogicalResourceId"]: one for one in told}
    order = list(reversed(Kind))
    changes = _published([_change(one, by_name) for one in told])
    return tuple(sorted(changes, key=lambda one: (order.index(one.kind), one.name)))


def _change(told: Mapping[str, Any], by_name: Mapping[str, Mapping[str, Any]]) -> Change:
    name, type_ = told["LogicalResourceId"], told["ResourceType"]
    if told["Action"] == "Add":
        return Change(Kind.ADDED, name, type_)
    if told["Action"] == "Remove":
        return Change(Kind.REMOVED, name, type_)
    details = told.get("Details", [])
    what = tuple(sorted({_target(detail) for detail in details}))
    if _is_replaced(told, by_name, frozenset()):
        return Change(Kind.REPLACED, name, type_, what)
    kind = Kind.TAGGED if told.get("Scope") == ["Tags"] else Kind.CHANGED
    return Change(kind, name, type_, what)


def _published(changes: list[Change]) -> list[Change]:
    """The API is deployed anew each time (infra/stack/api.yaml): one deployment goes, another
    comes, and the stage is pointed at it. Nothing is lost by that, and red would mean nothing."""
    stages = [one for one in changes if one.type == STAGE and one.kind is Kind.CHANGED]
    if not any("DeploymentId" in one.what for one in stages):
        return changes
    return [replace(one, kind=Kind.PUBLISHED) if _publishes(one) else one for one in changes]


def _publishes(change: Change) -> bool:
    if change.type == DEPLOYMENT:
        return True
    quiet = {"DeploymentId", "Tags"}
    return change.type == STAGE and change.kind is Kind.CHANGED and set(change.what) <= quiet


def _target(detail: Mapping[str, Any]) -> str:
    target = detail["Target"]
    return str(target.get("Name") or target["Attribute"])


def _is_replaced(
    told: Mapping[str, Any], by_name: Mapping[str, Mapping[str, Any]], asked: frozenset[str]
) -> bool:
    """CloudFormation says Conditional of all that names a resource which changes. It comes to pass
    only when that one is itself replaced: its name or its ARN stays otherwise."""
    replacement = told.get("Replacement", "False")
    if replacement != "Conditional":
        return bool(replacement == "True")
    name = told["LogicalResourceId"]
    if name in asked:
        return False
    recreating = [
        detail
        for detail in told.get("Details", [])
        if detail["Target"].get("RequiresRecreation", "Never") != "Never"
    ]
    causes = [_cause(detail) for detail in recreating]
    return not causes or any(
        cause not in by_name or _is_replaced(by_name[cause], by_name, asked | {name})
        for cause in causes
    )


def _cause(detail: Mapping[str, Any]) -> str:
    """The resource that a property names; empty when it is no other resource that changes it."""
    if detail.get("ChangeSource") not in ("ResourceReference", "ResourceAttribute"):
        return ""
    return str(detail.get("CausingEntity", "")).split(".")[0]
