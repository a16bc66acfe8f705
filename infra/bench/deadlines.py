"""How fast deadlines are computed, and that a referral costs the same however many there are."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.bootstrap import Services

CASES = 2_000
ROUNDS = 5
SIZES = (10, 1_000)
FIRST = date(2026, 1, 1)
SEED = 3
_SCHEMA = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


def deadlines_a_second() -> tuple[int, float]:
    """How many deadlines a child's case has, and the median of how many a second are computed."""
    from chalicelib.referrals.case import Case, KnownDate
    from chalicelib.referrals.case_change import recomputed
    from chalicelib.referrals.clocks import clocks_of
    from chalicelib.referrals.partnership import load_partnership
    from chalicelib.settings import Settings

    partnership = load_partnership(Settings.forms_dir, "suffolk")
    clocks = clocks_of(partnership, "SUF-BBBB-BBBB", "child")
    random = Random(SEED)  # noqa: S311 - made-up dates

    def a_case() -> Case:
        days = {
            rule.trigger: FIRST + timedelta(days=random.randrange(700)) for rule in clocks.rules
        }
        known = {name: KnownDate(day) for name, day in days.items()}
        facts = {role: answers for rule in clocks.rules for role, answers in rule.when.items()}
        received = datetime(2026, 1, 1, 12, tzinfo=UTC)
        return Case("SUF-BBBB-BBBB", "child", received, answered=known, facts=facts)

    cases = [a_case() for _ in range(CASES)]
    rates = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        computed = sum(len(recomputed(case, clocks).deadlines) for case in cases)
        rates.append(computed / (time.perf_counter() - started))
    return computed // CASES, statistics.median(rates)


@dataclass
class Usage:
    """What DynamoDB was asked for: calls, and the capacity units it says that they took."""

    calls: int = 0
    units: float = 0.0


def usage_of_a_referral(stored: int) -> tuple[Usage, Usage]:
    """What storing one more referral costs, and what recording a date of it costs then."""
    with emulated() as (services, usage, _):
        for _ in range(stored):
            _submit(services)
        submitted = counted(usage, lambda: _submit(services))
        reference = _submit(services)
        recorded = counted(usage, lambda: _record(services, reference))
    return submitted, recorded


def counted(usage: Usage, act: Any) -> Usage:
    """What one act took."""
    before = replace(usage)
    act()
    return Usage(usage.calls - before.calls, usage.units - before.units)


def _submit(services: Services) -> str:
    from chalicelib.use_cases.submit_referral import submit_document

    form = services.forms["adult"]
    answers = {
        "immediate_danger": "no",
        "live_concern": "no",
        "submitter_type": "professional",
        "referrer_agency": "An agency",
        "referrer_name": "A. Person",
        "referrer_email": "a.person@agency.example",
        "outcome_status": "died",
        "summary": "A made-up summary.",
        "adults": [{}],
        "declaration": True,
    }
    key = f"{time.perf_counter_ns()}"
    receipt, _ = submit_document(services, form, answers, key)
    return receipt.reference


def _record(services: Services, reference: str) -> None:
    from chalicelib.use_cases.record_date import record_date

    today = services.clock.now().date()
    record_date(services, reference, "scoping_requested_on", today, "bench")


@contextmanager
def emulated() -> Iterator[tuple[Services, Usage, Any]]:
    """The services on a table of the embedded AWS, what DynamoDB is asked for, and its client."""
    from chalicelib.adapters.dynamodb_archive import DynamoArchive
    from chalicelib.adapters.dynamodb_audit import DynamoAudit
    from chalicelib.adapters.dynamodb_cases import DynamoCases
    from chalicelib.adapters.dynamodb_referrals import DynamoReferrals
    from chalicelib.adapters.dynamodb_table import DynamoTable
    from chalicelib.bootstrap import in_memory_services
    from chalicelib.settings import Settings
    from infra.local.aws import client
    from infra.local.emulator import Emulator
    from infra.stack.merge import stack_document

    with tempfile.TemporaryDirectory() as folder, Emulator(Path(folder)) as emulator:
        dynamodb = client("dynamodb", emulator.endpoint)
        properties = stack_document()["Resources"]["Table"]["Properties"]
        schema = {name: properties[name] for name in _SCHEMA}
        dynamodb.create_table(TableName="bench", **schema)
        usage = Usage()
        _watch(dynamodb, usage)
        table = DynamoTable(lambda: dynamodb, "bench")
        services = replace(
            in_memory_services(Settings()),
            referrals=DynamoReferrals(table),
            cases=DynamoCases(table),
            audit=DynamoAudit(table),
            archive=DynamoArchive(table),
        )
        yield services, usage, dynamodb


def _watch(dynamodb: Any, usage: Usage) -> None:
    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def add(parsed: dict[str, Any], **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        parts = consumed if isinstance(consumed, list) else [consumed]
        usage.calls += 1
        usage.units += sum(part["CapacityUnits"] for part in parts)

    dynamodb.meta.events.register("provide-client-params.dynamodb.*", ask)
    dynamodb.meta.events.register("after-call.dynamodb.*", add)


def main() -> None:
    each, rate = deadlines_a_second()
    print(f"\ndeadlines computed    {rate:10,.0f} a second  ({each} a case; median of {ROUNDS})")
    print("cost of one referral by how many are stored (calls to DynamoDB, capacity units)")
    for stored in SIZES:
        submitted, recorded = usage_of_a_referral(stored)
        print(
            f"  {stored:6,} stored      submit {submitted.calls} calls {submitted.units:.0f} units"
            f"   record a date {recorded.calls} calls {recorded.units:.0f} units"
        )


if __name__ == "__main__":
    main()
