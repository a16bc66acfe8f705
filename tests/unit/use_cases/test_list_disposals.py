"""What may be disposed of, the proofs of what was, and who sees none of it."""

from datetime import UTC

import pytest

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.staff import NotAllowed, Person, Role
from chalicelib.use_cases import keep_or_dispose, list_disposals, work_on_case
from chalicelib.use_cases.audit import trail_of_case, trail_of_day
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.list_disposals import (
    list_disposable,
    list_proofs,
    read_proof,
    search_proof,
)
from tests.staff import a_person
from tests.unit.use_cases.disposing import (
    MANAGER,
    OTHER,
    a_closed_case,
    an_approved_case,
    approve,
    let_years_pass,
)
from tests.unit.use_cases.instance import Instance, an_instance

NOBODYS = "SUF-BBBB-BBBB"
WRONG = [a_person(role, id="p-9") for role in Role if role is not Role.BUSINESS_MANAGER]


@pytest.fixture
def instance() -> Instance:
    return an_instance()


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_disposals, "PAGE", 3)
    monkeypatch.setattr(list_disposals, "_MOST_READ", 5)


def hold(instance: Instance, reference: str) -> None:
    version = instance.table.cases[reference].version
    keep_or_dispose.hold_case(instance.services, reference, "An inquest", OTHER, version)


def bar(instance: Instance, reference: str, person: Person = MANAGER) -> None:
    version = instance.table.cases[reference].version
    by = OTHER if person == MANAGER else MANAGER
    work_on_case.bar(instance.services, reference, person.id, person.name, "Kin", by, version)


def listed(instance: Instance, person: Person = MANAGER) -> tuple[list[str], list[str], int]:
    """The whole list, its cursors, and how many were passed over for a hold."""
    found: list[str] = []
    cursors: list[str] = []
    held, after = 0, None
    while True:
        page = list_disposable(instance.services, person, after=after)
        assert len(page.rows) <= 3
        found += [row.case.reference for row in page.rows]
        held += page.held
        if page.after is None:
            return found, cursors, held
        assert page.after != after
        after = page.after
        cursors.append(after)


def closed_on_many_days(instance: Instance, number: int) -> list[str]:
    """References of cases, closed a day apart, as they come in the list."""
    references = []
    for one in range(number):
        references.append(a_closed_case(instance, "child" if one % 3 == 2 else "adult"))
        instance.clock.move(days=1)
    return references


def test_a_case_is_listed_from_the_day_on_which_its_time_is_over(instance: Instance) -> None:
    reference = a_closed_case(instance)
    let_years_pass(instance)
    instance.clock.move(days=-1)
    assert listed(instance) == ([], [], 0)

    instance.clock.move(days=1)

    (row,) = list_disposable(instance.services, MANAGER).rows
    assert (row.case.reference, row.kept.rule.id, row.approval) == (
        reference,
        "adult-not-ours",
        None,
    )


def test_both_streams_come_closed_longest_ago_first_page_by_page(instance: Instance) -> None:
    references = closed_on_many_days(instance, 8)
    let_years_pass(instance, 40)

    found, cursors, _ = listed(instance)

    assert found == references
    assert len(cursors) == 2


def test_a_stream_that_is_kept_for_longer_is_not_listed_yet(instance: Instance) -> None:
    references = closed_on_many_days(instance, 6)
    let_years_pass(instance, 20)

    assert listed(instance)[0] == [one for n, one in enumerate(references) if n % 3 != 2]


def test_open_cases_are_never_listed(instance: Instance) -> None:
    instance.submit()
    let_years_pass(instance, 100)

    assert listed(instance) == ([], [], 0)


def test_held_cases_are_passed_over_and_counted(instance: Instance) -> None:
    references = closed_on_many_days(instance, 14)
    for reference in references[2:11]:
        hold(instance, reference)
    let_years_pass(instance, 40)

    found, _, held = listed(instance)

    assert found == [*references[:2], *references[11:]]
    assert held == 9


def test_what_is_passed_over_in_one_stream_puts_none_of_another_before_its_turn(
    instance: Instance,
) -> None:
    references = closed_on_many_days(instance, 8)
    for number in (0, 1, 3):
        hold(instance, references[number])
    let_years_pass(instance, 40)

    assert listed(instance)[0] == [references[number] for number in (2, 4, 5, 6, 7)]


def test_cases_that_a_person_is_barred_from_are_in_no_list_count_or_address(
    instance: Instance,
) -> None:
    references = closed_on_many_days(instance, 14)
    hidden = references[2:11]
    for reference in hidden:
        bar(instance, reference)
    hold(instance, hidden[0])
    let_years_pass(instance, 40)

    found, cursors, held = listed(instance)

    assert found == [one for one in references if one not in hidden]
    assert held == 0
    assert not [cursor for cursor in cursors if cursor.partition("#")[2] in hidden]
    assert listed(instance, OTHER)[0] == [one for one in references if one != hidden[0]]


