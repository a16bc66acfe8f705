"""A recommendation or a decision: complete, lawful, never changed, only superseded."""

from __future__ import annotations

import pytest

from tests.unit.web.staff.conftest import CHAIR, MEMBER, Office
from tests.visitor import Page

ADULT = ("A_NEEDS", "A_WORKING", "A_DEATH", "A_SERIOUS", "A_DISC", "A_GOOD")
FULL = {
    "outcome": "sar_mandatory",
    "decided_on__day": "20",
    "decided_on__month": "11",
    "decided_on__year": "2026",
    "decider": "Independent Chair",
    "reasons": "All limbs are met.",
    "alternative": "A learning review would not reach the housing provider.",
    "view_police": "Agrees.",
    "note_meeting": "Panel of 19 November. All members.",
    "note_minority": "Housing would have waited for the inquest.",
}


def criteria(*met: str) -> dict[str, str]:
    """An answer to every criterion of an adult's case."""
    return {f"criterion_{one}": "met" if one in met else "not_met" for one in ADULT}


LAWFUL = {**FULL, **criteria("A_NEEDS", "A_WORKING", "A_DEATH")}


def record(office: Office, reference: str, kind: str = "decision", **typed: str) -> Page:
    """The chair opens the form, fills it in and sends it."""
    office.open(reference, kind, CHAIR)
    return office.at_desk(CHAIR).fill(**typed)


def test_a_decision_is_shown_with_all_that_was_considered(office: Office) -> None:
    page = record(office, office.receive(), **LAWFUL)

    assert "Decision of Friday 20 November 2026" in page.text
    for said in ("Independent Chair", "All limbs are met.", "View of: Police Agrees."):
        assert said in page.text
    assert "Views that differed from the outcome Housing would have waited" in page.text
    assert "Criteria not met The adult is alive" in page.text


def test_a_decision_dates_itself_so_that_the_deadlines_follow(office: Office) -> None:
    page = record(office, office.receive(), **LAWFUL)

    assert "Tell the referrer and the family what was decided Open" in page.text


def test_a_recommendation_is_for_the_panel_and_a_decision_for_its_chair(office: Office) -> None:
    reference = office.receive()
    office.open(reference, "recommendation", MEMBER)

    page = office.at_desk(MEMBER).fill(**LAWFUL)

    assert "Recommendation of Friday 20 November 2026" in page.text
    assert office.open(reference, "decision", MEMBER).status == 403


def test_an_empty_decision_asks_for_everything_beside_its_box(office: Office) -> None:
    page = record(office, office.receive())

    assert page.error_targets == [
        "#outcome",
        "#decided_on-day",
        "#decider",
        *(f"#criterion_{one}" for one in ADULT),
        "#reasons",
    ]
    assert {target.removeprefix("#") for target in page.error_targets} <= page.ids()


def test_no_review_needs_the_alternative_and_a_date_to_look_again(office: Office) -> None:
    typed = {**LAWFUL, "outcome": "no_review_reasons_recorded", "alternative": ""}

    page = record(office, office.receive(), **typed)

    assert page.error_targets == ["#alternative", "#review_on-day"]


@pytest.mark.parametrize(
    "met",
    [
        ("A_DEATH",),
        ("A_NEEDS", "A_WORKING"),
        ("A_NEEDS", "A_DEATH"),
        ("A_WORKING", "A_SERIOUS"),
    ],
)
def test_one_limb_of_the_law_is_not_enough_for_a_mandatory_review(
    office: Office, met: tuple[str, ...]
) -> None:
    page = record(office, office.receive(), **{**FULL, **criteria(*met)})

    assert page.status == 422
    assert page.error_targets == ["#criterion_A_NEEDS"]
    assert "A mandatory review needs" in page.errors[0]


def test_what_was_typed_is_still_there_after_a_refusal(office: Office) -> None:
    page = record(office, office.receive(), **{**LAWFUL, "decider": ""})

    assert page.error_targets == ["#decider"]
    assert page.fields()["reasons"] == ["All limbs are met."]
    assert page.fields()["criterion_A_DEATH"] == ["met"]


def test_a_correction_takes_the_place_of_a_decision_and_hides_nothing(office: Office) -> None:
    reference = office.receive()
    shown = record(office, reference, **LAWFUL)
    office.at_desk(CHAIR).get(shown.links["Correct this decision"])

    page = office.at_desk(CHAIR).fill(reasons="All limbs are met, as the inquest found.")

    assert page.text.count("Decision of Friday 20 November 2026") == 2
    assert page.text.count("Superseded") == 1
    assert "as the inquest found" in page.text
    assert "All limbs are met. " in page.text
    assert "Decision corrected" in page.text


def test_a_decision_that_was_superseded_is_not_corrected_again(office: Office) -> None:
    reference = office.receive()
    shown = record(office, reference, **LAWFUL)
    office.at_desk(CHAIR).get(shown.links["Correct this decision"])
    office.at_desk(CHAIR).fill(reasons="Better reasons.")
    office.at_desk(CHAIR).get(shown.links["Correct this decision"])

    page = office.at_desk(CHAIR).fill(reasons="Still better.")

    assert page.status == 422
    assert "corrected already" in page.errors[0]


def test_the_reasons_of_a_decision_are_shown_as_text(office: Office) -> None:
    script = "<script>alert(1)</script>"

    page = record(office, office.receive(), **{**LAWFUL, "reasons": script})

    assert script not in page.html
    assert script in page.text


def test_a_childs_case_has_a_childs_outcomes_and_criteria(office: Office) -> None:
    page = office.open(office.receive("child"), "decision", CHAIR)

    assert "criterion_C_REVIEW_1" in page.names()
    assert "criterion_A_NEEDS" not in page.names()
    assert "Safeguarding Adults Review, mandatory" not in page.text
