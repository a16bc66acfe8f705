"""Instances deployed by the command to an emulator that checks rights, and how people use them."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.settings import load_settings
from chalicelib.web.api_examples import example_answers
from chalicelib.web.http import Response
from infra.casereview.__main__ import app
from infra.casereview.instance import connect
from infra.local.aws import client
from infra.packaging.artifact import CODE, MANIFEST, TEMPLATE
from infra.paths import FORMS
from infra.smoke.visit import Site
from tests.visitor import Visitor

FILE = """\
partnership = "{partnership}"
environment = "{environment}"
region = "eu-west-2"

[web]
public_url = "https://{partnership}.test"

[mail]
from = "notifications@{partnership}.test"
identity = "{partnership}.test"
manage_identity = true
"""
# Which the emulator does not know, and so could not make.
NOT_EMULATED = {"UseWaf": "false"}


def write_instance(folder: Path, partnership: str, environment: str) -> None:
    folder.mkdir(exist_ok=True)
    text = FILE.format(partnership=partnership, environment=environment)
    (folder / f"{partnership}-{environment}.toml").write_text(text)


def write_manifest(folder: Path) -> None:
    """As `casereview package` does, of what lies in the folder now."""
    told: dict[str, Any] = {"commit": "0" * 40, "dirty": False}
    for key, name in (("digest", CODE), ("template_digest", TEMPLATE)):
        told[key] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(told))


def casereview(*arguments: str, answer: str | None = None) -> Result:
    """Gives the command, in this process."""
    environment = {"COLUMNS": "100", "TERM": "dumb"}
    return CliRunner().invoke(app, [*arguments], input=answer, env=environment)


@dataclass
class DeployedInstance:
    """One partnership's stack on the emulator at `endpoint`."""

    partnership: str
    endpoint: str
    package: Path
    environment: str = "dev"
    forms: Path = FORMS

    @property
    def id(self) -> str:
        return f"{self.partnership}-{self.environment}"

    @property
    def stack(self) -> str:
        return f"casereview-{self.id}"

    def deploy(self, *more: str, package: Path | None = None) -> Result:
        folder = str(package or self.package)
        return casereview("deploy", self.id, "--package", folder, *more)

    def deploy_first(self, **more: str) -> Result:
        """With what no committed file says, and only the first deployment is told."""
        given = {
            **NOT_EMULATED,
            "TeamMailboxAdult": f"adult@team.{self.partnership}.test",
            "TeamMailboxChild": f"child@team.{self.partnership}.test",
            "AlarmEmail": f"alarms@team.{self.partnership}.test",
            **more,
        }
        return self.deploy("--yes", *(f"--parameter={key}={value}" for key, value in given.items()))

    def aws(self, service: str) -> Any:
        return client(service, self.endpoint)

    @cached_property
    def _outputs(self) -> Mapping[str, str]:
        stack = self.aws("cloudformation").describe_stacks(StackName=self.stack)["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    def output(self, name: str) -> str:
        return self._outputs[name]

    def resource(self, name: str) -> str:
        """The physical id of one of the template's resources."""
        found = self.aws("cloudformation").describe_stack_resource(
            StackName=self.stack, LogicalResourceId=name
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    @property
    def site(self) -> Site:
        return Site(f"{self.endpoint}/_aws/execute-api/{self.output('RestAPIId')}/live")

    def submit(self, form: str = "child") -> str:
        """A form's shortest referral through the JSON API; gives its reference."""
        status, told = self.try_to_submit(form)
        assert status == 201, told
        return str(told["reference"])

    def try_to_submit(self, form: str = "child") -> tuple[int, Mapping[str, Any]]:
        answers = example_answers(self._in_memory().forms[form])
        body = json.dumps({"answers": answers}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        answer = self.site.ask("POST", f"/api/forms/{form}/referrals", body, headers)
        return answer.status, answer.document()

    def operator(self) -> Services:
        """The services with an operator's rights, as the command wires them."""
        return connect(stack=self.stack, partnership=None, local=False)

    def visitor(self) -> Visitor:
        return HttpVisitor(self._in_memory(), site=self.site)

    def _in_memory(self) -> Services:
        told = {"PARTNERSHIP": self.partnership, "FORMS_DIR": str(self.forms)}
        return in_memory_services(load_settings(told))

    def rows(self, **attributes: str) -> list[dict[str, Any]]:
        """The rows of the table whose attributes are so."""
        pages = (
            self.aws("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self.output("TableName"),
                FilterExpression=" AND ".join(f"#{name} = :{name}" for name in attributes),
                ExpressionAttributeNames={f"#{name}": name for name in attributes},
                ExpressionAttributeValues={f":{name}": {"S": v} for name, v in attributes.items()},
            )
        )
        return [row for page in pages for row in page["Items"]]

    def emails_to_team(self, reference: str) -> list[Mapping[str, Any]]:
        """What was sent to this instance's team about a referral."""
        told = Site(self.endpoint).get("/_ministack/ses/messages").document()
        listed = [message for messages in told["messages"].values() for message in messages]
        team = f"@team.{self.partnership}.test"
        return [one for one in listed if reference in str(one) and team in str(one)]


class HttpVisitor(Visitor):
    """A browser without JavaScript on the deployed pages."""

    def __init__(self, services: Services, site: Site) -> None:
        super().__init__(services)
        self._site = site

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
        answer = self._site.ask(method, path, body or None, {**given, **(headers or {})})
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self._asked = path
        return Response(
            status=answer.status,
            body=answer.text,
            content_type=answer.kind,
            headers=dict(answer.headers.items()),
        )