def test_one_that_is_approved_says_so(instance: Instance) -> None:
    reference = a_closed_case(instance)
    let_years_pass(instance)
    row = approve(instance, reference)

    (found,) = list_disposable(instance.services, MANAGER).rows

    assert found.approval is not None
    assert found.approval.id == row.id


@pytest.mark.parametrize("person", WRONG)
def test_no_other_role_lists_or_reads_any_of_it(instance: Instance, person: Person) -> None:
    reference, row = an_approved_case(instance)
    deliver(instance.services, row.id)
    services, told = instance.services, len(instance.table.audit)

    for look in (list_disposable, list_proofs):
        with pytest.raises(NotAllowed):
            look(services, person)
    with pytest.raises(NotAllowed):
        read_proof(services, reference, person)
    assert search_proof(services, reference, person) is None

    refused = instance.table.audit[told:]
    assert [entry.details["why"] for entry in refused] == ["wrong role"] * 3


@pytest.mark.parametrize("after", ["x", "2026-11-20#", "2026-11-20#SUF-BCDF-3479#more", "é"])
def test_a_page_that_is_none_is_refused(instance: Instance, after: str) -> None:
    for look in (list_disposable, list_proofs):
        with pytest.raises(NotPossible, match="first page"):
            look(instance.services, MANAGER, after=after)


def disposed(instance: Instance, number: int, barred: tuple[int, ...] = ()) -> list[str]:
    references = [a_closed_case(instance) for _ in range(number)]
    let_years_pass(instance)
    for place, reference in enumerate(references):
        if place in barred:
            bar(instance, reference, OTHER)
        row = approve(instance, reference)
        instance.clock.move(hours=25)
        deliver(instance.services, row.id)
    return references


def test_proofs_come_newest_first_page_by_page(instance: Instance) -> None:
    references = disposed(instance, 4)

    first = list_proofs(instance.services, MANAGER)
    second = list_proofs(instance.services, MANAGER, after=first.after)

    found = [proof.reference for proof in (*first.rows, *second.rows)]
    assert found == references[::-1]
    assert second.after is None


def test_whoever_was_barred_from_a_case_learns_nothing_of_it_when_it_is_gone(
    instance: Instance,
) -> None:
    references = disposed(instance, 5, barred=(1, 2))
    hidden, services = references[1], instance.services

    page = list_proofs(services, OTHER)
    assert [proof.reference for proof in page.rows] == [references[n] for n in (4, 3, 0)]
    assert page.after is None
    assert search_proof(services, hidden, OTHER) is None
    day = instance.clock.now().astimezone(UTC).date()
    seen = {entry.reference for entry in trail_of_day(services, day, OTHER, limit=500).entries}
    assert not seen & {hidden, references[2]}
    for asked, why in ((hidden, "conflict of interest"), (NOBODYS, "no such case")):
        with pytest.raises(NotAllowed):
            read_proof(services, asked, OTHER)
        assert instance.table.audit[-1].details["why"] == why
    with pytest.raises(NotAllowed):
        trail_of_case(services, hidden, OTHER)


def test_others_read_the_trail_of_a_case_that_is_gone(instance: Instance) -> None:
    (reference,) = disposed(instance, 1)

    trail = trail_of_case(instance.services, reference, OTHER)

    seen = {entry.action for entry in trail.entries}
    assert {"submitted", "disposed of a case", "read the audit trail"} <= seen


def test_every_look_is_in_the_trail(instance: Instance) -> None:
    (reference,) = disposed(instance, 1)
    told = len(instance.table.audit)

    list_disposable(instance.services, MANAGER)
    list_proofs(instance.services, MANAGER)
    read_proof(instance.services, reference, MANAGER)

    assert [(entry.action, entry.reference) for entry in instance.table.audit[told:]] == [
        ("listed what may be disposed of", ""),
        ("listed proofs of disposal", ""),
        ("read a proof of disposal", reference),
    ]


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{bare}"])
def test_a_proof_is_found_by_its_reference(instance: Instance, typed: str) -> None:
    (reference,) = disposed(instance, 1)
    bare = reference.replace("-", "")

    asked = typed.format(reference, lower=reference.lower(), bare=bare)

    assert search_proof(instance.services, asked, MANAGER) == reference
    assert search_proof(instance.services, NOBODYS, MANAGER) is None
    assert search_proof(instance.services, "a name", MANAGER) is None
