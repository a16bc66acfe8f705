"""Which answers to the shipped forms a rule's clock runs for."""

import json
from typing import Any

import pytest

from chalicelib.referrals.deadlines import applies, facts
from tests.unit.referrals.conftest import FORMS
from tests.unit.referrals.shipped import SUFFOLK, rule_of


def roles(form: str) -> dict[str, str]:
    document: dict[str, dict[str, str]] = json.loads((FORMS / f"{form}.json").read_bytes())
    return document["roles"]


def held(form: str, name: str, **answers: Any) -> bool:
    """Whether a rule of Suffolk's applies to what was answered on a form."""
    rule = rule_of(SUFFOLK, name)
    return applies(rule, facts([rule], roles(form), answers))


@pytest.mark.parametrize("name", ["panel-notification", "rapid-review-cautious"])
@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, True),
        ({"outcome_status": "death", "abuse_status": "known"}, True),
        ({"outcome_status": "serious_harm", "abuse_status": "suspected"}, True),
        ({"outcome_status": "not_known", "abuse_status": "not_known"}, True),
        ({"outcome_status": "death"}, True),
        ({"outcome_status": "death", "abuse_status": "not_suspected"}, False),
        ({"outcome_status": "good_outcome", "abuse_status": "known"}, False),
        ({"outcome_status": "neither_but_learning", "abuse_status": "known"}, False),
    ],
)
def test_a_notification_is_due_when_it_may_be(
    name: str, answers: dict[str, Any], *, expected: bool
) -> None:
    assert held("child", name, **answers) is expected


@pytest.mark.parametrize(
    ("name", "question"),
    [("national-notice-c3", "looked_after"), ("national-notice-c4", "care_leaver")],
)
@pytest.mark.parametrize(
    ("outcome", "answers", "expected"),
    [
        ("death", ["now"], True),
        ("death", ["never", "now"], True),
        ("death", ["not_known"], True),
        ("death", [None], True),
        ("death", ["never", "previously"], False),
        ("serious_harm", ["now"], False),
        ("not_known", ["now"], False),
    ],
)
def test_a_death_in_or_after_care_is_told_for_any_of_the_children(
    name: str, question: str, outcome: str, answers: list[str | None], *, expected: bool
) -> None:
    children = [{question: answer} if answer else {} for answer in answers]

    assert held("child", name, outcome_status=outcome, children=children) is expected


@pytest.mark.parametrize(
    ("outcome", "answer", "expected"),
    [
        ("died", "yes", True),
        ("died", "not_known", True),
        ("died", "no", False),
        ("alive_serious_harm", "yes", False),
    ],
)
def test_a_care_leaver_may_be_on_the_adult_form(
    outcome: str, answer: str, *, expected: bool
) -> None:
    adults = [{"care_leaver_u25": answer}]

    assert held("adult", "national-notice-c4", outcome_status=outcome, adults=adults) is expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"outcome_status": "death"}, True),
        ({"outcome_status": "death", "cdop_notified": "being_done"}, True),
        ({"outcome_status": "death", "cdop_notified": "yes"}, False),
        ({"outcome_status": "serious_harm"}, False),
        ({}, False),
    ],
)
def test_the_other_process_is_prompted_unless_it_has_been_told(
    answers: dict[str, Any], *, expected: bool
) -> None:
    assert held("child", "other-process-notice", **answers) is expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"regulated_setting": "yes"}, True),
        ({"regulated_setting": "not_known"}, True),
        ({}, True),
        ({"regulated_setting": "no"}, False),
    ],
)
def test_a_regulated_setting_is_prompted(answers: dict[str, Any], *, expected: bool) -> None:
    assert held("child", "provider-notice", **answers) is expected
