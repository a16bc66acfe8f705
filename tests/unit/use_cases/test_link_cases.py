"""Two cases linked, merged and parted: one change of both, told to nobody who may not know."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.referrals.case import Case, DeadlineState
from chalicelib.referrals.case_change import CaseChange, NotPossible
from chalicelib.referrals.case_work import Stage
from chalicelib.referrals.delivery import LIVE, Kind
from chalicelib.referrals.disposal import Approval
from chalicelib.referrals.disposal_steps import proof_of
from chalicelib.referrals.staff import NotAllowed, Role
from chalicelib.use_cases import change_several_cases, work_on_case
from chalicelib.use_cases.audit import trail_of_case
from chalicelib.use_cases.change_several_cases import MOST_MERGED
from chalicelib.use_cases.link_cases import end_link, link_related, links_of, merge_duplicate
from chalicelib.use_cases.ports import CaseChanged, StoreBusy
from tests.staff import a_person
from tests.unit.use_cases.instance import Instance, an_instance

SUPPORT = a_person(Role.BUSINESS_SUPPORT, id="support", name="Sam Support")
MANAGER = a_person(Role.BUSINESS_MANAGER, id="manager", name="Max Manager")
OTHER = a_person(Role.BUSINESS_MANAGER, id="other", name="Olu Other")
WHY = "Canary reason."
NO_SUCH = "There is no case with this reference that you may open. Check the reference."


@pytest.fixture
def instance() -> Instance:
    return an_instance()


@pytest.fixture
def two(instance: Instance) -> tuple[str, str]:
    return instance.submit("adult").reference, instance.submit("adult").reference


def case_of(instance: Instance, reference: str) -> Case:
    case = instance.services.cases.find(reference)
    assert case is not None
    return case


def stored(instance: Instance) -> dict[str, Case]:
    return dict(instance.table.cases)


def bar(instance: Instance, reference: str, person: Any = MANAGER) -> None:
    version = case_of(instance, reference).version
    services = instance.services
    work_on_case.bar(services, reference, person.id, person.name, "A reason", OTHER, version)


def test_related_cases_are_changed_together_each_with_its_entry(
    instance: Instance, two: tuple[str, str]
) -> None:
    case = link_related(instance.services, *two, WHY, SUPPORT, 1)

    other = case_of(instance, two[1])
    assert (case.version, case.touched, other.version, other.touched) == (2, 2, 2, 2)
    entries = instance.table.audit[-2:]
    assert {entry.reference for entry in entries} == set(two)
    assert {entry.actor for entry in entries} == {"support"}


def test_the_trail_of_either_case_names_the_link_and_not_the_other_case(
    instance: Instance, two: tuple[str, str]
) -> None:
    case = merge_duplicate(instance.services, *two, WHY, MANAGER, 1)

    link = case.work.links[0].id
    for reference, other in (two, two[::-1]):
        told = [entry for entry in instance.table.audit if entry.reference == reference][-1]
        assert told.details["link"] == link
        assert other not in str(told)
        assert WHY not in str(told)


def test_what_was_typed_is_read_as_a_search_reads_it(
    instance: Instance, two: tuple[str, str]
) -> None:
    typed = f"  {two[1].lower().replace('-', ' ')} "

    link_related(instance.services, two[0], typed, WHY, SUPPORT, 1)

    assert case_of(instance, two[1]).work.links[0].other == two[0]


def test_a_merged_duplicate_is_due_nothing_any_more_and_the_other_all(
    instance: Instance, two: tuple[str, str]
) -> None:
    before = [one.state for one in case_of(instance, two[1]).deadlines]

    case = merge_duplicate(instance.services, *two, WHY, MANAGER, 1)

    assert case.work.stage is Stage.CLOSED
    assert not any(one.is_open for one in case.deadlines)
    assert any(one.state is DeadlineState.WITHDRAWN for one in case.deadlines)
    assert not any(row.state in LIVE for row in instance.services.cases.reminders(two[0]))
    assert [one.state for one in case_of(instance, two[1]).deadlines] == before


def test_a_merge_that_one_transaction_cannot_take_is_stored_first_and_then_finished(
    instance: Instance, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_several_cases, "MOST_OF_EACH", 3)
    told: list[int] = []
    whole = instance.services.cases.change_all

    def noted(changes: list[CaseChange]) -> None:
        told.append(max(len(one.add) + len(one.cancel) for one in changes))
        whole(changes)

    monkeypatch.setattr(instance.services.cases, "change_all", noted)
    case = merge_duplicate(instance.services, *two, WHY, MANAGER, 1)

    assert told[0] <= 3 < sum(told)
    assert not any(one.is_open for one in case.deadlines)
    assert case == case_of(instance, two[0])
    assert case.rules_version == case_of(instance, two[1]).rules_version
    assert len(instance.deliveries(Kind.SCHEDULES)) > 2


def test_an_ended_link_ends_in_both(instance: Instance, two: tuple[str, str]) -> None:
    case = merge_duplicate(instance.services, *two, WHY, MANAGER, 1)
    link = case.work.links[0].id

    end_link(instance.services, two[1], link, "Another fall", MANAGER, 2)

    for reference in two:
        work = case_of(instance, reference).work
        assert (work.links, [one.link.id for one in work.ended_links]) == ((), [link])
    assert case_of(instance, two[0]).work.is_closed


@pytest.mark.parametrize("act", [link_related, merge_duplicate])
@pytest.mark.parametrize(
    "typed",
    ["SUF-BBBB-CCCC", "SAL-BBBB-CCCC", "Canary Name", "", "SUF-2026", "../", "é" * 500, "\x00"],
)
def test_what_is_no_case_is_refused_and_not_kept(
    instance: Instance, two: tuple[str, str], act: Any, typed: str
) -> None:
    before = stored(instance)

    with pytest.raises(NotPossible) as refused:
        act(instance.services, two[0], typed, WHY, MANAGER, 1)

    assert refused.value.problems == (("other", NO_SUCH),)
    assert stored(instance) == before
    assert "Canary" not in str(instance.table.audit[-1])


@pytest.mark.parametrize("act", [link_related, merge_duplicate])
def test_a_case_that_somebody_is_barred_from_answers_as_no_case(
    instance: Instance, two: tuple[str, str], act: Any
) -> None:
    bar(instance, two[1])
    before = stored(instance)

    with pytest.raises(NotPossible) as refused:
        act(instance.services, *two, WHY, MANAGER, 1)

    assert refused.value.problems == (("other", NO_SUCH),)
    assert stored(instance) == before
    entry = instance.table.audit[-1]
    assert (entry.action, entry.reference) == ("refused", two[1])
    assert entry.details["why"] == "conflict of interest"


def test_somebody_barred_from_the_case_itself_does_nothing_in_it(
    instance: Instance, two: tuple[str, str]
) -> None:
    case = link_related(instance.services, *two, WHY, SUPPORT, 1)
    bar(instance, two[0])
    before = stored(instance)

    for act in (link_related, merge_duplicate):
        with pytest.raises(NotAllowed):
            act(instance.services, *two, WHY, MANAGER, case.version + 1)
    with pytest.raises(NotAllowed):
        end_link(instance.services, two[0], case.work.links[0].id, WHY, MANAGER, 3)

    assert stored(instance) == before


def test_a_link_to_a_case_that_somebody_is_barred_from_is_not_told_to_them(
    instance: Instance, two: tuple[str, str]
) -> None:
    services = instance.services
    link = link_related(services, *two, WHY, SUPPORT, 1).work.links[0].id
    bar(instance, two[1])

    case = case_of(instance, two[0])
    assert links_of(services, case, MANAGER).standing == ()
    assert [one.other for one in links_of(services, case, SUPPORT).standing] == [two[1]]
    assert two[1] not in str(trail_of_case(services, two[0], MANAGER))
    with pytest.raises(NotPossible):
        end_link(services, two[0], link, WHY, MANAGER, case.version)


def test_a_link_to_a_case_that_is_not_kept_any_more_is_not_told(
    instance: Instance, two: tuple[str, str]
) -> None:
    case = link_related(instance.services, *two, WHY, SUPPORT, 1)
    del instance.table.cases[two[1]]

    assert links_of(instance.services, case, SUPPORT).standing == ()


def test_somebody_without_the_right_is_refused_and_told_in_the_trail(
    instance: Instance, two: tuple[str, str]
) -> None:
    with pytest.raises(NotAllowed):
        merge_duplicate(instance.services, *two, WHY, SUPPORT, 1)

    entry = instance.table.audit[-1]
    assert (entry.action, entry.details["why"]) == ("refused", "wrong role")


def test_a_form_that_was_sent_twice_or_too_late_does_nothing(
    instance: Instance, two: tuple[str, str]
) -> None:
    case = link_related(instance.services, *two, WHY, SUPPORT, 1)
    link, before = case.work.links[0].id, stored(instance)

    with pytest.raises(CaseChanged):
        link_related(instance.services, *two, WHY, SUPPORT, 1)
    with pytest.raises(CaseChanged):
        merge_duplicate(instance.services, *two, WHY, MANAGER, 1)
    with pytest.raises(CaseChanged):
        end_link(instance.services, two[0], link, WHY, SUPPORT, 1)

    assert stored(instance) == before


def test_the_other_case_may_have_been_changed_since_somebody_looked(
    instance: Instance, two: tuple[str, str]
) -> None:
    work_on_case.assign(instance.services, two[1], SUPPORT.id, SUPPORT.name, SUPPORT, 1)

    link_related(instance.services, *two, WHY, SUPPORT, 1)

    assert case_of(instance, two[1]).work.assignee == SUPPORT.id


def test_two_managers_who_merge_two_cases_into_each_other_at_once_make_one_duplicate(
    instance: Instance, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    services, whole = instance.services, instance.services.cases.change_all

    def second_first(changes: list[CaseChange]) -> None:
        monkeypatch.setattr(services.cases, "change_all", whole)
        merge_duplicate(services, two[1], two[0], WHY, OTHER, 1)
        whole(changes)

    monkeypatch.setattr(services.cases, "change_all", second_first)
    with pytest.raises(CaseChanged):
        merge_duplicate(services, *two, WHY, MANAGER, 1)

    assert [case_of(instance, one).work.is_closed for one in two] == [False, True]


def test_a_case_at_which_somebody_always_is_is_given_up_and_neither_is_changed(
    instance: Instance, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(changes: list[CaseChange]) -> None:
        raise CaseChanged

    monkeypatch.setattr(instance.services.cases, "change_all", taken)
    before = stored(instance)

    with pytest.raises(StoreBusy):
        link_related(instance.services, *two, WHY, SUPPORT, 1)

    assert stored(instance) == before


def merged_cases(instance: Instance, duplicates: int) -> list[str]:
    """The case that goes on, and then what was merged into it."""
    main, *others = (instance.submit("adult").reference for _ in range(duplicates + 1))
    for one in others:
        merge_duplicate(instance.services, one, main, WHY, MANAGER, 1)
    return [main, *others]


def barred_from(instance: Instance, person: Any) -> list[str]:
    cases = instance.table.cases.values()
    return sorted(case.reference for case in cases if person.id in case.work.barred)


@pytest.mark.parametrize("place", [0, 1, 3])
def test_whoever_is_barred_from_one_of_merged_cases_is_from_all(
    instance: Instance, place: int
) -> None:
    cases, apart = merged_cases(instance, 3), instance.submit("adult").reference
    link_related(instance.services, apart, cases[0], WHY, MANAGER, 1)
    before = len(instance.table.audit)

    bar(instance, cases[place], SUPPORT)

    assert barred_from(instance, SUPPORT) == sorted(cases)
    entries = instance.table.audit[before:]
    assert [entry.action for entry in entries] == ["barred a person from a case"] * 4
    assert sorted(entry.reference for entry in entries) == sorted(cases)
    assert {entry.details["person"] for entry in entries} == {"support"}


def test_a_conflict_that_has_ended_has_ended_in_all_merged_cases_and_is_kept(
    instance: Instance,
) -> None:
    cases = merged_cases(instance, 2)
    bar(instance, cases[0], SUPPORT)
    version = case_of(instance, cases[2]).version

    work_on_case.unbar(instance.services, cases[2], "support", "Moved", OTHER, version)

    assert barred_from(instance, SUPPORT) == []
    for one in cases:
        (ended,) = case_of(instance, one).work.ended_conflicts
        assert (ended.person, ended.reason, ended.by) == ("support", "Moved", OTHER.name)


def test_whoever_is_assigned_to_a_merged_case_and_barred_from_another_loses_it(
    instance: Instance,
) -> None:
    cases = merged_cases(instance, 1)
    version = case_of(instance, cases[0]).version
    work_on_case.assign(instance.services, cases[0], "support", "Sam", SUPPORT, version)

    bar(instance, cases[1], SUPPORT)

    assert case_of(instance, cases[0]).work.assignee == ""


def test_a_merge_bars_also_from_what_was_merged_before(instance: Instance) -> None:
    main, *others = merged_cases(instance, 2)
    barring = instance.submit("adult").reference
    bar(instance, barring, SUPPORT)

    merge_duplicate(instance.services, main, barring, WHY, MANAGER, case_of(instance, main).version)

    assert barred_from(instance, SUPPORT) == sorted([main, barring, *others])
    took = [one for one in instance.table.audit if one.action == "took over conflicts of interest"]
    assert sorted(one.reference for one in took) == sorted(others)


def test_a_duplicate_that_changes_meanwhile_is_barred_from_as_it_is_then(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, services = merged_cases(instance, 1), instance.services
    whole, late = services.cases.change_all, instance.submit("adult").reference

    def another_first(changes: list[CaseChange]) -> None:
        monkeypatch.setattr(services.cases, "change_all", whole)
        version = case_of(instance, late).version
        merge_duplicate(services, late, cases[0], WHY, MANAGER, version)
        whole(changes)

    monkeypatch.setattr(services.cases, "change_all", another_first)
    bar(instance, cases[1], SUPPORT)

    assert barred_from(instance, SUPPORT) == sorted([*cases, late])


def test_only_so_many_cases_are_merged_into_one_and_the_next_is_told_what_to_do(
    instance: Instance,
) -> None:
    cases, more = merged_cases(instance, MOST_MERGED - 1), instance.submit("adult").reference

    with pytest.raises(NotPossible, match="Link this one as related instead"):
        merge_duplicate(instance.services, more, cases[0], WHY, MANAGER, 1)

    assert not case_of(instance, more).work.is_closed
    bar(instance, cases[0], SUPPORT)
    assert barred_from(instance, SUPPORT) == sorted(cases)


def test_somebody_barred_is_refused_and_told_in_the_trail(instance: Instance) -> None:
    cases = merged_cases(instance, 1)
    before = stored(instance)
    version = case_of(instance, cases[0]).version

    with pytest.raises(NotAllowed):
        work_on_case.bar(instance.services, cases[0], "p", "P", "Kin", SUPPORT, version)

    assert stored(instance) == before
    assert instance.table.audit[-1].details["why"] == "wrong role"


def disposed_main(instance: Instance, barred: tuple[str, ...] = ()) -> tuple[str, str]:
    """A duplicate, and the reference of its main case that was disposed of."""
    main, duplicate = merged_cases(instance, 1)
    case = case_of(instance, main)
    now = instance.clock.now()
    rule = instance.services.partnership.retention[0]
    approval = Approval("a-1", rule.id, 1, "Source", "p", "P", now, case.version)
    case = replace(case, work=replace(case.work, closed_on=now.date(), outcome="sar_mandatory"))
    proof = replace(proof_of(case, approval, rule, now), barred=barred)
    del instance.table.cases[main]
    instance.table.proofs[main] = proof
    return duplicate, main


def test_the_link_to_a_case_that_was_disposed_of_can_be_ended(instance: Instance) -> None:
    duplicate, main = disposed_main(instance)
    case = case_of(instance, duplicate)
    (link,) = links_of(instance.services, case, MANAGER).gone

    with pytest.raises(NotAllowed):
        end_link(instance.services, duplicate, link.id, "Gone", SUPPORT, case.version)
    after = end_link(instance.services, duplicate, link.id, "Gone", MANAGER, case.version)

    assert (after.work.links, [one.reason for one in after.work.ended_links]) == ((), ["Gone"])
    assert main not in str(instance.table.audit[-1])
    other = instance.submit("adult").reference
    work_on_case.reopen_case(
        instance.services, duplicate, Stage.SUBMITTED, "News", MANAGER, after.version
    )
    merge_duplicate(
        instance.services, duplicate, other, WHY, MANAGER, case_of(instance, duplicate).version
    )


def test_whoever_was_barred_from_a_disposed_case_is_told_nothing_of_it(instance: Instance) -> None:
    duplicate, _ = disposed_main(instance, barred=(MANAGER.id,))
    case = case_of(instance, duplicate)

    assert links_of(instance.services, case, MANAGER).gone == ()
    with pytest.raises(NotPossible, match="no case with this reference"):
        end_link(instance.services, duplicate, case.work.links[0].id, WHY, MANAGER, case.version)
