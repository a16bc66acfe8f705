"""One local run for all tests of the chain: starting it takes some seconds."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.bootstrap import in_memory_services
from chalicelib.settings import Settings
from chalicelib.web.api_examples import example_answers
from tests.integration.local_run import LocalRun

Submit = Callable[[LocalRun, str], str]


@pytest.fixture(scope="session")
def local_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRun]:
    with LocalRun(tmp_path_factory.mktemp("local-run")) as run:
        yield run


@pytest.fixture(scope="session")
def submit() -> Submit:
    """Submits a form's shortest referral through the JSON API and gives its reference."""
    forms = in_memory_services(Settings()).forms

    def submit_example(run: LocalRun, form: str) -> str:
        body = json.dumps({"answers": example_answers(forms[form])}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        status, said = run.ask("POST", f"/api/forms/{form}/referrals", body, headers)
        assert status == 201, said
        told: dict[str, Any] = json.loads(said)
        return str(told["reference"])

    return submit_example
