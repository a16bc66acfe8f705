"""Reads the two tables: unit prices, and what a month uses of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.costs.monthly import FIXED, VARIABLE, Price, Use

FOLDER = Path(__file__).parent
BASES = ("measured", "counted", "assumed")


class TableError(Exception):
    """A table is not as the other, or the template, needs it; the text says where and what."""


def load_prices(path: Path = FOLDER / "prices.toml") -> dict[str, Price]:
    """Unit prices by the name that usage.toml uses. Raises TableError."""
    return {name: _price(name, row) for name, row in _read(path).items()}


def _price(name: str, row: Mapping[str, Any]) -> Price:
    try:
        return Price(
            service=row["service"],
            unit=row["unit"],
            usd=row["usd"],
            per=row.get("per", 1),
            free=row.get("free", 0),
            source=row["source"],
            as_of=row["as_of"],
        )
    except KeyError as missing:
        raise TableError(f"prices.toml: [{name}] lacks {missing}. Add it.") from missing


def load_usage(counted: Mapping[str, float], path: Path = FOLDER / "usage.toml") -> tuple[Use, ...]:
    """What a month uses, given how many there are of what `per` names. Raises TableError.

    A use of what the template does not have, say an X-Ray trace, is left out.
    """
    uses = (_use(row, counted) for row in _read(path)["use"])
    return tuple(use for use in uses if use.quantity)


def _use(row: Mapping[str, Any], counted: Mapping[str, float]) -> Use:
    what, per = row["what"], row["per"]
    if per not in counted:
        raise TableError(
            f"usage.toml: {what!r} is per {per!r}, which nothing counts."
            f" Use one of: {', '.join(sorted(counted))}."
        )
    if row["basis"] not in BASES:
        raise TableError(f"usage.toml: the basis of {what!r} must be one of {', '.join(BASES)}.")
    kind = VARIABLE if per.startswith("referral") else FIXED
    return Use(row["price"], what, row["quantity"] * counted[per], kind)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
