"""What a redacted pack must say before it is made, and how long it opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.referrals.pseudonyms import Pseudonyms, letters
from chalicelib.referrals.redacted_pack import Pack, PackForm, problems_of

TODAY = date(2026, 11, 20)
PARTS = {"what-happened": "What happened", "decisions": "Recommendations and decisions"}
FORM = PackForm("To look at records", "Named nurse", TODAY, ("what-happened",), ("MOB",))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, ""),
        ({"expires_on": TODAY + timedelta(days=90)}, ""),
        ({"hide": ("x" * 100,) * 50}, ""),
        ({"purpose": " "}, "purpose"),
        ({"purpose": "x" * 501}, "purpose"),
        ({"purpose": "A\x00"}, "purpose"),
        ({"recipient": ""}, "recipient"),
        ({"recipient": "x" * 201}, "recipient"),
        ({"recipient": "A\u202e"}, "recipient"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expires"),
        ({"expires_on": TODAY + timedelta(days=91)}, "expires"),
        ({"sections": ()}, "sections"),
        ({"sections": ("what-happened", "audit")}, "sections"),
        ({"hide": ("x",) * 51}, "hide"),
        ({"hide": ("x" * 101,)}, "hide"),
        ({"hide": ("...",)}, "hide"),
        ({"hide": ("a\u0000b",)}, "hide"),
    ],
)
def test_what_is_asked_for_must_be_possible(changes: dict[str, Any], field: str) -> None:
    assert list(problems_of(replace(FORM, **changes), PARTS, TODAY)) == ([field] if field else [])


def test_a_pack_opens_on_its_last_day_and_not_after() -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    pack = Pack("1", "For", "To", TODAY, ("what-happened",), (), "p-1", "Pat", at)

    assert not pack.has_expired(TODAY)
    assert pack.has_expired(TODAY + timedelta(days=1))


def test_every_letter_is_somebody_s_alone() -> None:
    given, pseudonyms = letters(), Pseudonyms()

    assert [next(given) for _ in range(28)][25:] == ["Z", "AA", "AB"]
    assert [pseudonyms.next(kind) for kind in ("Adult", "Person")] == ["Adult A", "Person B"]
