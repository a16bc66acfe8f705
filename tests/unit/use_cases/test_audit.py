"""The audit trail as it is read: newest first, page by page, and each reading is in it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_work import Stage
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import NotAllowed, Person, Role
from chalicelib.use_cases import work_on_case
from chalicelib.use_cases.audit import history_of, note, trail_of_case, trail_of_day
from chalicelib.use_cases.read_case import read_case
from chalicelib.use_cases.record_date import record_date
from tests.staff import a_person
from tests.unit.use_cases.instance import RECEIVED_AT, Instance, an_instance

TODAY = date(2026, 11, 20)
MANAGER = a_person(Role.BUSINESS_MANAGER, id="manager", name="Max Manager")
OTHER = a_person(Role.BUSINESS_MANAGER, id="other", name="Other Manager")
ADMIN = a_person(Role.SYSTEM_ADMIN, id="admin", name="Ad Min")
SUPPORT = a_person(Role.BUSINESS_SUPPORT, id="support")


@pytest.fixture
def instance() -> Instance:
    return an_instance()


@pytest.fixture
def reference(instance: Instance) -> str:
    reference = instance.submit("adult").reference
    instance.clock.move(minutes=1)
    return reference


def test_a_case_s_trail_is_newest_first_and_holds_this_reading(
    instance: Instance, reference: str
) -> None:
    read_case(instance.services, reference, SUPPORT)
    instance.clock.move(minutes=1)

    trail = trail_of_case(instance.services, reference, MANAGER)

    assert [entry.action for entry in trail.entries] == [
        "read the audit trail",
        "opened a case",
        "submitted",
    ]
    assert (trail.entries[0].name, trail.after) == ("Max Manager", None)


def test_a_day_s_trail_holds_what_concerns_no_case_too(instance: Instance, reference: str) -> None:
    note(instance.services, SUPPORT, "signed in")
    instance.clock.move(minutes=1)

    trail = trail_of_day(instance.services, TODAY, ADMIN)

    assert [(entry.action, entry.reference) for entry in trail.entries] == [
        ("read the audit trail", ""),
        ("signed in", ""),
        ("submitted", reference),
    ]


def test_another_day_s_trail_is_another(instance: Instance, reference: str) -> None:
    assert trail_of_day(instance.services, TODAY - timedelta(days=1), ADMIN).entries == ()


def test_pages_follow_each_other(instance: Instance, reference: str) -> None:
    for _ in range(3):
        instance.clock.move(minutes=1)
        note(instance.services, SUPPORT, "opened a case", reference)

    found: list[AuditEntry] = []
    after: str | None = None
    while True:
        trail = history_of(instance.services, reference, after=after, limit=3)
        found += trail.entries
        after = trail.after
        if after is None:
            break

    assert [entry.action for entry in found] == ["opened a case"] * 3 + ["submitted"]


@pytest.mark.parametrize("after", ["", "x", "2026-11-20T14:30:00.000000Z#" + "g" * 32])
def test_a_cursor_that_is_none_of_ours_is_refused(
    instance: Instance, reference: str, after: str
) -> None:
    with pytest.raises(NotPossible, match="first page"):
        trail_of_case(instance.services, reference, MANAGER, after=after)
    with pytest.raises(NotPossible, match="first page"):
        trail_of_day(instance.services, TODAY, MANAGER, after=after)


def test_a_cursor_of_ours_is_taken(instance: Instance, reference: str) -> None:
    first = trail_of_case(instance.services, reference, MANAGER, limit=1)
    instance.clock.move(minutes=1)

    rest = trail_of_case(instance.services, reference, MANAGER, after=first.after)

    assert [entry.action for entry in rest.entries] == ["submitted"]


def test_who_may_not_read_the_trail_is_refused_and_that_is_in_it(
    instance: Instance, reference: str
) -> None:
    with pytest.raises(NotAllowed):
        trail_of_case(instance.services, reference, SUPPORT)
    with pytest.raises(NotAllowed):
        trail_of_day(instance.services, TODAY, SUPPORT)

    refusals = instance.table.audit[-2:]
    assert [entry.action for entry in refusals] == ["refused"] * 2
    assert refusals[0].details == {"to": "read the audit trail", "why": "wrong role"}


def test_a_barred_manager_does_not_read_the_case_s_trail(
    instance: Instance, reference: str
) -> None:
    work_on_case.bar(instance.services, reference, "manager", "Max", "Is a neighbour", OTHER, 1)

    with pytest.raises(NotAllowed):
        trail_of_case(instance.services, reference, MANAGER)

    assert instance.table.audit[-1].details["why"] == "conflict of interest"


@pytest.mark.parametrize("page", [1, 2, 50])
def test_a_day_s_trail_holds_nothing_of_a_case_that_one_is_barred_from(
    instance: Instance, reference: str, page: int
) -> None:
    open_to_both = instance.submit("child").reference
    work_on_case.bar(instance.services, reference, "manager", "Max", "Is a neighbour", OTHER, 1)
    with pytest.raises(NotAllowed):
        read_case(instance.services, reference, MANAGER)
    instance.clock.move(minutes=1)

    seen = whole_day(instance, MANAGER, page)

    assert reference not in str(seen)
    assert "submitted" in [entry.action for entry in seen if entry.reference == open_to_both]
    assert "barred a person from a case" in [
        entry.action for entry in whole_day(instance, OTHER, page) if entry.reference == reference
    ]


def whole_day(instance: Instance, person: Person, limit: int) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    after: str | None = None
    while True:
        trail = trail_of_day(instance.services, TODAY, person, after=after, limit=limit)
        found += trail.entries
        after = trail.after
        if after is None:
            return found


@pytest.mark.parametrize("of_day", [True, False])
def test_who_may_read_no_case_sees_that_somebody_acted_and_not_what_came_of_it(
    instance: Instance, reference: str, of_day: bool
) -> None:
    work_on_case.move_stage(instance.services, reference, Stage.SCOPING, "A reason", MANAGER, 1)
    note(instance.services, SUPPORT, "signed in", details={"roles": "business_support"})

    def moving(person: Person) -> AuditEntry:
        if of_day:
            trail = trail_of_day(instance.services, TODAY, person)
            assert {"roles": "business_support"} in [one.details for one in trail.entries]
        else:
            trail = trail_of_case(instance.services, reference, person)
        return next(one for one in trail.entries if one.action == "moved a case")

    assert moving(ADMIN) == replace(moving(MANAGER), details={})
    assert moving(MANAGER).details["stage"] == "submitted to scoping"


@pytest.mark.parametrize("typed", ["Canary Smith", "2026-11-20", "SUF-CANARY", "", "\n"])
def test_what_is_no_reference_is_refused_and_not_kept(
    instance: Instance, reference: str, typed: str
) -> None:
    with pytest.raises(NotAllowed):
        trail_of_case(instance.services, typed, MANAGER)

    entry = instance.table.audit[-1]
    assert (entry.action, entry.reference) == ("refused", "")
    assert entry.details == {"to": "read the audit trail", "why": "no such case"}


def test_a_case_that_there_is_not_is_refused_as_one_that_one_is_barred_from(
    instance: Instance,
) -> None:
    with pytest.raises(NotAllowed):
        trail_of_case(instance.services, "SUF-BBBB-CCCC", MANAGER)

    entry = instance.table.audit[-1]
    assert (entry.action, entry.reference) == ("refused", "")
    assert entry.details["why"] == "no such case"


@pytest.mark.parametrize("name", ["died_on", "incident_on"])
def test_the_day_on_which_somebody_came_to_harm_is_not_in_what_outlives_the_case(
    instance: Instance, reference: str, name: str
) -> None:
    record_date(instance.services, reference, name, date(2026, 11, 3), MANAGER, 1)

    entry = instance.table.audit[-1]
    assert entry.details == {"date": name, "on": "in the case"}
    assert "2026-11-03" not in str(instance.table.audit)


def test_an_entry_says_when_it_was(instance: Instance) -> None:
    note(instance.services, SUPPORT, "signed in", details={"by": "a test"})

    (entry,) = instance.table.audit
    assert (entry.at, entry.details) == (RECEIVED_AT, {"by": "a test"})
