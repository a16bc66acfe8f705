"""The audit trail as a file: each entry once, in parts that can be sent."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals import audit_file
from chalicelib.referrals.audit_file import Part, is_place, parts, place_of
from chalicelib.referrals.csv_file import csv_text
from chalicelib.referrals.json_file import carried, json_text
from chalicelib.referrals.referral import AuditEntry

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TEXTS = st.text(max_size=40)
HEAVY = st.sampled_from(['"' * 50, "\n" * 50, "\\" * 50, "\u00e9" * 50, "\x00" * 50, "=" * 50])
# What stands in a file besides its entries: headings, marking, who made it.
FRAME = 500


def entries_of(texts: list[str]) -> list[AuditEntry]:
    return [
        AuditEntry(
            id=f"{number:032x}",
            reference="SUF-BCDF-3479",
            at=START + timedelta(seconds=number),
            actor="p-1",
            action="opened a case",
            details={"page": text},
            name=text,
        )
        for number, text in enumerate(texts)
    ]


ENTRIES = st.lists(st.one_of(TEXTS, HEAVY), max_size=30).map(entries_of)
SIZES = st.integers(min_value=1, max_value=5_000)


@given(ENTRIES, SIZES)
def test_parts_hold_every_entry_once_and_in_order(entries: list[AuditEntry], most: int) -> None:
    found = parts(entries, "", most)

    assert [entry for part in found for entry in part.entries] == entries
    assert all(part.entries for part in found)


@given(ENTRIES, SIZES)
def test_a_part_is_what_lies_between_its_places(entries: list[AuditEntry], most: int) -> None:
    for part in parts(entries, "", most):
        between = [one for one in entries if part.after < place_of(one) <= part.until]
        assert between == list(part.entries)


@given(ENTRIES, SIZES)
def test_a_part_cut_again_is_itself(entries: list[AuditEntry], most: int) -> None:
    for part in parts(entries, "", most):
        assert parts(part.entries, part.after, most) == [part]


@given(ENTRIES, SIZES)
def test_no_part_is_heavier_than_it_may_be_unless_one_entry_is(
    entries: list[AuditEntry], most: int
) -> None:
    for part in parts(entries, "", most):
        assert len(part.entries) == 1 or weight(part) <= most + FRAME


def weight(part: Part) -> int:
    """What the heavier of the two files weighs on its way."""
    as_csv = csv_text(audit_file.HEADER, map(audit_file.row, part.entries))
    as_json = json_text({"made_by": "Mo"}, "entries", map(audit_file.document, part.entries))
    return max(carried(as_csv), carried(as_json))


def test_a_trail_without_entries_has_no_parts() -> None:
    assert parts([], "", 100) == []


@given(ENTRIES)
def test_the_json_file_reads_back_as_the_entries(entries: list[AuditEntry]) -> None:
    text = json_text({"made_by": "Mo"}, "entries", map(audit_file.document, entries))

    read = json.loads(text)["entries"]
    assert [one["entry"] for one in read] == [one.id for one in entries]
    assert [one["details"] for one in read] == [dict(one.details) for one in entries]


def test_a_place_is_known_by_its_shape() -> None:
    (entry,) = entries_of(["x"])

    assert is_place(place_of(entry))
    assert not any(map(is_place, ["", "x", "2026-11-20", f"{place_of(entry)}\n", "9" * 60]))
