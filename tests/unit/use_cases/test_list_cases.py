"""The list of open cases and the search: what is in them, for whom, and what of it is audited."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_work import Conflict, Stage
from chalicelib.referrals.staff import NotAllowed, Person, Role
from chalicelib.use_cases.list_cases import PAGE, CasePage, list_cases, search_case
from chalicelib.use_cases.open_year import open_year
from tests.staff import a_person
from tests.unit.use_cases.instance import RECEIVED_AT, Instance, an_instance

PERSON = a_person(Role.BUSINESS_SUPPORT, id="support")
OTHER = a_person(Role.BUSINESS_SUPPORT, id="other")
ADMIN = a_person(Role.SYSTEM_ADMIN, id="admin")
CONFLICT = Conflict("Pat Person", "A reason", "A manager", RECEIVED_AT)


@pytest.fixture
def instance() -> Instance:
    return an_instance()


def submit(instance: Instance, form: str = "adult", **work: object) -> str:
    """A case with some work done; its reference."""
    reference = instance.submit(form).reference
    case = instance.table.cases[reference]
    instance.table.cases[reference] = replace(case, work=replace(case.work, **work))  # type: ignore[arg-type]
    return reference


def references(page: CasePage) -> list[str]:
    return [row.reference for row in page.rows]


def test_what_is_overdue_comes_first(instance: Instance) -> None:
    late = submit(instance)
    instance.clock.move(days=5)
    new = submit(instance)

    page = list_cases(instance.services, PERSON)

    assert references(page) == [late, new]
    assert [row.overdue for row in page.rows] == [True, False]


def test_a_row_tells_what_is_next_due_and_who_has_the_case(instance: Instance) -> None:
    reference = submit(instance, stage=Stage.SCOPING, assignee="p-1", assignee_name="Pat Person")

    (row,) = list_cases(instance.services, PERSON).rows

    assert (row.reference, row.stream, row.stage, row.assignee_name) == (
        reference,
        "adult",
        Stage.SCOPING,
        "Pat Person",
    )
    assert row.next_deadline is not None
    assert row.next_deadline.rule == "acknowledge"
    assert row.received_at == RECEIVED_AT


@pytest.mark.parametrize(
    ("stream", "stage", "assignee", "expected"),
    [
        ("", "", None, "abcd"),
        ("adult", "", None, "abc"),
        ("child", "", None, "d"),
        ("", "scoping", None, "bd"),
        ("", "", "p-1", "bc"),
        ("", "", "", "ad"),
        ("adult", "scoping", None, "b"),
        ("adult", "", "p-1", "bc"),
        ("", "scoping", "p-1", "b"),
        ("adult", "submitted", "p-1", "c"),
        ("child", "scoping", "p-1", ""),
        ("", "published", None, ""),
    ],
)
def test_a_list_is_filtered_by_stream_stage_and_assignee_together(
    instance: Instance, stream: str, stage: str, assignee: str | None, expected: str
) -> None:
    made = {
        "a": submit(instance),
        "b": submit(instance, stage=Stage.SCOPING, assignee="p-1"),
        "c": submit(instance, assignee="p-1"),
        "d": submit(instance, "child", stage=Stage.SCOPING),
    }

    page = list_cases(instance.services, PERSON, stream=stream, stage=stage, assignee=assignee)

    assert set(references(page)) == {made[name] for name in expected}


def test_neither_a_closed_case_nor_the_partnership_s_year_is_listed(instance: Instance) -> None:
    open_year(instance.services)
    submit(instance, stage=Stage.CLOSED, closed_on=RECEIVED_AT.date(), outcome="duplicate_merged")

    assert list_cases(instance.services, PERSON) == CasePage((), None)


def test_pages_follow_each_other_until_the_last(instance: Instance) -> None:
    for _ in range(PAGE + 3):
        submit(instance)

    first = list_cases(instance.services, PERSON)
    last = list_cases(instance.services, PERSON, after=first.after)

    assert (len(first.rows), len(last.rows), last.after) == (PAGE, 3, None)
    assert len({*references(first), *references(last)}) == PAGE + 3


@pytest.mark.parametrize(
    "after",
    ["", "nonsense", "2026-11-24", "2026-11-24T23:59:00.000000Z#SUF-BCDF-3479\n", "é" * 100],
)
def test_a_cursor_that_is_none_of_ours_is_refused(instance: Instance, after: str) -> None:
    with pytest.raises(NotPossible, match="first page"):
        list_cases(instance.services, PERSON, after=after)


@pytest.mark.parametrize("filters", [{"stream": "adults"}, {"stage": "closed"}, {"stage": "x"}])
def test_a_filter_that_is_not_offered_is_refused(
    instance: Instance, filters: dict[str, str]
) -> None:
    with pytest.raises(NotPossible, match="in the list"):
        list_cases(instance.services, PERSON, **filters)


@pytest.mark.parametrize("filters", [{}, {"stream": "adult"}, {"stage": "scoping"}])
def test_a_case_that_one_is_barred_from_is_in_no_list_of_theirs(
    instance: Instance, filters: dict[str, str]
) -> None:
    reference = submit(instance, stage=Stage.SCOPING, conflicts={PERSON.id: CONFLICT})

    assert list_cases(instance.services, PERSON, **filters) == CasePage((), None)
    assert references(list_cases(instance.services, OTHER, **filters)) == [reference]


@pytest.mark.parametrize("hidden", [[0], [PAGE - 1], [PAGE], range(PAGE), range(10, PAGE + 8)])
def test_no_cursor_names_a_case_that_one_is_barred_from_and_no_other_is_lost(
    instance: Instance, hidden: Sequence[int]
) -> None:
    for _ in range(PAGE + 10):
        submit(instance)
    in_order = references(list_cases(instance.services, OTHER))
    in_order += references(
        list_cases(instance.services, OTHER, after=list_cases(instance.services, OTHER).after)
    )
    barred = {in_order[number] for number in hidden}
    for reference in barred:
        case = instance.table.cases[reference]
        work = replace(case.work, conflicts={PERSON.id: CONFLICT})
        instance.table.cases[reference] = replace(case, work=work)

    found, cursors, after = [], [], None
    while True:
        page = list_cases(instance.services, PERSON, after=after)
        found += references(page)
        after = page.after
        if after is None:
            break
        cursors.append(after)

    assert found == [one for one in in_order if one not in barred]
    assert not [one for one in cursors if one.partition("#")[2] in barred]


def test_a_list_is_in_the_trail_with_its_filters_and_no_reference(instance: Instance) -> None:
    submit(instance)

    list_cases(instance.services, PERSON, stream="adult", stage="scoping", assignee="p-1")

    entry = instance.table.audit[-1]
    assert (entry.actor, entry.action, entry.reference) == (PERSON.id, "listed cases", "")
    assert entry.details == {"stream": "adult", "stage": "scoping", "assignee": "p-1"}


@pytest.mark.parametrize("person", [ADMIN, Person("nobody", "No Body", frozenset())])
def test_who_may_read_no_case_is_refused_and_that_is_in_the_trail(
    instance: Instance, person: Person
) -> None:
    reference = submit(instance)

    with pytest.raises(NotAllowed):
        list_cases(instance.services, person)
    with pytest.raises(NotAllowed):
        search_case(instance.services, reference, person)

    refusals = [entry for entry in instance.table.audit if entry.actor == person.id]
    assert [entry.action for entry in refusals] == ["refused"] * 2


def typings(reference: str) -> list[str]:
    """Ways in which people type a reference."""
    short = reference.replace("-", "")
    return [
        reference,
        f"  {reference.lower()} ",
        short,
        short.lower().removeprefix("suf"),
        reference.replace("-", " "),
        reference.replace("-", "\u2013"),
    ]


def test_a_case_is_found_by_its_reference_however_it_is_typed(instance: Instance) -> None:
    reference = submit(instance)

    found = {search_case(instance.services, typed, PERSON) for typed in typings(reference)}

    assert found == {reference}


@pytest.mark.parametrize(
    "typed", ["", "Canary Smith", "SUF-YEAR", "SUF-BCDF-347", "x" * 10_000, "SUF-ÉÉÉÉ-3479"]
)
def test_what_is_no_reference_finds_nothing_and_is_not_kept(instance: Instance, typed: str) -> None:
    open_year(instance.services)

    assert search_case(instance.services, typed, PERSON) is None

    entry = instance.table.audit[-1]
    assert (entry.action, entry.reference) == ("searched for a case", "")
    assert entry.details == {"found": "no"}


def test_a_search_that_finds_is_in_the_case_s_trail(instance: Instance) -> None:
    reference = submit(instance)

    search_case(instance.services, reference, PERSON)

    assert (instance.table.audit[-1].reference, instance.table.audit[-1].details) == (
        reference,
        {"found": "yes"},
    )


def test_a_barred_person_finds_as_little_as_if_there_were_no_case(instance: Instance) -> None:
    reference = submit(instance, conflicts={PERSON.id: CONFLICT})

    assert search_case(instance.services, reference, PERSON) is None
    assert instance.table.audit[-1].reference == reference


def test_a_closed_case_is_still_found(instance: Instance) -> None:
    reference = submit(instance, stage=Stage.CLOSED)

    assert search_case(instance.services, reference, PERSON) == reference


def test_a_prompt_is_nothing_that_the_partnership_is_late_with(instance: Instance) -> None:
    reference = submit(instance)
    case: Case = instance.table.cases[reference]
    prompts = tuple(replace(item, kind="prompt") for item in case.deadlines)
    instance.table.cases[reference] = replace(case, deadlines=prompts)
    instance.clock.move(days=timedelta(days=99).days)

    (row,) = list_cases(instance.services, PERSON).rows

    assert (row.next_deadline, row.overdue) == (None, False)
