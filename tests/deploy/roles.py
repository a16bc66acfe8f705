"""A function's role, borrowed: its code runs in this process with the role's own rights."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from unittest.mock import patch

from chalicelib.bootstrap import Services, services
from chalicelib.settings import load_settings
from infra.local.aws import REGION
from infra.stack.merge import stack_document
from tests.deploy.instances import DeployedInstance

Statement = dict[str, Any]
# The function of each role, as the template names both.
FUNCTIONS = {
    "ApiHandlerRole": "APIHandler",
    "DeliverRole": "Deliver",
    "RemindRole": "Remind",
    "ReconcileRole": "Reconcile",
    "HearRole": "Hear",
}
# Of the services whose rights the emulator checks. It reads the stream itself.
CHECKED = ("dynamodb:", "ses:", "scheduler:")
NOT_CHECKED = frozenset(
    {
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "ses:SendRawEmail",
    }
)


@dataclass(frozen=True)
class Right:
    """One action of one statement of a role's policy."""

    role: str
    statement: str
    action: str

    def __str__(self) -> str:
        return f"{self.role}-{self.statement}-{self.action}"


def checked_rights() -> list[Right]:
    """Every right of the template that the emulator checks."""
    return [
        Right(role, statement["Sid"], action)
        for role in FUNCTIONS
        for statement in _policy(role)["Statement"]
        if statement["Effect"] == "Allow"
        for action in _actions(statement)
        if action.startswith(CHECKED) and action not in NOT_CHECKED
    ]


@dataclass
class Clock:
    """The real time, or one that is set."""

    at: datetime | None = None

    def now(self) -> datetime:
        return self.at or datetime.now(UTC)


class Role:
    """The role of one function of an instance."""

    def __init__(self, instance: DeployedInstance, name: str) -> None:
        self.instance = instance
        self.clock = Clock()
        self._name = instance.resource(name)
        self._credentials = self._borrowed()
        function = instance.resource(FUNCTIONS[name])
        found = instance.aws("lambda").get_function_configuration(FunctionName=function)
        self.services = self._wired(found["Environment"]["Variables"])

    @cache  # noqa: B019 - a role lives as long as the test run
    def client(self, service: str) -> Any:
        """With the role's own credentials, as the function has them."""
        return _session().create_client(
            service,
            region_name=REGION,
            endpoint_url=self.instance.endpoint,
            aws_access_key_id=self._credentials["AccessKeyId"],
            aws_secret_access_key=self._credentials["SecretAccessKey"],
            aws_session_token=self._credentials["SessionToken"],
        )

    @contextmanager
    def without(self, right: Right) -> Iterator[None]:
        """The role lacks one right within the block."""
        iam = self.instance.aws("iam")
        (policy,) = iam.list_role_policies(RoleName=self._name)["PolicyNames"]
        named = {"RoleName": self._name, "PolicyName": policy}
        document = iam.get_role_policy(**named)["PolicyDocument"]
        less = json.dumps(_less(document, right))
        iam.put_role_policy(**named, PolicyDocument=less)
        try:
            yield
        finally:
            iam.put_role_policy(**named, PolicyDocument=json.dumps(document))

    def _wired(self, variables: Mapping[str, str]) -> Services:
        """As the function wires them, on the role's clients and our clock."""

        def lazily(service: str, **_: Any) -> Any:
            return lambda: self.client(service)

        with patch("chalicelib.adapters.aws.LazyClient", lazily):
            return replace(services(load_settings(variables)), clock=self.clock)

    def _borrowed(self) -> dict[str, str]:
        arn = self.instance.aws("iam").get_role(RoleName=self._name)["Role"]["Arn"]
        sts = self.instance.aws("sts")
        given: dict[str, str] = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return given


Roles = Callable[[str], Role]


@cache
def _session() -> Any:
    """One for all clients: it reads each service's description once."""
    from botocore.session import get_session

    return get_session()


def _policy(role: str) -> dict[str, Any]:
    (policy,) = stack_document()["Resources"][role]["Properties"]["Policies"]
    document: dict[str, Any] = policy["PolicyDocument"]
    return document


def _actions(statement: Statement) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else list(actions)


def _less(document: dict[str, Any], right: Right) -> dict[str, Any]:
    less = deepcopy(document)
    (statement,) = [one for one in less["Statement"] if one["Sid"] == right.statement]
    left = [action for action in _actions(statement) if action != right.action]
    assert len(left) < len(_actions(statement)), f"{right} is not there to be taken"
    if left:
        statement["Action"] = left
    else:
        less["Statement"].remove(statement)
    return less
