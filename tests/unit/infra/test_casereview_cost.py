"""`casereview cost`: a month's bill, from unit prices, usage and what the template has."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from infra.casereview import cost
from infra.casereview.__main__ import app
from infra.costs.counted import counts
from infra.costs.monthly import (
    FIXED,
    VARIABLE,
    Price,
    Use,
    by_service,
    covered_by_allowances,
    dominant,
    monthly_cost,
    total,
)
from infra.costs.tables import TableError, load_prices, load_usage
from infra.stack.merge import stack_document


def price(service: str = "Mail", usd: float = 1.0, per: int = 1, free: float = 0) -> Price:
    return Price(service, "things", usd, per, free, "A page", date(2026, 1, 1))


PRICES = {
    "request": price("Web", usd=3.50, per=1_000_000),
    "email": price("Mail", usd=0.10, per=1000),
    "key": price("Keys", usd=1.00),
    "alarm": price("Watch", usd=0.10, free=10),
}


def run(*arguments: str, columns: int = 100) -> Result:
    return CliRunner().invoke(
        app, ["cost", *arguments], env={"COLUMNS": str(columns), "TERM": "dumb"}
    )


def document(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    return stack_document()


@pytest.fixture
def stack(shipped: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(shipped)


# By hand: 2,000,000 / 1,000,000 * 3.50 = 7.00; 740 / 1,000 * 0.10 = 0.074; 1 * 1.00; 17 * 0.10.
@pytest.mark.parametrize(
    ("name", "quantity", "usd"),
    [
        ("request", 2_000_000, 7.00),
        ("request", 1, 0.0000035),
        ("email", 740, 0.074),
        ("key", 1, 1.00),
        ("alarm", 17, 1.70),
        ("alarm", 0, 0.0),
    ],
)
def test_a_line_is_its_quantity_at_the_unit_price(name: str, quantity: float, usd: float) -> None:
    (line,) = monthly_cost([Use(name, "What", quantity, FIXED)], PRICES)

    assert line.usd == pytest.approx(usd)
    assert (line.service, line.what, line.quantity) == (PRICES[name].service, "What", quantity)


def test_a_month_by_hand_adds_up_by_service_the_dearest_first() -> None:
    usage = [
        Use("email", "Receipts", 5000, VARIABLE),  # 0.50
        Use("alarm", "Alarms", 17, FIXED),  # 1.70
        Use("email", "Reminders", 35_000, VARIABLE),  # 3.50
        Use("key", "Key", 1, FIXED),  # 1.00
    ]

    lines = monthly_cost(usage, PRICES)

    assert [line.what for line in lines] == ["Receipts", "Alarms", "Reminders", "Key"]
    assert total(lines) == pytest.approx(6.70)
    assert list(by_service(lines)) == ["Mail", "Watch", "Keys"]
    assert by_service(lines)["Mail"] == pytest.approx(4.00)


def test_what_dominates_is_the_dearest_service_with_its_share() -> None:
    usage = [Use("email", "Mail", 10_000, VARIABLE), Use("key", "Keys", 3, FIXED)]  # 1.00, 3.00

    found = dominant(monthly_cost(usage, PRICES))

    assert found is not None
    assert (found.service, found.share, found.fixed_share) == ("Keys", 0.75, 0.75)
    assert dominant([]) is None


def test_an_allowance_covers_no_more_than_is_used_and_is_not_given_twice() -> None:
    alarms = [Use("alarm", "These", 6, FIXED), Use("alarm", "Those", 6, FIXED)]

    assert covered_by_allowances(alarms, PRICES) == pytest.approx(1.00)  # 10 of 12
    assert covered_by_allowances(alarms[:1], PRICES) == pytest.approx(0.60)  # all 6
    assert covered_by_allowances([Use("key", "Key", 1, FIXED)], PRICES) == 0


def test_every_use_has_a_price_and_every_price_a_use(stack: dict[str, Any]) -> None:
    with_everything = dict.fromkeys(counts(stack, 1), 1.0)

    assert {use.price for use in load_usage(with_everything)} == set(load_prices())


def test_every_price_says_where_it_is_from_and_of_when() -> None:
    for name, one in load_prices().items():
        assert one.source, name
        assert one.usd > 0, name
        assert date(2024, 1, 1) <= one.as_of <= date(2026, 12, 31), name


def test_alarms_are_counted_from_the_template_not_typed(stack: dict[str, Any]) -> None:
    there = counts(stack, 0)["alarm"]
    some = next(one for one in stack["Resources"].values() if one.get("Type", "").endswith("Alarm"))

    stack["Resources"]["OneMore"] = deepcopy(some)

    assert there > 10
    assert counts(stack, 0)["alarm"] == there + 1


# Resources that a template may get, and what is counted then.
@pytest.mark.parametrize(
    ("resource", "counted"),
    [
        ({"Type": "AWS::CloudWatch::Dashboard"}, "dashboard"),
        ({"Type": "AWS::KMS::Key", "Properties": {}}, "key"),
        ({"Type": "AWS::Cognito::UserPool"}, "user-pool"),
        ({"Properties": {"Environment": {}}}, "function"),
        ({"Properties": {"RetentionInDays": 1}}, "log-group"),
        ({"Type": "AWS::WAFv2::WebACL", "Properties": {"Rules": [{}]}}, "acl-rule"),
    ],
)
def test_what_is_added_to_the_template_is_counted(
    stack: dict[str, Any], resource: dict[str, Any], counted: str
) -> None:
    before = counts(stack, 0)[counted]

    stack["Resources"]["OneMore"] = resource

    assert counts(stack, 0)[counted] == before + 1


@pytest.mark.parametrize(
    ("properties", "traced"),
    [
        ({}, 0),
        ({"Tracing": "PassThrough"}, 0),
        ({"Tracing": "Active"}, 7),
        ({"Tracing": {"Fn::If": ["IsLocal", "PassThrough", "Active"]}}, 7),
        ({"TracingEnabled": False}, 0),
        ({"TracingEnabled": True}, 7),
    ],
)
def test_tracing_is_paid_for_only_once_it_is_on(properties: dict[str, Any], traced: int) -> None:
    document = {
        "Parameters": {
            "LogRetentionInDays": {"Default": 365},
            "ReconcileEvery": {"Default": "rate(15 minutes)"},
        },
        "Resources": {"APIHandler": {"Properties": properties}},
    }

    assert counts(document, 7)["referral-traced"] == traced


@pytest.mark.parametrize(
    ("rate", "runs"),
    [("rate(15 minutes)", 2920), ("rate(1 minute)", 43_800), ("rate(1 hour)", 730)],
)
def test_runs_of_reconcile_are_those_of_its_rate(
    stack: dict[str, Any], rate: str, runs: float
) -> None:
    stack["Parameters"]["ReconcileEvery"]["Default"] = rate

    assert counts(stack, 0)["reconcile-run"] == runs


def test_a_rate_that_cannot_be_read_is_refused_with_how_to_write_it(stack: dict[str, Any]) -> None:
    stack["Parameters"]["ReconcileEvery"]["Default"] = "cron(0 9 * * ? *)"

    with pytest.raises(ValueError, match=r"rate\(15 minutes\)"):
        counts(stack, 0)


def test_a_use_of_what_nothing_counts_is_refused_and_names_what_does(tmp_path: Path) -> None:
    table = tmp_path / "usage.toml"
    table.write_text(
        '[[use]]\nprice = "key"\nwhat = "Odd"\nper = "moon"\nquantity = 1\n'
        'basis = "assumed"\nwhy = "x"\n'
    )

    with pytest.raises(TableError, match=r"'moon'.*alarm, month"):
        load_usage({"month": 1, "alarm": 2}, table)


def test_a_price_without_its_source_is_refused_by_name(tmp_path: Path) -> None:
    table = tmp_path / "prices.toml"
    table.write_text('[email]\nservice = "SES"\nunit = "emails"\nusd = 1.0\nas_of = 2026-01-01\n')

    with pytest.raises(TableError, match=r"\[email\] lacks 'source'"):
        load_prices(table)


def test_more_referrals_cost_more_and_the_fixed_part_stays() -> None:
    months = [document("--referrals", str(number))["months"][0] for number in (0, 10, 1000)]
    fixed = [
        sum(line["usd"] for line in month["lines"] if line["kind"] == FIXED) for month in months
    ]

    assert months[0]["total"] < months[1]["total"] < months[2]["total"]
    assert fixed == pytest.approx([fixed[0]] * 3)
    assert months[0]["total"] == pytest.approx(fixed[0], abs=0.001)


def test_each_further_referral_costs_the_same() -> None:
    totals = [document("--referrals", str(number))["months"][0]["total"] for number in (0, 100)]
    each = (totals[1] - totals[0]) / 100

    assert document("--referrals", "1000")["months"][0]["total"] == pytest.approx(
        totals[0] + 1000 * each, abs=0.01
    )


def test_without_a_number_several_are_compared() -> None:
    said = run().stdout

    assert [month["referrals"] for month in document()["months"]] == [5, 20, 100, 1000]
    assert "1,000" in said
    assert "USD a month" in said


def test_it_says_what_dominates_and_that_prices_are_to_be_checked() -> None:
    said = " ".join(run("--referrals", "20").stdout.split())
    month = document("--referrals", "20")["months"][0]
    dearest = next(iter(month["services"]))

    assert f"With 20 referrals {dearest} dominates" in said
    assert "to be checked" in said
    assert not any(one["checked"] for one in document()["prices"].values())


@pytest.mark.parametrize("columns", [60, 100])
def test_the_total_is_shown_whole_at_any_width(columns: int) -> None:
    month = document("--referrals", "1000")["months"][0]

    assert f"{month['total']:,.2f}" in run("--referrals", "1000", columns=columns).stdout


@pytest.mark.parametrize("number", ["-1", "many", "2000000"])
def test_a_number_that_is_none_is_not_understood(number: str) -> None:
    assert run("--referrals", number).exit_code == 2


def test_a_broken_table_is_told_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise TableError("prices.toml: [email] lacks 'source'. Add it.")

    monkeypatch.setattr(cost, "load_prices", broken)

    result = run()

    assert result.exit_code == 1
    assert "prices.toml: [email] lacks 'source'. Add it." in result.stderr
