"""Legal holds, the list of what may be disposed of, its approval one by one, and the proof."""

from __future__ import annotations

import pytest

from chalicelib.referrals.delivery import Kind
from chalicelib.referrals.staff import Person
from chalicelib.use_cases import keep_or_dispose, work_on_case
from chalicelib.use_cases.deliver import deliver
from tests.staff import a_person, signed_in
from tests.unit.use_cases.disposing import let_years_pass
from tests.unit.web.staff.conftest import AUDITOR, CHAIR, MANAGER, MEMBER, SUPPORT, Office
from tests.visitor import Page

OTHER = a_person(id="p-other", name="Ola Other")
DISPOSAL, PROOFS = "/staff/disposal", "/staff/disposed"


@pytest.fixture
def reference(office: Office) -> str:
    """A case that was closed so long ago that it may be disposed of."""
    reference = office.receive()
    close(office, reference)
    let_years_pass(office.instance)
    return reference


def close(office: Office, reference: str) -> None:
    services = office.instance.services
    work_on_case.close_case(services, reference, "duplicate_merged", "The same fall", MANAGER, 1)


def version(office: Office, reference: str) -> int:
    return office.instance.table.cases[reference].version


def approve(office: Office, case: str, **typed: str) -> Page:
    office.open(case, "disposal")
    return office.at_desk().fill(**{"reference": case, "checked": "yes", **typed})


def dispose(office: Office, reference: str) -> None:
    approve(office, reference)
    office.instance.clock.move(hours=24)
    deliver(office.instance.services, office.instance.only(Kind.DISPOSAL).id)
    office._browsers.clear()


def hold(office: Office, reference: str, reason: str = "An inquest") -> Page:
    office.open(reference, "hold")
    return office.at_desk().fill(reason=reason)


def test_the_case_says_how_long_it_is_kept_and_why(office: Office) -> None:
    reference = office.receive()
    counted = office.open(reference).text
    close(office, reference)

    closed = office.open(reference).text

    assert "counted from the day on which it is closed" in counted
    assert "kept until Thursday 20 November 2036: 10 years after it was closed" in closed
    assert "for the partnership to confirm" in closed
    assert "Nothing is ever deleted by itself" in closed
    assert "Approve the disposal" not in closed


def test_a_case_whose_time_is_over_is_listed_with_what_to_do(
    office: Office, reference: str
) -> None:
    page = office.at_desk().get(DISPOSAL)

    assert reference in page.text
    assert "Duplicate of another case" in page.text
    assert f"/staff/cases/{reference}/disposal" in page.html
    assert "Approve the disposal" in office.open(reference).text


def test_whoever_released_the_last_hold_is_told_that_another_must_approve(
    office: Office, reference: str
) -> None:
    services = office.instance.services
    held = keep_or_dispose.hold_case(services, reference, "A", MANAGER, version(office, reference))
    hold_id = held.work.holds[0].id
    keep_or_dispose.release_hold(services, reference, hold_id, "B", MANAGER, held.version)

    mine, form = office.open(reference), office.open(reference, "disposal")
    theirs = office.open(reference, "disposal", OTHER)

    for page in (mine, form):
        assert "Another manager must approve" in page.text
    assert "Approve the disposal of this case" not in mine.links
    assert "Another manager" not in theirs.text
    assert "Before you approve" in theirs.text


def test_an_empty_list_says_when_a_case_comes_into_it(office: Office) -> None:
    office.receive()

    assert "No case may be disposed of today" in office.at_desk().get(DISPOSAL).text


def test_it_is_approved_with_its_reference_and_told_on_its_page(
    office: Office, reference: str
) -> None:
    page = approve(office, reference, reference=f" {reference.lower()} ")

    assert page.path == f"/staff/cases/{reference}?done=disposal-approved"
    assert "The disposal is approved" in page.text
    assert "Mo Manager approved its disposal" in page.text
    assert "Disposal approved" in page.text
    assert "Take the approval back" in office.at_desk().get(DISPOSAL).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reference": ""}, "Enter the reference of this case"),
        ({"reference": "SUF-BBBB-BBBB"}, "Enter the reference of this case"),
        ({"reference": "yes"}, "Enter the reference of this case"),
        ({"checked": ""}, "Confirm that nothing requires this case to be kept"),
        ({"checked": "no"}, "Confirm that nothing requires this case to be kept"),
    ],
)
def test_a_slip_approves_nothing(
    office: Office, reference: str, typed: dict[str, str], said: str
) -> None:
    page = approve(office, reference, **typed)

    assert page.status == 422
    assert said in page.text
    assert office.instance.deliveries(Kind.DISPOSAL) == []


def test_a_case_that_must_be_kept_has_no_form_to_approve(office: Office) -> None:
    reference = office.receive()
    still_open = office.open(reference, "disposal")
    close(office, reference)
    too_early = office.open(reference, "disposal")
    let_years_pass(office.instance)
    office._browsers.clear()
    hold(office, reference)
    held = office.open(reference, "disposal")

    assert "Close it with its outcome first" in still_open.text
    assert "kept until" in too_early.text
    assert "legal hold" in held.text
    for page in (still_open, too_early, held):
        assert "Approve the deletion" not in page.text


