"""The shipped adult form: what it asks, what it never refuses, and how it speaks to people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.forms.answers import check_submission, parse_page
from chalicelib.forms.definition import Form, Group, Page, Question
from chalicelib.forms.journey import walk
from chalicelib.forms.load import load_form
from chalicelib.forms.questions import question_type

FORMS = Path(__file__).parents[2] / "forms"
ADULT = load_form(FORMS, "adult")


def listed(names: str) -> list[str]:
    return names.split()


HARD_REQUIRED = {
    "immediate_danger",
    "danger_reported",
    "live_concern",
    "live_concern_reported",
    "submitter_type",
    "referrer_name",
    "referrer_email",
    "referrer_agency",
    "outcome_status",
    "summary",
    "declaration",
}
CATALOGUE = listed("""
    immediate_danger live_concern submitter_type
    referrer_name referrer_role referrer_agency referrer_email referrer_phone referrer_safe_contact
    second_contact referrer_aware_at delay_reason
    lead_discussed lead_name lead_email lead_date
    adult_forename adult_surname adult_other_names adult_dob adult_age_estimate adult_nhs_number
    adult_address adult_placing_authority incident_area_confirm residence_type adult_gp
    care_leaver_u25
    sex gender_identity_same ethnicity religion sexual_orientation disability marital_status
    pregnancy_maternity first_language interpreter_needed nationality_immigration
    care_needs primary_support_reason care_needs_text services_in_place unpaid_carer mental_capacity
    legal_frameworks advocate
    outcome_status date_of_death place_of_death cause_of_death cause_status suspected_suicide
    harm_date_from harm_date_to harm_location abuse_types self_neglect_detail serious_harm_basis
    summary background others_at_risk
    criteria joint_working_concern good_practice learning_sought
    agency_name agency_type agency_contact agency_role involvement_from involvement_to
    still_involved
    person_name relation dob_age same_household is_next_of_kin is_carer contact_details
    children_in_home
    adult_aware family_aware adult_views contact_risk
    s42_status police_status coroner_status other_reviews staff_action media_interest
    safety_actions records_secured declaration
""")
REPEATS = {"adults", "adult_ref_ids", "alleged_sources", "agencies", "network", "chronology"}
PROTECTED = listed("""
    sex gender_identity_same ethnicity religion sexual_orientation disability marital_status
    pregnancy_maternity interpreter_needed
