"""What staff do to a case: done once, refused beside the field, never over somebody else's work."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chalicelib.referrals.case import Case
from chalicelib.referrals.staff import Person, Role
from chalicelib.web.route import StaffRoute
from chalicelib.web.staff.routes import CASE_FORMS
from tests.staff import a_person
from tests.unit.web.staff.conftest import (
    ADMIN,
    AUDITOR,
    CHAIR,
    MANAGER,
    MEMBER,
    SUPPORT,
    Office,
)
from tests.visitor import Page

TODAY = {"on__day": "20", "on__month": "11", "on__year": "2026"}
NOT_THEIRS = [
    pytest.param(route, person, id=f"{route.path} {person.name}")
    for route in CASE_FORMS
    for person in (MANAGER, SUPPORT, MEMBER, CHAIR, AUDITOR, ADMIN)
    if not person.may(route.access)
]


def the_case(office: Office, reference: str) -> Case:
    return office.instance.table.cases[reference]


def do(office: Office, reference: str, tail: str, by: Person = MANAGER, /, **typed: str) -> Page:
    """A person opens a form of a case, fills it in and sends it."""
    office.open(reference, tail, by)
    return office.at_desk(by).fill(**typed)


def test_an_acknowledged_case_moves_on_and_its_deadline_is_met(office: Office) -> None:
    reference = office.receive()

    page = do(office, reference, "acknowledge", SUPPORT)

    assert "The referral is recorded as acknowledged" in page.text
    assert the_case(office, reference).work.stage == "acknowledged"
    assert "Met on Friday 20 November 2026" in page.text


def test_a_case_is_assigned_to_oneself_to_somebody_and_to_nobody(office: Office) -> None:
    reference = office.receive()
    office.at_desk(SUPPORT)

    who = []
    for choice in ("me", SUPPORT.id, "nobody"):
        do(office, reference, "assign", assignee=choice)
        who.append(the_case(office, reference).work.assignee_name)

    assert who == ["Mo Manager", "Sal Support", ""]


def test_a_stage_is_moved_on_without_a_reason_and_elsewhere_with_one(office: Office) -> None:
    reference = office.receive()
    do(office, reference, "acknowledge")

    do(office, reference, "stage", SUPPORT, stage="scoping")
    refused = do(office, reference, "stage", stage="acknowledged")
    office.at_desk().fill(reason="Asked the wrong agencies")

    assert refused.error_targets == ["#reason"]
    assert the_case(office, reference).work.stage == "acknowledged"


def test_only_a_manager_is_offered_to_move_a_case_back(office: Office) -> None:
    reference = office.receive()
    do(office, reference, "acknowledge")

    assert "Out of turn" in office.open(reference, "stage").text
    assert "Out of turn" not in office.open(reference, "stage", SUPPORT).text


def test_a_recorded_date_starts_the_deadline_that_counts_from_it(office: Office) -> None:
    reference = office.receive()

    page = do(office, reference, "dates/scoping_requested_on", **TODAY)

    assert "The date is recorded" in page.text
    assert "Due Fri 4 Dec 2026" in page.text
    assert "Friday 20 November 2026, recorded by Mo Manager" in page.text


def test_a_date_can_be_recorded_as_not_known_after_all(office: Office) -> None:
    reference = office.receive()
    do(office, reference, "dates/scoping_requested_on", **TODAY)

    do(office, reference, "dates/scoping_requested_on", unknown="yes")

    assert "scoping_requested_on" not in the_case(office, reference).known()


@pytest.mark.parametrize(
    ("boxes", "told"),
    [
        (("", "", ""), "Enter the date, or select that it is not known"),
        (("4", "", "2026"), "must include a month"),
        (("31", "2", "2026"), "must be a real date"),
        (("1", "1", "26x"), "must be a real date"),
        (("1", "1", "٢٠٢٦"), "must be a real date"),
        (("24", "12", "2026"), "has not come yet"),
    ],
)
def test_a_date_that_cannot_be_is_refused_beside_its_boxes(
    office: Office, boxes: tuple[str, str, str], told: str
) -> None:
    reference = office.receive()
    day, month, year = boxes

    page = do(
        office,
        reference,
        "dates/scoping_requested_on",
        on__day=day,
        on__month=month,
        on__year=year,
    )

    assert page.status == 422
    assert page.error_targets == ["#on-day"]
    assert told in page.errors[0]
    assert page.fields()["on-year"] == [year]


def test_a_deadline_is_met_withdrawn_set_aside_and_put_in_force_again(office: Office) -> None:
    reference, act = office.receive(), "panel-considers"

    states = []
    for tail, typed in (
        ("met", TODAY),
        ("in-force", {"reason": "Not yet"}),
        ("withdrawn", {"reason": "No longer needed"}),
        ("in-force", {"reason": "Needed after all"}),
        ("not-applicable", {"reason": "Another board's"}),
    ):
        do(office, reference, f"deadlines/{act}/{tail}", **typed)
        deadline = the_case(office, reference).deadline(act)
        assert deadline is not None
        states.append(deadline.state.value)

    assert states == ["met", "open", "withdrawn", "open", "not_applicable"]


def test_a_deadline_is_not_withdrawn_without_a_reason(office: Office) -> None:
    page = do(office, office.receive(), "deadlines/panel-considers/withdrawn")

    assert page.errors == ["Enter the reason"]


@pytest.mark.parametrize(
    ("tail", "status", "told"),
    [
        ("dates/no_such_date", 404, "Page not found"),
        ("deadlines/no-such-act/met", 200, "Open the case and choose again"),
    ],
)
def test_what_the_partnership_does_not_have_is_told_without_a_form(
    office: Office, tail: str, status: int, told: str
) -> None:
    page = office.open(office.receive(), tail)

    assert page.status == status
    assert told in page.text


@pytest.mark.parametrize("version", ["1", "7", ""])
@pytest.mark.parametrize(
    ("tail", "status"), [("dates/nonsense", 404), ("deadlines/nonsense/withdrawn", 409)]
)
def test_a_stale_post_to_what_is_not_there_is_refused(
    office: Office, tail: str, status: int, version: str
) -> None:
    reference = office.receive()
    office.open(reference, "assign")
    csrf = office.at_desk().get("/staff/account").fields()["csrf"]
    typed = {"csrf": csrf, **_everything(), "version": version}

    page = office.at_desk().post(f"/staff/cases/{reference}/{tail}", typed)

    assert page.status == status
    assert the_case(office, reference).version == 1


@pytest.mark.parametrize("route", CASE_FORMS, ids=lambda route: route.path)
def test_every_form_that_shows_a_case_is_in_the_trail_of_the_case(
    office: Office, route: StaffRoute
) -> None:
    reference = office.receive()
    person = CHAIR if CHAIR.may(route.access) else MANAGER
    path = address(office, route, reference)

    page = office.at_desk(person).get(path)

    assert page.status == 200
    assert office.actions()[-1] == "opened a form of a case"
    assert last(office) == (reference, person.id, {"page": route.path})


def test_a_form_that_comes_back_refused_is_in_the_trail(office: Office) -> None:
    reference = office.receive()

    page = do(office, reference, "deadlines/panel-considers/withdrawn")

    assert page.status == 422
    assert last(office) == (
        reference,
        MANAGER.id,
        {
            "page": "/staff/cases/{reference}/deadlines/{act}/withdrawn",
            "why": "not accepted",
        },
    )


def address(office: Office, route: StaffRoute, reference: str) -> str:
    """Where a form of a case is, with something there for it to be about."""
    request = office.ask(reference) if "{request}" in route.path else ""
    return route.path.format(
        reference=reference, date="decided_on", act="panel-considers", request=request
    )


def last(office: Office) -> tuple[str, str, Mapping[str, str]]:
    entry = office.instance.table.audit[-1]
    return entry.reference, entry.actor, entry.details


def test_a_case_is_closed_with_an_outcome_leaves_the_list_and_is_reopened(
    office: Office,
) -> None:
    reference = office.receive()

    closed = do(office, reference, "close", outcome="duplicate_merged", reason="Sent twice")
    listed = office.at_desk().get("/staff/cases")
    again = do(office, reference, "reopen", stage="submitted", reason="It was another case")

    assert "OutcomeDuplicate of another case" in closed.text
    assert reference not in listed.text
    assert "The case is open again" in again.text
    assert "Closed: Duplicate of another case" in again.text, "what was done stays"


def test_a_closed_case_offers_no_change(office: Office) -> None:
    reference = office.receive()
    do(office, reference, "close", outcome="duplicate_merged", reason="Sent twice")

    assert "The case is closed" in office.open(reference, "assign").text
    assert "Assign the case" not in office.open(reference).links


def test_whoever_is_barred_is_out_at_once_and_in_again_when_that_has_ended(
    office: Office,
) -> None:
    reference = office.receive()
    office.open(reference, person=SUPPORT)
    do(office, reference, "conflicts", person=SUPPORT.id, reason="A neighbour")
    barred = office.open(reference, person=SUPPORT).status

    do(office, reference, "conflicts/ended", person=SUPPORT.id, reason="Moved away")

    assert (barred, office.open(reference, person=SUPPORT).status) == (403, 200)
    kept = office.open(reference, "conflicts").text
    assert "A neighbour" in kept
    assert "Moved away" in kept


def test_somebody_who_never_signed_in_is_barred_by_their_id(office: Office) -> None:
    reference = office.receive()
    coming = a_person(Role.PANEL_MEMBER, id="6c84fb90-12c4-11e1-840d-7b25c5ee775a")

    page = do(
        office,
        reference,
        "conflicts",
        person="not-listed",
        id=f" {coming.id.upper()} ",
        name="Nova Newcomer",
        reason="A relative",
    )

    assert page.status == 200, page.errors
    assert office.open(reference, person=coming).status == 403
    assert "Nova Newcomer has a conflict of interest" in office.open(reference, "conflicts").text


@pytest.mark.parametrize(
    ("who", "name", "wrong"),
    [
        ("", "", 2),
        ("nova@council.example", "Nova", 1),
        ("Nova Newcomer", "Nova", 1),
        ("é", "Nova", 1),
        ("x" * 256, "Nova", 1),
        ("p-9", "N" * 201, 1),
        ("p-9", "Nova\u202eregana", 1),
        ("p-manager", "Mo Manager", 1),
    ],
)
def test_what_is_no_id_or_name_of_somebody_bars_nobody(
    office: Office, who: str, name: str, wrong: int
) -> None:
    reference = office.receive()

    page = do(
        office, reference, "conflicts", person="not-listed", id=who, name=name, reason="A relative"
    )

    assert (page.status, len(page.errors)) == (422, wrong)
    assert not office.instance.table.cases[reference].work.conflicts


def test_a_change_made_meanwhile_is_shown_beside_what_was_typed(office: Office) -> None:
    reference = office.receive()
    office.open(reference, "dates/scoping_requested_on")
    do(office, reference, "assign", SUPPORT, assignee="me")
    before = office.actions()

    page = office.at_desk().fill(**TODAY)

    assert page.status == 409
    assert "This case was changed after you opened this page" in page.text
    assert "What you typed Date 20 11 2026" in page.text
    assert "Assigned to Sal Support" in page.text
    assert office.actions() == [*before, "refused"], "nothing was done"
    assert last(office) == (
        reference,
        MANAGER.id,
        {"page": "/staff/cases/{reference}/dates/{date}", "why": "case changed meanwhile"},
    )


def test_after_a_change_meanwhile_the_same_can_be_sent_again(office: Office) -> None:
    reference = office.receive()
    office.open(reference, "dates/scoping_requested_on")
    do(office, reference, "assign", SUPPORT, assignee="me")
    office.at_desk().fill(**TODAY)

    page = office.at_desk().fill()

    assert "The date is recorded" in page.text
    assert the_case(office, reference).work.assignee_name == "Sal Support"


def test_what_was_refused_and_sent_again_is_still_held_against_the_case_as_it_was_seen(
    office: Office,
) -> None:
    reference = office.receive()
    office.open(reference, "dates/scoping_requested_on")
    do(office, reference, "assign", SUPPORT, assignee="me")
    refused = office.at_desk().fill()

    assert refused.status == 422
    assert office.at_desk().fill(**TODAY).status == 409


def test_two_who_acknowledge_at_once_are_told_so(office: Office) -> None:
    reference = office.receive()
    office.open(reference, "acknowledge")
    do(office, reference, "acknowledge", SUPPORT)

    page = office.at_desk().fill()

    assert page.status == 409
    assert "The referral is acknowledged already" in page.text
    assert office.actions()[-1] == "refused"


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "²", "9" * 5000])
def test_a_form_that_does_not_tell_its_version_changes_nothing(
    office: Office, version: str
) -> None:
    reference = office.receive()
    office.open(reference, "assign")

    page = office.at_desk().fill(assignee="me", version=version)

    assert page.status == 409
    assert the_case(office, reference).work.assignee == ""


@pytest.mark.parametrize(("route", "person"), NOT_THEIRS)
def test_a_post_by_whoever_may_not_is_refused_and_changes_nothing(
    office: Office, route: StaffRoute, person: Person
) -> None:
    reference = office.receive()
    path = address(office, route, reference)
    own = office.at_desk(person).get("/staff/account").fields()["csrf"]
    before = the_case(office, reference)

    page = office.at_desk(person).post(path, {"csrf": own, **_everything()})

    assert page.status == 403
    assert the_case(office, reference) == before


def _everything() -> Mapping[str, str]:
    return {
        "version": "1",
        "assignee": "me",
        "reason": "A reason",
        "outcome": "duplicate_merged",
        "person": SUPPORT.id,
        "stage": "acknowledged",
        "on-day": "20",
        "on-month": "11",
        "on-year": "2026",
    }
