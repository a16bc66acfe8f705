"""Runs the outbox's state machine: in memory, and in memory beside AWS's DynamoDB Local."""

import uuid
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from chalicelib.adapters.dynamodb_cases import DynamoCases
from chalicelib.adapters.dynamodb_outbox import DynamoOutbox
from chalicelib.adapters.dynamodb_referrals import DynamoReferrals
from chalicelib.adapters.dynamodb_table import DynamoTable
from chalicelib.adapters.in_memory import InMemoryReferrals, Table
from chalicelib.adapters.in_memory_cases import InMemoryCases
from chalicelib.adapters.in_memory_outbox import InMemoryOutbox
from tests.faults.figures import Figures
from tests.faults.local_store import create_table, plain_client
from tests.faults.outbox_machine import OutboxMachine, Stores

STEPS = 40


def memory_laws(histories: int) -> Figures:
    """Figures of so many random histories; a broken law comes with the shortest that breaks it."""
    return _run("in memory", lambda: [_in_memory()], histories)


def local_laws(url: str, histories: int) -> Figures:
    """The same with both stores, which must never differ."""
    return _run("beside DynamoDB Local", lambda: [_in_memory(), _on_local(url)], histories)


def _run(name: str, make: Callable[[], list[Stores]], histories: int) -> Figures:
    figures = Figures(f"Random histories of a referral's deliveries, {name}")

    class Machine(OutboxMachine):
        make_stores = staticmethod(make)

    OutboxMachine.steps = 0
    limits = settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    try:
        run: Any = run_state_machine_as_test
        run(Machine, settings=limits)
    except AssertionError as error:
        story = "; ".join(getattr(error, "__notes__", []))
        figures.problems.append(f"{error}: {story}")
    figures.add(outbox=name, histories=histories, calls=OutboxMachine.steps)
    return figures


def _in_memory() -> Stores:
    table = Table()
    return Stores(InMemoryOutbox(table), InMemoryCases(table), InMemoryReferrals(table))


def _on_local(url: str) -> Stores:
    client = plain_client("dynamodb", url)
    name = f"casereview-{uuid.uuid4().hex}"
    create_table(url, name)
    table = DynamoTable(lambda: client, name)
    return Stores(DynamoOutbox(table), DynamoCases(table), DynamoReferrals(table))
