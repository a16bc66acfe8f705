"""How the command reaches an instance, and what it says when it cannot."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, NoRegionError
from botocore.session import get_session
from botocore.stub import Stubber

from infra.casereview.instance import (
    Unreached,
    deployed_variables,
    the_running_one,
    what_to_do,
)
from infra.local.emulator import free_port
from infra.local.running import NOTE, Running, noted, running_now

SUFFOLK = Running("suffolk", "http://127.0.0.1:1", "casereview-suffolk")
SALFORD = Running("salford", "http://127.0.0.1:2", "casereview-salford")


def stubbed(service: str) -> tuple[Any, Stubber]:
    client = get_session().create_client(
        service, region_name="eu-west-2", aws_access_key_id="x", aws_secret_access_key="x"
    )
    stubber = Stubber(client)
    stubber.activate()
    return client, stubber


def test_settings_come_from_the_stacks_own_function() -> None:
    cloudformation, stacks = stubbed("cloudformation")
    stacks.add_response(
        "describe_stack_resource",
        {
            "StackResourceDetail": {
                "LogicalResourceId": "Deliver",
                "PhysicalResourceId": "stack-Deliver-1",
                "ResourceType": "AWS::Lambda::Function",
                "LastUpdatedTimestamp": "2026-11-20T00:00:00Z",
                "ResourceStatus": "CREATE_COMPLETE",
            }
        },
        {"StackName": "suffolk-live", "LogicalResourceId": "Deliver"},
    )
    lambda_, functions = stubbed("lambda")
    functions.add_response(
        "get_function_configuration",
        {"Environment": {"Variables": {"TABLE_NAME": "the-table"}}},
        {"FunctionName": "stack-Deliver-1"},
    )

    assert deployed_variables(cloudformation, lambda_, "suffolk-live") == {
        "TABLE_NAME": "the-table"
    }


def test_a_stack_that_is_not_there_says_where_it_was_looked_for() -> None:
    cloudformation, stacks = stubbed("cloudformation")
    stacks.add_client_error("describe_stack_resource", "ValidationError")

    with pytest.raises(Unreached, match="no stack nowhere of this system in eu-west-2"):
        deployed_variables(cloudformation, None, "nowhere")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoRegionError(), "Set AWS_DEFAULT_REGION"),
        (NoCredentialsError(), "not signed in to AWS"),
        (EndpointConnectionError(endpoint_url="http://secret"), "AWS does not answer"),
    ],
    ids=["region", "credentials", "endpoint"],
)
def test_what_comes_before_any_answer_says_what_to_do(error: Exception, said: str) -> None:
    assert said in what_to_do(error)
    assert "secret" not in what_to_do(error)


def test_the_only_running_system_is_meant() -> None:
    assert the_running_one([SUFFOLK], None) is SUFFOLK


def test_of_several_running_systems_one_is_named() -> None:
    assert the_running_one([SALFORD, SUFFOLK], "suffolk") is SUFFOLK


@pytest.mark.parametrize(
    ("running", "partnership", "said"),
    [
        ([], None, "Start it first: make run$"),
        ([SUFFOLK], "salford", "Start it first: make run PARTNERSHIP=salford"),
        ([SALFORD, SUFFOLK], None, "Several local systems run: salford, suffolk"),
    ],
)
def test_no_running_system_or_several_say_what_to_do(
    running: list[Running], partnership: str | None, said: str
) -> None:
    with pytest.raises(Unreached, match=said):
        the_running_one(running, partnership)


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def endpoint() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_run_is_found_while_it_serves_and_not_after(
    tmp_path: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # must not be asked
    folder = tmp_path / "suffolk"
    folder.mkdir()
    running = Running("suffolk", endpoint, "casereview-suffolk")

    with noted(folder, running):
        assert running_now(tmp_path) == [running]
    assert running_now(tmp_path) == []


def test_a_run_that_was_killed_is_not_taken_for_a_running_one(tmp_path: Path) -> None:
    note = {
        "partnership": "suffolk",
        "endpoint": f"http://127.0.0.1:{free_port()}",
        "stack": "casereview-suffolk",
    }
    (tmp_path / "suffolk").mkdir()
    (tmp_path / "suffolk" / NOTE).write_text(json.dumps(note))

    assert running_now(tmp_path) == []