""")
# These route the person or are the gate itself: "not known" would mean nothing.
WITHOUT_NOT_KNOWN = {"submitter_type", "more_to_tell", "criteria"}
TOKENS = {"{live_route_link}", "{live_route_phone}", "{help_email}", "{partnership}", "{area}"}

MINIMUM: dict[str, Any] = {
    "immediate_danger": "no",
    "live_concern": "no",
    "submitter_type": "family_or_friend",
    "referrer_name": "Sam Okafor",
    "referrer_email": "sam@example.org",
    "adults": [{}],
    "outcome_status": "not_known",
    "summary": "What I know so far.",
    "declaration": True,
}


def professional(**answers: Any) -> dict[str, Any]:
    return MINIMUM | {"submitter_type": "professional", "referrer_agency": "Borough"} | answers


def page(page_id: str) -> Page:
    found = ADULT.page(page_id)
    assert found is not None
    return found


def problems(answers: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.rule) for problem in check_submission(ADULT, answers)]


def urls(answers: dict[str, Any]) -> list[str]:
    return [place.url for place in walk(ADULT, answers).places]


def options(name: str) -> list[str]:
    return [option.value for option in ADULT.questions[name].options]


def choices(form: Form) -> Iterator[Question]:
    return (question for question in form.questions.values() if len(question.options) > 1)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)


def english() -> list[dict[str, Any]]:
    files = (FORMS / f"{name}.json" for name in ("common", "adult"))
    return [json.loads(file.read_text("utf-8"))["text"]["en"] for file in files]


def authored() -> list[str]:
    return [text for file in english() for text in texts(file)]


# What it asks


def test_every_field_of_the_catalogue_is_asked() -> None:
    assert set(CATALOGUE) - ADULT.questions.keys() == set()


def test_what_can_be_told_more_than_once_is_a_repeat() -> None:
    assert {group.each for group in ADULT.groups} == REPEATS


def test_only_the_seven_hard_required_items_are_required() -> None:
    assert {name for each, _ in ADULT.pages() for name in each.required} == HARD_REQUIRED


def test_only_the_adult_must_have_an_item() -> None:
    assert [(group.each, group.min_items) for group in ADULT.groups if group.min_items] == [
        ("adults", 1)
    ]


@pytest.mark.parametrize("submitter", options("submitter_type"))
def test_the_minimum_is_enough_whoever_sends_it(submitter: str) -> None:
    answers = MINIMUM | {"submitter_type": submitter}
    if submitter == "professional":
        answers |= {"referrer_agency": "Borough"}
    assert problems(answers) == []


@pytest.mark.parametrize("name", sorted(MINIMUM.keys() - {"adults"}))
def test_nothing_of_the_minimum_can_be_left_out(name: str) -> None:
    answers = {key: value for key, value in MINIMUM.items() if key != name}
    assert (f"/{name}", "required") in problems(answers)


def test_a_professional_names_the_agency() -> None:
    answers = MINIMUM | {"submitter_type": "professional"}
    assert problems(answers) == [("/referrer_agency", "required")]


def test_only_people_who_are_not_professionals_are_asked_for_safe_ways_to_contact_them() -> None:
    assert "contacting-you" in urls(MINIMUM)
    assert "contacting-you" not in urls(professional())


def test_only_professionals_are_asked_about_their_safeguarding_lead() -> None:
    assert "safeguarding-lead" in urls(professional())
    assert "safeguarding-lead" not in urls(MINIMUM)


def test_the_death_and_the_coroner_are_asked_about_only_when_the_adult_died() -> None:
    asked = {"death", "coroner"}
    assert asked <= set(urls(professional(outcome_status="died")))
    assert asked.isdisjoint(urls(professional(outcome_status="alive_serious_harm")))


def test_documents_are_not_sent_here_and_the_person_is_told_how_they_will_be_asked_for() -> None:
    assert "attachments" not in ADULT.questions
    assert "send them securely" in (page("safety").guidance or "")


# How long it is


@pytest.mark.parametrize("answers", [professional(), MINIMUM, professional(outcome_status="died")])
def test_nothing_repeated_it_has_15_to_25_pages_of_questions_give_or_take_one(
    answers: dict[str, Any],
) -> None:
    lists = {group.id for group in ADULT.groups}
    asking = [url for url in urls(answers) if url not in lists]
    assert 15 <= len(asking) <= 26


@pytest.mark.parametrize("name", ["immediate_danger", "live_concern", "outcome_status", "summary"])
def test_a_hard_question_is_alone_on_its_page(name: str) -> None:
    asking, _ = ADULT.place_of[name]
    assert asking.ask == (name,)


def test_only_reasons_share_the_page_of_the_criteria() -> None:
    asking = page("criteria")
    assert set(asking.ask) - asking.reveal.keys() == {"criteria"}


# The rules of the field


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(options("criteria")), unique=True),
    st.sampled_from(options("outcome_status")),
    st.sampled_from([None, *options("care_needs")]),
    st.sampled_from([None, *options("adult_over_18")]),
    st.sampled_from([None, *options("incident_area_confirm")]),
)
def test_no_answers_about_criteria_age_or_area_can_stop_a_notification(
    criteria: list[str], outcome: str, needs: str | None, age: str | None, area: str | None
) -> None:
    adult = {"care_needs": needs, "adult_over_18": age}
    answers = professional(
        adults=[{name: value for name, value in adult.items() if value}], outcome_status=outcome
    )
    answers |= {"criteria": criteria} if criteria else {}
    answers |= {"incident_area_confirm": area} if area else {}
    assert problems(answers) == []
    assert walk(ADULT, answers).exit is None


def test_no_page_ends_the_journey() -> None:
    assert [each.id for each, _ in ADULT.pages() if each.exit] == []


def test_people_who_are_not_sure_are_told_to_send_it() -> None:
    told = page("criteria").guidance or ""
    assert "borderline" in told
    assert "do not settle it yourself" in told


def test_not_being_sure_is_always_an_answer() -> None:
    assert options("criteria")[-1] == "unsure_please_consider"
    assert "unsure_please_consider" not in ADULT.questions["criteria"].exclusive


@pytest.mark.parametrize(
    "verdict",
    ["criteria not met", "criteria are not met", "does not meet", "not eligible", "too late"],
)
def test_no_text_gives_a_verdict(verdict: str) -> None:
    assert [text for text in authored() if verdict in text.lower()] == []


def test_blank_criteria_are_asked_about_once_and_then_accepted() -> None:
    parsed = parse_page(ADULT, page("criteria"), {})
    assert [warning.rule for warning in parsed.warnings] == ["ask_once"]
    assert parsed.problems == ()


@pytest.mark.parametrize("answer", ["no", "not_known"])
def test_another_area_leads_to_guidance_and_on(answer: str) -> None:
    path = urls(professional(incident_area_confirm=answer))
    assert path[-1] == "declaration"
    assert "another-area" in path


def test_an_adult_under_18_is_offered_the_form_about_a_child_and_can_carry_on() -> None:
    path = urls(professional(adults=[{"adult_over_18": "no"}]))
    assert path[-1] == "declaration"
    assert "adults/1/adult-under-18" in path
    assert "(/child?copy_from=adult)" in (page("adult-under-18").guidance or "")


def test_immediate_danger_interrupts_until_999_has_been_called() -> None:
    answers = professional(immediate_danger="yes")
    assert problems(answers) == [("/danger_reported", "required")]
    assert problems(answers | {"danger_reported": True}) == []
    assert "999" in (page("call-999").guidance or "")


def test_a_live_concern_interrupts_with_the_live_route() -> None:
    answers = professional(live_concern="yes")
    assert problems(answers) == [("/live_concern_reported", "required")]
    assert problems(answers | {"live_concern_reported": "reporting_now"}) == []
    assert "{live_route_link}" in (page("report-live-concern").guidance or "")


@pytest.mark.parametrize("gate", ["immediate_danger", "live_concern"])
@pytest.mark.parametrize("answer", ["yes", "no", "not_known"])
def test_the_gate_never_discards_an_answer(gate: str, answer: str) -> None:
    answers = professional(**{gate: answer})
    path = walk(ADULT, answers)
    assert (path.answers, path.dropped) == (answers, ())


def test_a_late_notification_is_accepted_without_a_reason() -> None:
    long_ago = {"year": 1998, "month": 3, "day": 14}
    assert problems(professional(referrer_aware_at=long_ago, harm_date_from=long_ago)) == []


def test_a_reason_for_delay_is_asked_for() -> None:
    asking = page("when-you-knew")
    assert "delay_reason" in asking.optional


# How it speaks


def test_every_choice_ends_with_not_known() -> None:
    ends = {question.name: question.options[-1].value for question in choices(ADULT)}
    assert {name for name, end in ends.items() if end != "not_known"} == WITHOUT_NOT_KNOWN


@pytest.mark.parametrize("name", PROTECTED)
def test_a_protected_characteristic_need_not_be_told(name: str) -> None:
    assert "prefer_not_to_say" in options(name)


@pytest.mark.parametrize("name", sorted(HARD_REQUIRED))
def test_a_required_question_says_in_its_own_words_what_to_do(name: str) -> None:
    own = [file["questions"].get(name, {}).get("errors", {}) for file in english()]
    assert any(re.match("(Enter|Select|Confirm) ", errors.get("required", "")) for errors in own)


def test_every_rule_that_can_fail_has_a_message() -> None:
    silent = {
        (question.name, rule)
        for question in ADULT.questions.values()
        for rule in question_type(question).rules(question)
        if not question.errors.get(rule)
    }
    assert silent == set()


@pytest.mark.parametrize("word", ["consent", "fault", "victim", "perpetrator"])
def test_a_word_that_does_not_belong_here_is_not_used(word: str) -> None:
    used = [text for text in authored() if re.search(rf"\b{word}", text.lower())]
    assert used == []


def test_only_the_person_who_is_not_sure_says_please() -> None:
    said = {text for text in authored() if re.search(r"\bplease\b", text.lower())}
    assert said == {"I am not sure, please consider this case"}


def test_no_text_names_a_partnership() -> None:
    named = [text for text in authored() if re.search("suffolk|salford", text.lower())]
    assert named == []


def test_only_known_tokens_stand_for_the_partnership() -> None:
    said = [part for part in ADULT.text.values() if isinstance(part, str)]
    said += [step.guidance or "" for step in ADULT.steps if isinstance(step, Page | Group)]
    said += [each.guidance or "" for each, _ in ADULT.pages()]
    said += [question.hint or "" for question in ADULT.questions.values()]
    used = {token for text in said for token in re.findall(r"\{[^}]*\}", text)}
    assert used <= TOKENS


def test_the_start_page_says_safeguarding_adults_review_in_full_first() -> None:
    start = ADULT.text["start"]
    assert start.index("Safeguarding Adults Review") < start.index("SAR")
