"""Opening a case: what is given, to whom, and that nothing is shown whose opening is not kept."""

from dataclasses import replace

import pytest

from chalicelib.referrals.case_work import Conflict
from chalicelib.referrals.delivery import Kind
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import NotAllowed, Person, Role
from chalicelib.use_cases.open_year import open_year
from chalicelib.use_cases.ports import StoreBusy
from chalicelib.use_cases.read_case import look_again, read_case
from tests.staff import a_person
from tests.unit.use_cases.instance import RECEIVED_AT, Instance, an_instance

PERSON = a_person(Role.PANEL_MEMBER, id="member", name="Mo Member")
ADMIN = a_person(Role.SYSTEM_ADMIN, id="admin")


@pytest.fixture
def instance() -> Instance:
    return an_instance()


@pytest.fixture
def reference(instance: Instance) -> str:
    return instance.submit("adult").reference


def entries(instance: Instance) -> list[tuple[str, str, str]]:
    return [(one.actor, one.action, one.reference) for one in instance.table.audit[1:]]


def test_a_case_is_opened_with_what_was_sent_and_what_was_emailed(
    instance: Instance, reference: str
) -> None:
    opened = read_case(instance.services, reference, PERSON)

    assert opened.case.reference == opened.referral.reference == reference
    assert opened.referral.answers["summary"].startswith("Canary")
    kinds = [delivery.kind for delivery in opened.deliveries]
    assert kinds[:2] == [Kind.TEAM_EMAIL, Kind.RECEIPT_EMAIL]
    assert set(kinds[2:]) == {Kind.REMINDER_EMAIL}


def test_reminders_come_by_their_day(instance: Instance, reference: str) -> None:
    opened = read_case(instance.services, reference, PERSON)

    days = [one.at for one in opened.deliveries if one.kind is Kind.REMINDER_EMAIL and one.at]
    assert len(days) > 1
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("to_print", "action"), [(False, "opened a case"), (True, "printed a case")]
)
def test_each_opening_is_in_the_trail(
    instance: Instance, reference: str, to_print: bool, action: str
) -> None:
    read_case(instance.services, reference, PERSON, to_print=to_print)

    assert entries(instance) == [("member", action, reference)]


def test_looking_again_at_what_is_open_is_no_opening(instance: Instance, reference: str) -> None:
    look_again(instance.services, reference, PERSON)

    assert entries(instance) == []


def test_nothing_is_shown_whose_opening_could_not_be_kept(
    instance: Instance, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: AuditEntry) -> None:
        raise StoreBusy

    monkeypatch.setattr(instance.services.audit, "add", busy)

    with pytest.raises(StoreBusy):
        read_case(instance.services, reference, PERSON)


def test_a_barred_person_opens_nothing_and_the_try_is_in_the_trail(
    instance: Instance, reference: str
) -> None:
    case = instance.table.cases[reference]
    conflict = Conflict("Mo Member", "A reason", "A manager", RECEIVED_AT)
    instance.table.cases[reference] = replace(
        case, work=replace(case.work, conflicts={"member": conflict})
    )

    for opening in (read_case, look_again):
        with pytest.raises(NotAllowed):
            opening(instance.services, reference, PERSON)

    assert entries(instance) == [("member", "refused", reference)] * 2
    assert instance.table.audit[-1].details == {
        "to": "open a case",
        "why": "conflict of interest",
    }


@pytest.mark.parametrize("person", [ADMIN, Person("nobody", "No Body", frozenset())])
def test_who_may_read_no_case_opens_none(
    instance: Instance, reference: str, person: Person
) -> None:
    with pytest.raises(NotAllowed):
        read_case(instance.services, reference, person)

    assert entries(instance) == [(person.id, "refused", reference)]


@pytest.mark.parametrize("wrong", ["SUF-BCDF-3479", "CANARY", "SUF-YEAR", ""])
def test_where_there_is_no_case_the_answer_is_the_same(instance: Instance, wrong: str) -> None:
    open_year(instance.services)

    with pytest.raises(NotAllowed) as refused:
        read_case(instance.services, wrong, PERSON)

    assert str(refused.value) == "not allowed"
    assert "CANARY" not in str(instance.table.audit)
