"""A JSON file: read back as it was, without what is left out, never heavier than told."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.referrals.case_work import Stage
from chalicelib.referrals.json_file import carried, dump, dump_readable, json_text, plain

TEXTS = st.text(max_size=10)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)


@dataclass(frozen=True)
class Kept:
    name: str
    code: str
    at: datetime
    inner: tuple["Kept", ...] = ()


@settings(max_examples=40)
@given(
    st.dictionaries(TEXTS.filter(lambda name: name != "items"), VALUES, max_size=3),
    st.lists(VALUES, max_size=3),
)
def test_a_list_under_facts_reads_back(facts: dict[str, Any], items: list[Any]) -> None:
    text = json_text(facts, "items", items)

    assert same(json.loads(text), {**facts, "items": items})
    assert len(text.splitlines()) >= len(items)
    text.encode()


@given(VALUES)
@example("\ud800")
@example({"\udfff": ["\ud83d"]})
def test_any_value_can_be_sent(value: Any) -> None:
    for text in (dump(value), dump_readable(value)):
        assert same(json.loads(text), value)
        text.encode()


def same(read: Any, written: Any) -> bool:
    """Equal, but for halves of characters, which no file can hold."""
    halves = json.dumps(written, ensure_ascii=False).encode("utf-8", "surrogatepass")
    whole = halves.decode("utf-8", "replace").replace("\ufffd\ufffd\ufffd", "\ufffd")
    return bool(read == json.loads(whole))


@given(st.text())
def test_a_text_is_never_heavier_than_told(text: str) -> None:
    readable = dump(text)

    for ascii_only in (True, False):
        sent = json.dumps(readable, ensure_ascii=ascii_only).encode()
        assert len(sent) <= carried(readable)


def test_the_domain_becomes_plain_without_what_is_left_out() -> None:
    at = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    kept = Kept("Ada", "secret", at, (Kept("Bea", "secret", at),))

    told = plain({"one": kept, "two": {"b", "a"}}, {Kept: frozenset({"code"})})

    inner = {"name": "Bea", "at": "2026-04-01T08:00:00Z", "inner": []}
    assert told == {
        "one": {"name": "Ada", "at": "2026-04-01T08:00:00Z", "inner": [inner]},
        "two": ["a", "b"],
    }


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (date(2026, 4, 1), "2026-04-01"),
        (Stage.CLOSED, "closed"),
        (None, None),
        (1, 1),
        (True, True),
    ],
)
def test_single_values_are_told_plainly(value: Any, told: Any) -> None:
    assert json.loads(dump(plain(value, {}))) == told
