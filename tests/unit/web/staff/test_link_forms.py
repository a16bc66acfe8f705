"""Cases that are linked and merged, as staff see and do it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.disposal import Approval
from chalicelib.referrals.disposal_steps import proof_of
from chalicelib.referrals.staff import Person, Role
from chalicelib.web.route import StaffRoute
from chalicelib.web.staff.routes import STAFF_ROUTES
from tests.unit.web.staff.conftest import AUDITOR, CHAIR, MANAGER, MEMBER, SUPPORT, Office
from tests.visitor import Page

NO_SUCH = "There is no case with this reference that you may open. Check the reference."
HOSTILE = "<script>alert(1)</script> {{ 7*7 }}"


def the_case(office: Office, reference: str) -> Case:
    return office.instance.table.cases[reference]


def do(office: Office, reference: str, tail: str, by: Person = MANAGER, /, **typed: str) -> Page:
    office.open(reference, tail, by)
    return office.at_desk(by).fill(**typed)


@pytest.fixture
def two(office: Office) -> tuple[str, str]:
    return office.receive(), office.receive()


def relate(office: Office, two: tuple[str, str], by: Person = SUPPORT) -> Page:
    return do(office, two[0], "links/related", by, other=two[1], reason="The same family")


def merge(office: Office, two: tuple[str, str]) -> Page:
    return do(office, two[0], "links/duplicate", other=two[1], reason="The same fall")


def bar(office: Office, reference: str, person: Person) -> None:
    office.at_desk(person)
    do(office, reference, "conflicts", person=person.id, reason="A neighbour")


def test_each_of_two_related_cases_leads_to_the_other(office: Office, two: tuple[str, str]) -> None:
    page = relate(office, two)

    assert "The two cases are linked" in page.text
    for reference, other in (two, two[::-1]):
        shown = office.open(reference, person=AUDITOR)
        assert f"Related to {other}" in shown.text
        assert shown.links[other] == f"/staff/cases/{other}"
        assert "The same family" in shown.text
        assert "Linked by Sal Support" in shown.text


def test_a_merged_case_says_where_it_goes_on_and_the_other_what_it_is_also_known_as(
    office: Office, two: tuple[str, str]
) -> None:
    page = merge(office, two)

    assert "The case is closed as a duplicate" in page.text
    assert f"This case is a duplicate of {two[1]}, which goes on instead." in page.text
    shown = office.open(two[1], person=MEMBER)
    assert f"Also notified as {two[0]}, which was merged into this case." in shown.text
    assert office.open(two[0], person=MEMBER).status == 200, "both stay to be read"


def test_on_paper_the_links_stand_and_no_link_to_end_them(
    office: Office, two: tuple[str, str]
) -> None:
    merge(office, two)

    page = office.open(two[1], "print")

    assert page.text.count(f"Also notified as {two[0]}") == 2
    assert "End a link" not in page.links


def test_an_ended_link_is_folded_away_with_its_reason(office: Office, two: tuple[str, str]) -> None:
    relate(office, two)
    link = the_case(office, two[0]).work.links[0].id

    page = do(office, two[0], "links/ended", SUPPORT, link=link, reason="Another family")

    assert "The link has ended" in page.text
    assert "No other case is linked to this one" in page.text
    assert "Another family (Sal Support)" in office.open(two[1]).text


def test_only_a_manager_ends_what_merges_two_cases(office: Office, two: tuple[str, str]) -> None:
    merge(office, two)
    link = the_case(office, two[1]).work.links[0].id

    assert "There is no link that you can end" in office.open(two[1], "links/ended", SUPPORT).text
    assert "End a link" not in office.open(two[1], person=SUPPORT).links
    page = do(office, two[1], "links/ended", link=link, reason="Another fall")

    assert "The link has ended" in page.text
    assert the_case(office, two[0]).work.is_closed


@pytest.mark.parametrize("tail", ["links/related", "links/duplicate"])
def test_what_is_left_out_is_asked_for_beside_its_box(
    office: Office, two: tuple[str, str], tail: str
) -> None:
    page = do(office, two[0], tail)

    assert page.errors == ["Enter the reference of the other case", "Enter the reason"]
    assert page.error_targets == ["#other", "#reason"]


def test_a_link_to_end_is_chosen_and_a_reason_given(office: Office, two: tuple[str, str]) -> None:
    relate(office, two)

    assert do(office, two[0], "links/ended").errors == ["Select the link", "Enter the reason"]
    assert do(office, two[0], "links/ended", reason="x").errors == ["Select the link"]


@pytest.mark.parametrize("tail", ["links/related", "links/duplicate"])
def test_a_case_that_one_is_barred_from_is_refused_like_one_that_there_is_not(
    office: Office, two: tuple[str, str], tail: str
) -> None:
    bar(office, two[1], SUPPORT if tail == "links/related" else MANAGER_TOO)
    by = SUPPORT if tail == "links/related" else MANAGER_TOO

    barred = do(office, two[0], tail, by, other=two[1], reason="The same fall")
    missing = do(office, two[0], tail, by, other="SUF-BBBB-CCCC", reason="The same fall")

    assert barred.errors == missing.errors == [NO_SUCH]
    assert barred.text == missing.text
    assert the_case(office, two[0]).version == 1


def test_who_is_barred_from_one_of_linked_cases_finds_it_on_no_page_of_the_others(
    office: Office, two: tuple[str, str]
) -> None:
    ended, kept_out_of = office.receive(), two[1]
    relate(office, (ended, kept_out_of))
    link = the_case(office, ended).work.links[0].id
    do(office, ended, "links/ended", link=link, reason="The same fault")
    relate(office, two)
    merge(office, two)
    bar(office, kept_out_of, EVERYTHING)
    told = []
    for route in STAFF_ROUTES:
        if "GET" not in route.methods:
            continue
        for reference in (two[0], ended):
            page = office.at_desk(EVERYTHING).send("GET", _address(route, reference))
            if kept_out_of in str(page.body) or "The same fa" in str(page.body):
                told.append(route.path)

    assert told == []
    assert "The same fa" in office.open(two[0]).html, "who is not barred is told"


def test_a_stale_form_does_not_name_the_case_that_one_is_barred_from(
    office: Office, two: tuple[str, str]
) -> None:
    office.open(two[0], "assign", MANAGER_TOO)
    office.instance.clock.move(minutes=1)
    relate(office, two)
    bar(office, two[1], MANAGER_TOO)

    page = office.at_desk(MANAGER_TOO).post(
        f"/staff/cases/{two[0]}/assign",
        {**_csrf(office, MANAGER_TOO), "assignee": "me", "version": "1"},
    )

    assert page.status == 409
    assert "Linked to a related case, by Sal Support" in page.text
    assert two[1] not in page.html


def test_a_form_that_was_sent_too_late_keeps_what_was_typed(
    office: Office, two: tuple[str, str]
) -> None:
    office.open(two[0], "links/related", SUPPORT)
    do(office, two[0], "assign", assignee="me")

    office.at_desk(SUPPORT).page = None
    page = office.at_desk(SUPPORT).post(
        f"/staff/cases/{two[0]}/links/related",
        {**_csrf(office, SUPPORT), "other": two[1], "reason": "The same", "version": "1"},
    )

    assert page.status == 409
    assert page.fields()["other"] == [two[1]]
    assert the_case(office, two[1]).work.links == ()


def test_a_second_press_links_once(office: Office, two: tuple[str, str]) -> None:
    typed = {**_csrf(office, SUPPORT), "other": two[1], "reason": "The same", "version": "1"}
    for _ in range(2):
        page = office.at_desk(SUPPORT).post(f"/staff/cases/{two[0]}/links/related", typed)

    assert page.status == 409
    assert len(the_case(office, two[0]).work.links) == 1


@pytest.mark.parametrize("tail", ["links/related", "links/duplicate", "redirect"])
def test_a_closed_case_offers_none_of_it(office: Office, two: tuple[str, str], tail: str) -> None:
    merge(office, two)

    page = office.open(two[0], tail)

    assert "The case is closed" in page.text
    assert not {"other", "told"} & {name for name in page.ids() if name}
    assert f"/staff/cases/{two[0]}/{tail}" not in office.open(two[0]).links.values()


def test_hostile_text_is_shown_as_text(office: Office, two: tuple[str, str]) -> None:
    page = do(office, two[0], "links/related", other=two[1], reason=HOSTILE)

    assert "<script>alert" not in page.html
    assert "{{ 7*7 }}" in page.text
    refused = do(office, two[1], "links/related", other=HOSTILE, reason="x")
    assert refused.errors == [NO_SUCH]
    assert "<script>alert" not in refused.html


@pytest.mark.parametrize("place", [0, 1])
def test_a_conflict_recorded_after_a_merge_keeps_out_of_both_cases(
    office: Office, two: tuple[str, str], place: int
) -> None:
    merge(office, two)

    bar(office, two[place], SUPPORT)

    assert [office.open(one, person=SUPPORT).status for one in two] == [403, 403]


def test_a_duplicate_of_a_disposed_case_says_so_and_no_more_of_it(
    office: Office, two: tuple[str, str]
) -> None:
    merge(office, two)
    (link,) = the_case(office, two[0]).work.links
    case, now = office.instance.table.cases.pop(two[1]), office.instance.clock.now()
    rule = office.instance.services.partnership.retention[0]
    approval = Approval("a-1", rule.id, 1, "Source", "p", "P", now, case.version)
    closed = replace(case.work, closed_on=now.date(), outcome="sar_mandatory")
    proof = proof_of(replace(case, work=closed), approval, rule, now)
    office.instance.table.proofs[two[1]] = proof

    shown = office.open(two[0])
    form = office.open(two[0], "links/ended")
    page = do(office, two[0], "links/ended", link=link.id, reason="It is gone")

    for one in (shown, form):
        assert "a case that was disposed of" in one.text
        assert two[1] not in one.html
        assert "The same fall" not in one.text
    assert "The link has ended" in page.text
    assert "disposed of" not in page.text.partition("Linked cases")[2].partition("What was done")[0]


def _address(route: StaffRoute, reference: str) -> str:
    path = route.path.replace("{reference}", reference).replace("{date}", "decided_on")
    return re.sub(r"\{\w+\}", "panel-considers", path)


EVERYTHING = Person("p-all", "All Roles", frozenset(Role))
MANAGER_TOO = Person("p-second", "Second Manager", frozenset({*MANAGER.roles, *CHAIR.roles}))


def _csrf(office: Office, person: Person) -> dict[str, str]:
    page = office.at_desk(person).get("/staff/account")
    return {"csrf": page.fields()["csrf"][0]}
