"""The audit trail as it is taken out: all of it, once, for those who may."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.bootstrap import Services
from chalicelib.referrals.audit_file import place_of
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_work import Conflict
from chalicelib.referrals.disposal import Proof
from chalicelib.referrals.period import Period
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import NotAllowed, Person, Role
from chalicelib.use_cases import export_audit
from chalicelib.use_cases.export_audit import Asked, note_export, read_trail
from tests.staff import a_person
from tests.unit.use_cases.instance import RECEIVED_AT, Instance, an_instance

TODAY = date(2026, 11, 20)
ONE_DAY = Asked(Period(TODAY, TODAY))
AUDITOR = a_person(Role.AUDITOR_READONLY, id="auditor")
ADMIN = a_person(Role.SYSTEM_ADMIN, id="admin")
SUPPORT = a_person(Role.BUSINESS_SUPPORT, id="support")

PROOF = Proof(
    reference="",
    stream="adult",
    received_on=TODAY,
    closed_on=TODAY,
    outcome="learning_review",
    rule="adult",
    years=6,
    source="a test",
    approved_by="p-1",
    approved_name="Mo Manager",
    approved_at=RECEIVED_AT,
    begun_at=RECEIVED_AT,
    barred=(AUDITOR.id,),
)


class Counted:
    """The trail, and the days that were asked for."""

    def __init__(self, services: Services) -> None:
        self.trail, self.days = services.audit, list[date]()

    def of_day(self, day: date, **page: Any) -> tuple[Sequence[AuditEntry], str | None]:
        self.days.append(day)
        return self.trail.of_day(day, **page)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.trail, name)


@pytest.fixture
def instance() -> Instance:
    return an_instance()


def fill(instance: Instance, seconds: Sequence[int], reference: str = "") -> list[AuditEntry]:
    """Entries so many seconds after the day began, in the order of their places."""
    start = datetime(2026, 11, 20, tzinfo=UTC)
    found = [
        AuditEntry(f"{n:032x}", reference, start + timedelta(seconds=one), "p-1", "opened a case")
        for n, one in enumerate(seconds)
    ]
    for entry in found:
        instance.services.audit.add(entry)
    return sorted(found, key=place_of)


def bar(instance: Instance, reference: str, person: Person) -> None:
    cases = instance.table.cases
    conflicts = {person.id: Conflict("Pat", "A relative", "Mo", RECEIVED_AT)}
    work = replace(cases[reference].work, conflicts=conflicts)
    cases[reference] = replace(cases[reference], work=work)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 3 * 86_399), min_size=1, max_size=80), st.data())
def test_parts_of_the_trail_hold_all_of_it_once(seconds: list[int], data: st.DataObject) -> None:
    instance = an_instance()
    entries = fill(instance, seconds)
    period = Period(TODAY, TODAY + timedelta(days=2))
    cut = place_of(data.draw(st.sampled_from(entries)))

    first = read_trail(instance.services, Asked(period, until=cut), AUDITOR)
    second = read_trail(instance.services, Asked(period, after=cut), AUDITOR)

    assert [*first, *second] == entries


def test_a_part_reads_its_own_days_only(instance: Instance) -> None:
    entries = fill(instance, [n * 86_400 for n in range(5)])
    counted = Counted(instance.services)
    services: Any = replace(instance.services, audit=counted)
    period = Period(TODAY, TODAY + timedelta(days=4))
    asked = Asked(period, after=place_of(entries[1]), until=place_of(entries[2]))

    found = read_trail(services, asked, AUDITOR)

    assert list(found) == [entries[2]]
    assert counted.days == [TODAY + timedelta(days=1), TODAY + timedelta(days=2)]


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_day_of_many_pages_is_read_to_its_end(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    monkeypatch.setattr(export_audit, "_READ", 20)
    entries = fill(instance, range(60 + more))

    assert list(read_trail(instance.services, ONE_DAY, AUDITOR)) == entries


def test_a_day_is_one_of_utc(instance: Instance) -> None:
    fill(instance, [-1, 0, 86_399, 86_400])

    found = read_trail(instance.services, ONE_DAY, AUDITOR)

    assert [f"{entry.at:%H:%M:%S}" for entry in found] == ["00:00:00", "23:59:59"]


def test_a_case_may_be_of_some_days_only(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    instance.clock.move(days=3)
    fill(instance, [3 * 86_400], reference)

    whole = read_trail(instance.services, Asked(None, reference), AUDITOR)
    some = read_trail(instance.services, Asked(ONE_DAY.period, reference), AUDITOR)

    assert [entry.action for entry in whole] == ["submitted", "opened a case"]
    assert [entry.action for entry in some] == ["submitted"]


def test_more_than_can_be_read_at_once_is_refused(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_audit, "MOST_ENTRIES", 3)
    fill(instance, range(4))

    with pytest.raises(NotPossible, match="fewer days"):
        read_trail(instance.services, ONE_DAY, AUDITOR)


@pytest.mark.parametrize("asked", [ONE_DAY, Asked(None, "SUF-BCDF-3479")])
def test_who_may_not_read_it_may_not_take_it(instance: Instance, asked: Asked) -> None:
    with pytest.raises(NotAllowed):
        read_trail(instance.services, asked, SUPPORT)

    (entry,) = instance.table.audit
    assert (entry.action, entry.reference) == ("refused", "")
    assert entry.details == {"to": "export the audit trail", "why": "wrong role"}


def test_what_is_no_reference_is_not_kept(instance: Instance) -> None:
    with pytest.raises(NotAllowed):
        read_trail(instance.services, Asked(None, "Ada Byron"), AUDITOR)

    assert "Ada" not in repr(instance.table.audit)


def test_a_case_that_there_is_not_is_refused_as_one_that_one_is_barred_from(
    instance: Instance,
) -> None:
    with pytest.raises(NotAllowed):
        read_trail(instance.services, Asked(None, "SUF-BBBB-CCCC"), AUDITOR)

    entry = instance.table.audit[-1]
    assert (entry.action, entry.reference) == ("refused", "")


def test_of_what_they_are_barred_from_nothing_is_left(instance: Instance) -> None:
    kept, hidden = instance.submit("adult").reference, instance.submit("adult").reference
    bar(instance, hidden, AUDITOR)

    found = read_trail(instance.services, ONE_DAY, AUDITOR)

    assert {entry.reference for entry in found} == {kept}
    with pytest.raises(NotAllowed):
        read_trail(instance.services, Asked(None, hidden), AUDITOR)


def test_a_case_that_was_disposed_of_stays_hidden_from_who_was_barred(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    del instance.table.cases[reference]
    instance.table.proofs[reference] = replace(PROOF, reference=reference)

    assert read_trail(instance.services, ONE_DAY, AUDITOR) == ()
    with pytest.raises(NotAllowed):
        read_trail(instance.services, Asked(None, reference), AUDITOR)
    assert len(read_trail(instance.services, Asked(None, reference), ADMIN)) == 2


def test_who_reads_no_case_gets_no_details_of_one(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    instance.clock.move(minutes=1)
    note_export(instance.services, Asked(None, reference), AUDITOR, "csv")

    found = read_trail(instance.services, ONE_DAY, ADMIN)

    assert [(entry.action, entry.details) for entry in found] == [
        ("submitted", {}),
        ("exported the audit trail", {}),
    ]
