"""The shipped child form: what it asks, what it never refuses, and whom it says to tell."""

from __future__ import annotations

import json
import re

import pytest

from chalicelib.forms.journey import walk
from chalicelib.forms.questions import question_type
from tests.unit.child_answers import (
    CHILD,
    FORMS,
    MINIMUM,
    authored,
    options,
    page,
    problems,
    professional,
    told,
    urls,
)

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
_CATALOGUE = """
    immediate_danger live_concern submitter_type
    referrer_name referrer_role referrer_agency referrer_email referrer_phone referrer_safe_contact
    second_contact referrer_aware_at delay_reason
    lead_discussed lead_name lead_email lead_date
    main_child child_forename child_surname child_other_names unborn expected_date child_dob
    child_age_estimate child_nhs_number child_upn child_la_id child_sex gender_identity ethnicity
    religion first_language interpreter_needed child_disability send_status immigration_status
    child_address normal_residence_la current_location living_with education_setting
    education_type gp health_visitor_school_nurse
    cp_plan cp_category cin_plan looked_after placing_la legal_basis care_leaver
    early_help_family_help edge_of_care youth_justice nrm_referral missing_episodes camhs
    known_to_agencies regulated_setting setting_type setting_urn setting_told_ofsted
    parent_name parent_relation parent_dob parent_address parental_responsibility parent_flags
    sibling_name sibling_dob_age sibling_address sibling_status safe_now frequent_visitor
    family_notes
    outcome_status date_of_death place_of_death cause_status incident_date incident_time
    incident_location incident_la abuse_status abuse_types incident_types serious_harm_basis
    long_term suspected_suicide summary child_voice inequality_context
    source_relation source_is_staff source_has_care_needs
    criteria joint_working_concern good_practice learning_sought earlier_escalation
    agency_name agency_type agency_contact agency_role involvement_from involvement_to
    still_involved
    la_told la_told_at la_told_who sin_status sin_sent_at sin_reference dfe_told ofsted_told
    cdop_notified cdop_ref joint_agency_response
    safety_actions strategy_meeting_date s47_status care_proceedings police_status coroner_status
    lado_status other_reviews staff_action media_interest parents_aware child_aware contact_risk
    records_secured event_date declaration
"""
CATALOGUE = frozenset(_CATALOGUE.split())
REPEATS = {"children", "parents", "siblings", "household_other", "alleged_sources", "agencies"}
PERIODS = ("cp_plan", "cin_plan", "looked_after", "care_leaver")
SERVICES = (
    "early_help_family_help",
    "edge_of_care",
    "youth_justice",
    "nrm_referral",
    "missing_episodes",
    "camhs",
)
# Who the person is, what else they can add, and criteria, where "not sure" is an answer of its own.
WITHOUT_NOT_KNOWN = {"submitter_type", "more_to_tell", "criteria"}

# What it asks


def test_every_field_of_the_catalogue_is_asked() -> None:
    assert CATALOGUE - CHILD.questions.keys() == set()


def test_what_can_be_told_more_than_once_is_a_repeat() -> None:
    assert {group.each for group in CHILD.groups} == REPEATS | {"chronology"}


def test_only_the_seven_hard_required_items_are_required() -> None:
    assert {name for each, _ in CHILD.pages() for name in each.required} == HARD_REQUIRED


def test_only_a_child_must_be_added() -> None:
    needed = {group.each: group.min_items for group in CHILD.groups if group.min_items}
    assert needed == {"children": 1}


@pytest.mark.parametrize("submitter", options("submitter_type"))
def test_the_minimum_is_enough_whoever_sends_it(submitter: str) -> None:
    answers = MINIMUM | {"submitter_type": submitter}
    if submitter == "professional":
        answers |= {"referrer_agency": "Borough"}
    assert problems(answers) == []


@pytest.mark.parametrize("name", sorted(MINIMUM.keys() - {"children"}))
def test_nothing_of_the_minimum_can_be_left_out(name: str) -> None:
    answers = {key: value for key, value in MINIMUM.items() if key != name}
    assert (f"/{name}", "required") in problems(answers)


def test_a_professional_names_the_agency() -> None:
    assert problems(MINIMUM | {"submitter_type": "professional"}) == [
        ("/referrer_agency", "required")
    ]


@pytest.mark.parametrize("name", [*PERIODS, *SERVICES])
def test_a_status_is_now_previously_never_or_not_known(name: str) -> None:
    assert {"now", "previously", "never", "not_known"} <= set(options(name))


@pytest.mark.parametrize("name", PERIODS)
@pytest.mark.parametrize("answer", ["now", "previously"])
def test_a_status_now_or_previously_is_asked_for_its_dates(name: str, answer: str) -> None:
    _, group = CHILD.place_of[f"{name}_from"]
    path = walk(CHILD, professional(children=[{name: answer, f"{name}_from": {"year": 2024}}]))
    assert group is not None
    assert path.dropped == ()


def test_care_leaver_can_be_answered_for_a_child_too_young_to_be_one() -> None:
    assert "under_16" in options("care_leaver")


def test_a_death_is_asked_about_only_when_a_child_died() -> None:
    asked = {"death", "child-death-review"}
    assert asked <= set(urls(professional(outcome_status="death")))
    assert asked.isdisjoint(urls(professional(outcome_status="serious_harm")))


def test_where_the_child_is_now_is_not_asked_after_a_death() -> None:
    assert "children/1/now" in urls(professional(outcome_status="serious_harm"))
    assert "children/1/now" not in urls(professional(outcome_status="death"))


