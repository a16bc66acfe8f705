"""A whole set of answers: what is refused, where, and under which rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.forms.answers import check_submission
from chalicelib.forms.problems import message
from tests.unit.forms.samples import every_question

TODAY = date(2026, 11, 21)
WHOLE: dict[str, Any] = {
    "in_danger": "no",
    "role": "family",
    "your_name": "A",
    "your_email": "a@example.org",
    "outcome": "alive",
    "summary": "x",
    "people": [{"forename": "Ann", "kind": "adult"}],
    "agree": True,
}


def problems(**changes: Any) -> list[tuple[str, str]]:
    """Pointer and rule of each problem of the whole answers with changes; None removes one."""
    answers = {name: value for name, value in {**WHOLE, **changes}.items() if value is not None}
    found = check_submission(every_question(), answers, today=TODAY)
    assert all(message(every_question(), one) for one in found)
    return [(one.pointer, one.rule) for one in found]


def test_whole_answers_have_no_problem() -> None:
    assert problems() == []


def test_a_missing_answer_is_a_problem_at_its_own_pointer() -> None:
    assert problems(summary=None) == [("/summary", "required")]


def test_a_stale_answer_is_refused_by_the_submission_schema() -> None:
    assert problems(agency="Police") == [("/agency", "not_asked")]


def test_a_stale_answer_that_is_wrong_besides_is_only_not_asked() -> None:
    assert problems(agency=7) == [("/agency", "not_asked")]


def test_an_unknown_answer_is_refused_at_its_own_pointer() -> None:
    assert problems(colour="red") == [("/colour", "unknown")]


def test_an_unknown_answer_of_an_item_is_refused_at_its_own_pointer() -> None:
    people = [{"forename": "Ann", "kind": "adult", "summary": "x"}]

    assert problems(people=people) == [("/people/0/summary", "unknown")]


def test_a_group_needs_its_least_number_of_items() -> None:
    assert problems(people=None) == [("/people", "required")]
    assert problems(people=[]) == [("/people", "minItems")]


def test_a_group_takes_no_more_than_its_most_items() -> None:
    people = [{"forename": "Ann", "kind": "adult"}] * 4

    assert problems(people=people) == [("/people", "maxItems")]


def test_answers_that_end_at_an_exit_page_are_no_submission() -> None:
    stale = problems(wrong_place="yes")

    assert ("", "exit") in stale
    assert ("/role", "not_asked") in stale


def test_problems_come_in_the_order_of_the_form() -> None:
    people = [{"kind": "adult"}, {"forename": "x" * 41, "kind": "adult"}]

    assert problems(in_danger="?", people=people, agree=None, zebra=1) == [
        ("/in_danger", "enum"),
        ("/people/0/forename", "required"),
        ("/people/1/forename", "maxLength"),
        ("/agree", "required"),
        ("/zebra", "unknown"),
    ]


PERSON = {"forename": "Ann", "kind": "adult"}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"summary": ""}, "/summary", "required"),
    ({"summary": " \n"}, "/summary", "required"),
    ({"summary": 7}, "/summary", "type"),
    ({"summary": "a\u0000"}, "/summary", "characters"),
    ({"summary": "x" * 4001}, "/summary", "maxLength"),
    ({"case_code": "nonsense"}, "/case_code", "pattern"),
    ({"your_email": "a@b"}, "/your_email", "format"),
    ({"your_email": "a@example.org\n"}, "/your_email", "format"),
    ({"your_phone": "none"}, "/your_phone", "format"),
    ({"abuse": []}, "/abuse", "required"),
    ({"abuse": ["x"]}, "/abuse/0", "enum"),
    ({"abuse": ["neglect", "neglect"]}, "/abuse", "uniqueItems"),
    ({"abuse": ["neglect", "not_known"]}, "/abuse", "exclusive"),
    ({"abuse": "neglect"}, "/abuse", "type"),
    ({"agree": False}, "/agree", "required"),
    ({"people": "Ann"}, "/people", "type"),
    ({"people": ["Ann"]}, "/people/0", "type"),
    ({"people": [{**PERSON, "age": 121}]}, "/people/0/age", "maximum"),
    ({"people": [{**PERSON, "age": 1.5}]}, "/people/0/age", "type"),
    ({"people": [{**PERSON, "nhs_number": "1"}]}, "/people/0/nhs_number", "format"),
    ({"people": [{**PERSON, "born_on": {}}]}, "/people/0/born_on/year", "incomplete"),
    (
        *({"people": [{**PERSON, "born_on": {"year": 2026, "day": 1}}]},),
        *("/people/0/born_on/month", "incomplete"),
    ),
    (
        *({"people": [{**PERSON, "born_on": {"year": 2026, "month": 2, "day": 30}}]},),
        *("/people/0/born_on", "real_date"),
    ),
    (
        *({"people": [{**PERSON, "born_on": {"year": 2026, "not_known": True}}]},),
        *("/people/0/born_on", "exclusive"),
    ),
    (
        *({"people": [{**PERSON, "born_on": {"year": 2026, "week": 1}}]},),
        *("/people/0/born_on/week", "unknown"),
    ),
]


@pytest.mark.parametrize(("changes", "pointer", "rule"), WRONG)
def test_a_wrong_answer_has_our_rule_at_its_pointer(
    changes: dict[str, Any], pointer: str, rule: str
) -> None:
    assert problems(**changes) == [(pointer, rule)]


DIED = {"role": "professional", "agency": "Police", "outcome": "died", "died_on": {"year": 2026}}
DATES: list[tuple[dict[str, Any], str, str]] = [
    ({"reported_on": "2026-02-30"}, "/reported_on", "real_date"),
    ({"reported_on": "30/2/2026"}, "/reported_on", "real_date"),
    ({"reported_on": "2026-11-22"}, "/reported_on", "not_future"),
    ({"reported_at": "9am"}, "/reported_at", "format"),
    ({"place": {}}, "/place", "required"),
    ({"place": {"line1": "x" * 101}}, "/place/line1", "maxLength"),
    ({"place": {"line1": "a\nb"}}, "/place/line1", "characters"),
    ({"place": {"planet": "x"}}, "/place/planet", "unknown"),
    ({"died_on": {"year": 2027}}, "/died_on", "not_future"),
]


@pytest.mark.parametrize(("changes", "pointer", "rule"), DATES)
def test_a_wrong_date_time_or_address_has_our_rule_at_its_pointer(
    changes: dict[str, Any], pointer: str, rule: str
) -> None:
    people = [{**PERSON, "place_of_death": "x"}]

    assert problems(**{**DIED, "people": people, **changes}) == [(pointer, rule)]


def test_a_document_that_is_no_object_is_refused() -> None:
    found = check_submission(every_question(), ["x"], today=TODAY)

    assert [(one.pointer, one.rule) for one in found] == [("", "type")]
    assert message(every_question(), found[0])


HOSTILE: list[tuple[Any, str, str]] = [
    ({"summary": "\ud800"}, "/summary", "characters"),
    ({"\ud800": "x"}, "", "characters"),
    ({"summary": float("nan")}, "/summary", "type"),
    ({"people": [{"age": float("inf")}]}, "/people/0/age", "type"),
    ({"people": ["\ud800"]}, "/people/0", "characters"),
    ({"died_on": {"year": "\ud800"}}, "/died_on/year", "characters"),
]


@pytest.mark.parametrize(("answers", "pointer", "rule"), HOSTILE)
def test_what_no_validator_should_be_given_is_refused_before(
    answers: Any, pointer: str, rule: str
) -> None:
    found = check_submission(every_question(), answers, today=TODAY)

    assert [(one.pointer, one.rule) for one in found] == [(pointer, rule)]
    assert message(every_question(), found[0])


def test_a_document_too_deep_for_a_stack_is_refused() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]

    found = check_submission(every_question(), {"summary": deep}, today=TODAY)

    assert [one.rule for one in found] == ["type"]
