"""The rules of the field on the shipped child form: no answer keeps a person out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.forms.answers import parse_page
from chalicelib.forms.conditions import names
from chalicelib.forms.journey import walk
from tests.unit.child_answers import (
    CHILD,
    authored,
    options,
    page,
    problems,
    professional,
    told,
    urls,
)

VERDICTS = ("criteria not met", "does not meet", "not eligible", "too late", "cannot be accepted")


def maybe(name: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *options(name)])


# R1: criteria never keep a person out


# The first example pays for compiling the schema and for Hypothesis's own look at the sources.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    criteria=st.sets(st.sampled_from(options("criteria"))),
    outcome=st.sampled_from(options("outcome_status")),
    abuse=maybe("abuse_status"),
    regulated=maybe("regulated_setting"),
    incident_la=maybe("incident_la"),
    under_18=maybe("under_18"),
    looked_after=maybe("looked_after"),
)
def test_no_answers_about_criteria_can_stop_a_submission(
    criteria: set[str],
    outcome: str,
    abuse: str | None,
    regulated: str | None,
    incident_la: str | None,
    under_18: str | None,
    looked_after: str | None,
) -> None:
    child = {"under_18": under_18, "looked_after": looked_after}
    soft = {"abuse_status": abuse, "regulated_setting": regulated, "incident_la": incident_la}
    answers = professional(
        outcome_status=outcome, children=[{name: said for name, said in child.items() if said}]
    )
    answers |= {name: said for name, said in soft.items() if said}
    answers |= {"criteria": sorted(criteria)} if criteria else {}
    assert problems(answers) == []
    assert walk(CHILD, answers).exit is None


def test_no_page_is_the_end_of_the_road() -> None:
    assert [each.id for each, _ in CHILD.pages() if each.exit] == []


def test_no_text_gives_a_verdict() -> None:
    said = [text.lower() for text in authored()]
    assert [text for text in said if any(verdict in text for verdict in VERDICTS)] == []


# R2: when unsure, send


def test_borderline_cases_are_asked_for() -> None:
    assert "borderline" in told("why-tell-us")
    assert "borderline" in CHILD.text["start"]


def test_being_unsure_is_always_offered() -> None:
    assert options("criteria")[-1] == "unsure_please_consider"


# R3: criteria are never shown back as a verdict


def test_no_page_or_group_depends_on_the_criteria() -> None:
    conditions = [each.when for each, _ in CHILD.pages()] + [group.when for group in CHILD.groups]
    assert [condition for condition in conditions if "criteria" in names(condition)] == []


# R4: one gentle question


def test_blank_criteria_are_asked_about_once_and_accepted() -> None:
    parsed = parse_page(CHILD, page("why-tell-us"), {})
    assert [warning.rule for warning in parsed.warnings] == ["ask_once"]
    assert parsed.problems == ()


# R5: advice, never a gate


def test_advice_before_sending_says_that_it_can_be_sent_whatever_is_chosen() -> None:
    assert "Whatever you select, you can send this form" in told("why-tell-us")


# R6: wrong age or area


def test_a_person_over_18_leads_to_the_offer_of_the_adult_form_and_on() -> None:
    answers = professional(children=[{"under_18": "no"}])
    path = urls(answers)
    assert path[path.index("children/1/over-18") + 1].startswith("children/1/")
    assert "(/adult?copy_from=child)" in told("over-18")
    assert problems(answers) == []


@pytest.mark.parametrize(
    ("area", "detail"),
    [("other_area", "incident_la_name"), ("outside_england", "incident_country")],
)
def test_an_incident_elsewhere_is_accepted_with_the_place(area: str, detail: str) -> None:
    assert problems(professional(incident_la=area, **{detail: "Wales"})) == []


# R7: the gate interrupts and never discards


@pytest.mark.parametrize("danger", ["yes", "no", "not_known"])
@pytest.mark.parametrize("concern", ["yes", "no", "not_known"])
def test_the_gate_never_discards_an_answer(danger: str, concern: str) -> None:
    answers = professional(immediate_danger=danger, live_concern=concern)
    path = walk(CHILD, answers)
    assert (path.answers, path.dropped, path.exit) == (answers, (), None)


def test_the_gate_asks_that_danger_and_a_live_concern_are_reported() -> None:
    assert problems(professional(immediate_danger="yes", live_concern="yes")) == [
        ("/danger_reported", "required"),
        ("/live_concern_reported", "required"),
    ]


# R8: late is accepted


def test_an_incident_of_many_years_ago_is_accepted() -> None:
    long_ago = {"year": 2001, "month": 2, "day": 3}
    assert problems(professional(incident_date=long_ago, referrer_aware_at=long_ago)) == []
