"""`casereview cost`: what an instance costs on AWS in a month, by how many referrals it takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from infra.casereview.arguments import Json
from infra.casereview.exits import REFUSED, stop
from infra.casereview.sheet import terminal
from infra.costs.counted import counts
from infra.costs.monthly import (
    CostLine,
    Price,
    by_service,
    covered_by_allowances,
    dominant,
    monthly_cost,
    total,
)
from infra.costs.tables import TableError, load_prices, load_usage
from infra.stack.merge import stack_document

USUAL = (5, 20, 100, 1000)
MOST = 1_000_000
_COUNTED = {"alarm": "alarm", "function": "function", "log-group": "log group", "key": "key"}
_LEFT_OUT = "Not in it: VAT, AWS Support, domain and DNS, the team's mailbox, other stacks."


@dataclass(frozen=True)
class Estimate:
    """One month with so many referrals, in US dollars. `allowances` is what AWS would take off."""

    referrals: int
    lines: list[CostLine]
    allowances: float


def cost(
    referrals: Annotated[
        int | None,
        typer.Option(min=0, max=MOST, metavar="N", help="A month, line by line."),
    ] = None,
    as_json: Json = False,
) -> None:
    """What an instance costs on AWS in a month.

    In US dollars at London's list prices. Without --referrals: for several numbers of them.
    """
    try:
        prices = load_prices()
        document = stack_document()
        numbers = USUAL if referrals is None else (referrals,)
        estimates = [estimate(document, prices, number) for number in numbers]
    except (TableError, ValueError) as error:
        stop(f"The cost cannot be computed: {error}", REFUSED)
    if as_json:
        typer.echo(json.dumps(_document(estimates, prices), indent=2))
        return
    out = terminal()
    out.print(_compared(estimates) if referrals is None else _itemised(estimates[0]))
    out.print()
    for line in _remarks(estimates, prices, counts(document, 0)):
        out.print(line)


def estimate(document: Mapping[str, Any], prices: Mapping[str, Price], referrals: int) -> Estimate:
    """A month of the stack with so many referrals. Raises TableError or ValueError."""
    usage = load_usage(counts(document, referrals))
    lines = monthly_cost(usage, prices)
    return Estimate(referrals, lines, covered_by_allowances(usage, prices))


def _compared(estimates: list[Estimate]) -> Table:
    table = _table("Referrals a month")
    sums = [by_service(one.lines) for one in estimates]
    for one in estimates:
        table.add_column(f"{one.referrals:,}", justify="right")
    for service in sums[-1]:
        table.add_row(service, *(_usd(part.get(service, 0)) for part in sums))
    table.add_section()
    totals = (_usd(total(one.lines)) for one in estimates)
    table.add_row("USD a month", *totals, style="bold")
    return table


def _itemised(one: Estimate) -> Table:
    table = _table(f"{one.referrals:,} referrals a month")
    table.add_column("Quantity", justify="right")
    table.add_column("of")
    table.add_column("USD", justify="right")
    for service, usd in by_service(one.lines).items():
        table.add_row(service, "", "", _usd(usd), style="bold")
        for line in (line for line in one.lines if line.service == service):
            table.add_row(f"  {line.what}", _short(line.quantity), line.unit, _usd(line.usd))
    table.add_section()
    table.add_row("USD a month", "", "", _usd(total(one.lines)), style="bold")
    return table


def _table(heading: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(heading)
    return table


def _remarks(
    estimates: list[Estimate], prices: Mapping[str, Price], counted: Mapping[str, float]
) -> list[Text]:
    oldest = min(price.as_of for price in prices.values())
    said = list(dict.fromkeys(_dominance(one) for one in (estimates[0], estimates[-1])))
    said += [
        f"Free allowances would take off up to {_usd(estimates[-1].allowances)} in an account that"
        " has nothing else; its instances share them.",
        f"Counted from the template: {_listed(counted)}.",
        f"List prices of eu-west-2, the oldest of {oldest:%B %Y}: to be checked"
        " (infra/costs/prices.toml). Usage: infra/costs/usage.toml.",
        _LEFT_OUT,
    ]
    return [Text(line) for line in said]


def _dominance(one: Estimate) -> str:
    most = dominant(one.lines)
    if most is None:
        return "Nothing costs anything: is usage.toml empty?"
    return (
        f"With {one.referrals:,} referrals {most.service} dominates: {most.share:.0%} of the"
        f" whole. {most.fixed_share:.0%} is the same with no referral at all."
    )


def _listed(counted: Mapping[str, float]) -> str:
    parts = []
    for name, word in _COUNTED.items():
        number = int(counted[name])
        parts.append(f"{number} {word}" if number == 1 else f"{number} {word}s")
    return ", ".join(parts)


def _usd(usd: float) -> str:
    return "<0.01" if 0 < usd < 0.005 else f"{usd:,.2f}"


def _short(quantity: float) -> str:
    return f"{quantity:,.0f}" if quantity >= 10 else f"{quantity:,.3g}"


def _document(estimates: list[Estimate], prices: Mapping[str, Price]) -> dict[str, Any]:
    return {
        "currency": "USD",
        "region": "eu-west-2",
        "months": [
            {
                "referrals": one.referrals,
                "total": round(total(one.lines), 4),
                "free_allowances": round(one.allowances, 4),
                "services": {name: round(usd, 4) for name, usd in by_service(one.lines).items()},
                "lines": [asdict(line) for line in one.lines],
            }
            for one in estimates
        ],
        "prices": {
            name: {**asdict(price), "as_of": price.as_of.isoformat(), "checked": False}
            for name, price in prices.items()
        },
    }