def test_why_harm_is_serious_is_asked_only_after_serious_harm() -> None:
    assert "serious-harm" in urls(professional(outcome_status="serious_harm"))
    assert "serious-harm" not in urls(professional(outcome_status="good_outcome"))


@pytest.mark.parametrize("status", ["looked_after", "care_leaver"])
def test_a_child_in_care_or_leaving_it_leads_to_who_has_been_told(status: str) -> None:
    path = urls(professional(children=[{status: "now"}]))
    assert "children/1/who-has-been-told" in path


def test_files_are_not_sent_with_the_form_and_the_start_page_says_so() -> None:
    assert "attachments" not in CHILD.questions
    assert "Do not send documents with this form" in CHILD.text["start"]


# How long it is


@pytest.mark.parametrize("outcome", options("outcome_status"))
def test_a_professional_who_repeats_nothing_meets_15_to_27_pages_of_questions(outcome: str) -> None:
    path = urls(professional(outcome_status=outcome))
    lists = {group.id for group in CHILD.groups}
    assert 15 <= len([url for url in path if url not in lists]) <= 27


@pytest.mark.parametrize("name", ["immediate_danger", "live_concern", "outcome_status", "summary"])
def test_a_hard_question_is_alone_on_its_page(name: str) -> None:
    asking, _ = CHILD.place_of[name]
    assert asking.ask == (name,)


# Criteria


def test_the_criteria_share_their_page_only_with_their_reasons() -> None:
    asking = page("why-tell-us")
    assert set(asking.ask) - asking.reveal.keys() == {"criteria"}


def test_every_criterion_asks_for_its_own_optional_reason() -> None:
    asking = page("why-tell-us")
    revealed = [reveal.option for name, reveal in asking.reveal.items() if name in asking.optional]
    assert sorted(revealed) == sorted(options("criteria"))


def test_seriously_harmed_is_explained_beside_the_criteria() -> None:
    text = told("why-tell-us")
    assert "seriously harmed" in text
    assert "recovered may still have been seriously harmed" in text


# Whom it says to tell


@pytest.mark.parametrize("answer", ["no", "not_known"])
def test_a_sibling_who_may_not_be_safe_leads_to_the_live_route(answer: str) -> None:
    answers = professional(more_to_tell=["siblings"], siblings=[{"safe_now": answer}])
    assert "siblings/1/child-may-not-be-safe" in urls(answers)
    assert "{live_route_link}" in told("child-may-not-be-safe")


def test_a_safe_sibling_leads_to_no_warning() -> None:
    answers = professional(more_to_tell=["siblings"], siblings=[{"safe_now": "yes"}])
    assert "siblings/1/child-may-not-be-safe" not in urls(answers)


def test_a_member_of_staff_thought_responsible_leads_to_the_designated_officer() -> None:
    sources = [{"source_is_staff": "yes"}]
    path = urls(professional(more_to_tell=["alleged_sources"], alleged_sources=sources))
    assert "people-responsible/1/tell-the-lado" in path
    assert "LADO" in told("tell-the-lado")


@pytest.mark.parametrize("answer", ["no", "not_known"])
def test_a_setting_that_may_not_have_told_ofsted_leads_to_a_prompt(answer: str) -> None:
    path = urls(professional(regulated_setting="yes", setting_told_ofsted=answer))
    assert "tell-ofsted" in path
    assert "14 days" in told("tell-ofsted")


def test_a_local_authority_that_has_not_been_told_leads_to_a_prompt() -> None:
    assert "tell-the-local-authority" in urls(professional(la_told="no"))
    assert "tell-the-local-authority" not in urls(professional(la_told="yes"))


def test_a_death_is_said_to_need_its_own_notification() -> None:
    assert "24 to 48 hours" in told("child-death-review")


@pytest.mark.parametrize("page_id", ["telling-others", "declaration"])
def test_sending_never_replaces_the_serious_incident_notification(page_id: str) -> None:
    text = told(page_id) + told("telling-others")
    assert "does not replace the local authority’s statutory Serious Incident Notification" in text


def test_men_that_services_know_little_about_are_asked_for() -> None:
    group = CHILD.group("parents")
    assert group is not None
    assert "Men in a child’s life are often missed" in (group.guidance or "")


# How it speaks


def test_every_choice_ends_with_not_known() -> None:
    choices = [question for question in CHILD.questions.values() if len(question.options) > 1]
    ends = {question.name: question.options[-1].value for question in choices}
    assert {name for name, end in ends.items() if end != "not_known"} == WITHOUT_NOT_KNOWN


@pytest.mark.parametrize("name", sorted(HARD_REQUIRED))
def test_a_required_question_says_in_its_own_words_what_to_do(name: str) -> None:
    files = [
        json.loads((FORMS / f"{kind}.json").read_text("utf-8")) for kind in ["common", "child"]
    ]
    own = [file["text"]["en"]["questions"].get(name, {}).get("errors", {}) for file in files]
    assert any(re.match("(Enter|Select|Confirm) ", errors.get("required", "")) for errors in own)


def test_every_rule_that_can_fail_has_a_message() -> None:
    silent = {
        (question.name, rule)
        for question in CHILD.questions.values()
        for rule in question_type(question).rules(question)
        if not question.errors.get(rule)
    }
    assert silent == set()


@pytest.mark.parametrize("word", ["please", "consent", "fault", "victim", "perpetrator"])
def test_a_word_that_does_not_belong_here_is_not_used(word: str) -> None:
    assert [text for text in authored() if re.search(rf"\b{word}", text.lower())] == []


def test_no_text_names_a_partnership() -> None:
    assert [text for text in authored() if re.search("suffolk|salford", text.lower())] == []
