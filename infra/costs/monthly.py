"""Adds up a month: usage times price, line by line. Pure; the figures are in the two tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

FIXED = "fixed"
VARIABLE = "variable"


@dataclass(frozen=True)
class Price:
    """`usd` for `per` of `unit`; an account has `free` of `unit` each month at no charge.

    `source` is AWS's pricing page by name, `as_of` the day of the figure.
    """

    service: str
    unit: str
    usd: float
    per: int
    free: float
    source: str
    as_of: date

    def of(self, quantity: float) -> float:
        """US dollars."""
        return quantity / self.per * self.usd


@dataclass(frozen=True)
class Use:
    """So much of what `price` names in a month. `kind` is FIXED when no referral changes it."""

    price: str
    what: str
    quantity: float
    kind: str


@dataclass(frozen=True)
class CostLine:
    """One line of the bill, in US dollars a month, before any free allowance."""

    service: str
    what: str
    quantity: float
    unit: str
    usd: float
    kind: str


@dataclass(frozen=True)
class Dominant:
    """The service that costs most; `share` and `fixed_share` are parts of 1 of the whole."""

    service: str
    share: float
    fixed_share: float


def monthly_cost(usage: Iterable[Use], prices: Mapping[str, Price]) -> list[CostLine]:
    """A line for each use, in its order. Raises KeyError for a use that no price is known of."""
    lines = []
    for use in usage:
        price = prices[use.price]
        usd = price.of(use.quantity)
        lines.append(
            CostLine(price.service, use.what, use.quantity, price.unit, usd, use.kind),
        )
    return lines


def covered_by_allowances(usage: Iterable[Use], prices: Mapping[str, Price]) -> float:
    """US dollars that the free allowances of an account with nothing else in it take off."""
    used: dict[str, float] = {}
    for use in usage:
        used[use.price] = used.get(use.price, 0) + use.quantity
    return sum(prices[name].of(min(used[name], prices[name].free)) for name in used)


def total(lines: Iterable[CostLine]) -> float:
    """US dollars."""
    return sum(line.usd for line in lines)


def by_service(lines: Iterable[CostLine]) -> dict[str, float]:
    """US dollars for each service, the dearest first."""
    sums: dict[str, float] = {}
    for line in lines:
        sums[line.service] = sums.get(line.service, 0) + line.usd
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def dominant(lines: Sequence[CostLine]) -> Dominant | None:
    """What most of the money goes to; None when nothing costs anything."""
    whole = total(lines)
    if whole == 0:
        return None
    service, usd = next(iter(by_service(lines).items()))
    fixed = total(line for line in lines if line.kind == FIXED)
    return Dominant(service, usd / whole, fixed / whole)
