"""What every audit trail does: entries are added once, and read by case and by day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.referrals.referral import AuditEntry
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.ports import CaseChanged
from tests.contract.attempts import fail, lease
from tests.contract.conftest import Stores
from tests.contract.samples import LATER, NOW, REFERENCE, a_case, a_change, a_delivery, a_submission

DAY = date(2026, 11, 20)
OTHER = "SUF-GHJK-4479"


def an_entry(minutes: int = 0, reference: str = REFERENCE, **changes: object) -> AuditEntry:
    entry = AuditEntry(
        id=random_id(),
        reference=reference,
        at=NOW + timedelta(minutes=minutes),
        actor="p-1",
        action="opened a case",
        details={"why": "“Zoë”"},
        name="Pat Person",
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def whole_case(stores: Stores, reference: str = REFERENCE, limit: int = 50) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    after: str | None = None
    while True:
        page, after = stores.audit.of_case(reference, after=after, limit=limit)
        assert len(page) <= limit
        found += page
        if after is None:
            return found


def whole_day(stores: Stores, day: date = DAY) -> list[AuditEntry]:
    return list(stores.audit.of_day(day, after=None, limit=100)[0])


def test_an_empty_trail_has_one_empty_page(stores: Stores) -> None:
    assert stores.audit.of_case(REFERENCE, after=None, limit=10) == ([], None)
    assert stores.audit.of_day(DAY, after=None, limit=10) == ([], None)


@pytest.mark.parametrize(
    "changes", [{}, {"details": {}}, {"name": ""}, {"reference": ""}, {"actor": "command: ops"}]
)
def test_an_entry_comes_back_as_it_was_added(stores: Stores, changes: dict[str, object]) -> None:
    entry = an_entry(**changes)  # type: ignore[arg-type]

    stores.audit.add(entry)

    assert whole_day(stores) == [entry]
    assert whole_case(stores) == ([entry] if entry.reference else [])


@pytest.mark.parametrize("reference", [REFERENCE, ""])
def test_an_entry_that_is_added_again_is_there_once(stores: Stores, reference: str) -> None:
    entry = an_entry(reference=reference)
    stores.audit.add(entry)

    stores.audit.add(replace(entry, action="something else"))

    assert whole_day(stores) == [entry]


def test_entries_come_newest_first(stores: Stores) -> None:
    entries = [an_entry(minutes) for minutes in (3, 1, 2)]
    for entry in entries:
        stores.audit.add(entry)

    expected = sorted(entries, key=lambda entry: entry.at, reverse=True)
    assert whole_case(stores) == whole_day(stores) == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 50])
def test_a_trail_is_read_page_by_page(stores: Stores, limit: int) -> None:
    entries = [an_entry(minutes) for minutes in range(6)]
    for entry in entries:
        stores.audit.add(entry)

    assert whole_case(stores, limit=limit) == entries[::-1]


def test_entries_of_one_instant_are_each_in_one_page(stores: Stores) -> None:
    entries = [an_entry() for _ in range(5)]
    for entry in entries:
        stores.audit.add(entry)

    found = whole_case(stores, limit=2)

    assert sorted(entry.id for entry in found) == sorted(entry.id for entry in entries)


def test_one_case_s_trail_holds_nothing_of_another_or_of_none(stores: Stores) -> None:
    mine, others, nobodys = an_entry(0), an_entry(1, OTHER), an_entry(2, "")
    for entry in (mine, others, nobodys):
        stores.audit.add(entry)

    assert whole_case(stores) == [mine]
    assert whole_case(stores, OTHER) == [others]
    assert whole_day(stores) == [nobodys, others, mine]


@pytest.mark.parametrize("asked", [DAY.isoformat(), f"DAY#{DAY}", f"#DAY#{DAY}", ""])
def test_no_day_is_read_as_if_it_were_a_case(stores: Stores, asked: str) -> None:
    stores.audit.add(an_entry())
    stores.audit.add(an_entry(1, ""))

    assert stores.audit.of_case(asked, after=None, limit=10) == ([], None)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 20, 23, 59, 59, 999999, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 21, 0, 0, tzinfo=UTC), date(2026, 11, 21)),
        # In summer London is already in the next day.
        (datetime(2026, 6, 20, 23, 30, tzinfo=UTC), date(2026, 6, 20)),
    ],
)
def test_a_day_is_one_of_utc(stores: Stores, at: datetime, day: date) -> None:
    entry = an_entry(at=at)

    stores.audit.add(entry)

    assert whole_day(stores, day) == [entry]
    assert whole_day(stores, day + timedelta(days=1)) == []
    assert whole_day(stores, day - timedelta(days=1)) == []


def test_a_submission_begins_its_case_s_trail(stores: Stores) -> None:
    submission = replace(a_submission(), draft=None)

    stores.referrals.submit(submission)

    assert whole_case(stores) == whole_day(stores) == [submission.audit]


def test_a_change_is_in_the_trail_if_it_is_stored_and_only_then(stores: Stores) -> None:
    first = a_change()
    stores.cases.change(first)
    lost = a_change(a_case(version=7))
    with pytest.raises(CaseChanged):
        stores.cases.change(lost)

    assert whole_case(stores) == [first.audit]


def test_what_is_given_up_is_in_the_trail(stores: Stores) -> None:
    stores.referrals.submit(replace(a_submission(), draft=None))
    fail(stores, lease(stores, a_delivery().id))
    entry = an_entry(at=LATER, action="gave up a delivery")

    assert stores.outbox.dismiss(a_delivery().id, audit=entry)
    assert not stores.outbox.dismiss(a_delivery().id, audit=an_entry(99))

    assert whole_case(stores)[0] == entry
    assert len(whole_case(stores)) == 2