def test_a_hold_is_told_and_takes_the_case_off_the_list(office: Office, reference: str) -> None:
    approve(office, reference)

    page = hold(office, reference)
    listed = office.at_desk().get(DISPOSAL)

    assert "The legal hold is placed" in page.text
    assert "An inquest" in page.text
    assert "It is under a legal hold" in page.text
    assert "approved its disposal" not in page.text
    assert reference not in listed.text
    assert "1 case was left out of this page: under a legal hold" in listed.text


def test_a_hold_is_released_with_a_reason_and_stays_told(office: Office, reference: str) -> None:
    hold(office, reference)
    hold_id = office.instance.table.cases[reference].work.holds[0].id
    office.open(reference, "hold/released")
    refused = office.at_desk().fill(reason="")
    page = office.at_desk().fill(hold=hold_id, reason="No inquest was opened")

    assert refused.status == 422
    assert "Select the hold that is released" in refused.text
    assert "The legal hold is released" in page.text
    assert "No inquest was opened" in page.text
    assert reference in office.at_desk().get(DISPOSAL).text


def test_an_approval_is_taken_back_with_a_reason(office: Office, reference: str) -> None:
    approve(office, reference)
    office.open(reference, "disposal/taken-back")
    refused = office.at_desk().fill(reason=" ")
    page = office.at_desk().fill(reason="A claim came in")

    assert refused.status == 422
    assert "The approval is taken back. The case is kept." in page.text
    assert "A claim came in" in page.text
    office.instance.clock.move(hours=25)
    deliver(office.instance.services, office.instance.only(Kind.DISPOSAL).id)
    assert reference in office.instance.table.cases


def test_an_approval_of_a_case_that_was_held_since_is_shown_both(
    office: Office, reference: str
) -> None:
    office.open(reference, "disposal")
    keep_or_dispose.hold_case(
        office.instance.services, reference, "A claim", OTHER, version(office, reference)
    )

    page = office.at_desk().fill(reference=reference, checked="yes")

    assert page.status == 409
    assert "Legal hold placed, by Ola Other" in page.text
    assert office.instance.deliveries(Kind.DISPOSAL) == []


def test_the_proof_says_what_was_deleted_by_whom_and_that_nothing_is_left(
    office: Office, reference: str
) -> None:
    dispose(office, reference)

    page = office.at_desk().get(f"{DISPOSAL}/{reference}")

    for said in (
        "nothing was found",
        "Mo Manager (p-manager)",
        "adult-not-ours: 10 years after it was closed",
        "In backups until",
        "The notification as received",
        "opened by Mo Manager",
        "OFFICIAL-SENSITIVE",
    ):
        assert said in page.text
    assert "Canary" not in page.text
    assert "The same fall" not in page.text
    assert reference in office.at_desk().get(PROOFS).text


def test_a_deletion_that_goes_on_is_told_as_one(office: Office, reference: str) -> None:
    dispose(office, reference)
    table = office.instance.table
    object.__setattr__(table.proofs[reference], "done_at", None)

    assert "is being deleted" in office.at_desk().get(f"{DISPOSAL}/{reference}").text
    assert "Being deleted now" in office.at_desk().get(PROOFS).text


def test_a_case_that_is_gone_is_refused_as_one_that_never_was(
    office: Office, reference: str
) -> None:
    dispose(office, reference)

    gone, never = (office.open(one) for one in (reference, "SUF-BBBB-BBBB"))

    assert (gone.status, never.status) == (403, 403)
    assert gone.text == never.text


@pytest.mark.parametrize("person", [MANAGER, SUPPORT, MEMBER, CHAIR, AUDITOR])
def test_the_search_finds_a_proof_for_whoever_may_dispose(
    office: Office, reference: str, person: Person
) -> None:
    dispose(office, reference)
    office.at_desk(person).get("/staff/cases")

    page = office.at_desk(person).fill(reference=reference)

    if person == MANAGER:
        assert page.path == f"{DISPOSAL}/{reference}"
    else:
        assert page.status == 422
        assert "There is no case with this reference that you may open" in page.text


def test_whoever_was_barred_finds_neither_the_case_nor_its_proof(
    office: Office, reference: str
) -> None:
    work_on_case.bar(
        office.instance.services,
        reference,
        OTHER.id,
        OTHER.name,
        "Kin",
        MANAGER,
        version(office, reference),
    )
    before = signed_in(office.instance.services, OTHER).get(DISPOSAL)
    dispose(office, reference)
    desk = signed_in(office.instance.services, OTHER)

    proof, never = (desk.get(f"{DISPOSAL}/{one}") for one in (reference, "SUF-BBBB-BBBB"))
    desk.get("/staff/cases")
    searched = desk.fill(reference=reference)

    assert reference not in before.text
    assert (proof.status, proof.text) == (403, never.text)
    assert searched.status == 422
    assert reference not in desk.get(PROOFS).text
    assert desk.get(f"/staff/cases/{reference}/history").status == 403


def test_a_page_of_a_list_that_is_none_begins_again(office: Office, reference: str) -> None:
    for path in (DISPOSAL, PROOFS):
        page = office.at_desk().get(f"{path}?after=nonsense")
        assert page.status == 200
    assert reference in office.at_desk().get(f"{DISPOSAL}?after=%3Cscript%3E").text
