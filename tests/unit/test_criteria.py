"""The criteria as data: complete, sourced, and in step with what the forms offer."""

from __future__ import annotations

import json
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from chalicelib.forms.load import load_form

FORMS = Path(__file__).parents[2] / "forms"
CRITERIA: list[dict[str, Any]] = json.loads((FORMS / "criteria.json").read_text("utf-8"))
OPTIONS = "questions.criteria.options."
KEYS = [
    "id",
    "stream",
    "text_key",
    "source",
    "edition_from",
    "edition_to",
    "kind",
    "hint_outcome",
]
KINDS = {"element", "mandatory", "discretionary", "local", "advice", "staff", "always"}
OUTCOMES = {
    "sar_mandatory",
    "sar_discretionary",
    "lcspr",
    "lcspr_discretionary",
    "learning_review",
    "seriously_good_outcome_review",
}
NAMED = [
    *("A_NEEDS", "A_WORKING", "A_DEATH", "A_SERIOUS", "A_SER_1", "A_SER_2", "A_SER_3"),
    *("A_DISC", "A_GOOD", "C_DEATH", "C_HARM", "C_ABROAD", "C_LAC", "C_CARELEAVER", "C_REG"),
    *("C_CUSTODY", "C_KENT_NOTE", "C_REVIEW_1", "C_REVIEW_2", "C_REVIEW_3", "C_REVIEW_4"),
    *("C_PRACTICE", "C_NEARMISS", "C_GOOD", "X_UNSURE"),
]
FAMILIES = ("A_LOCAL_", "C_SER_")


def offered(stream: str) -> set[str]:
    """The options that a form of this stream offers, by the criteria."""
    keys = [one["text_key"] or "" for one in CRITERIA if one["stream"] in (stream, "both")]
    return {key.removeprefix(OPTIONS) for key in keys if key.startswith(OPTIONS)}


def with_text() -> list[tuple[str, str]]:
    """Each (form, text key) that a criterion points to."""
    return [
        (form, one["text_key"])
        for one in CRITERIA
        for form in ("adult", "child")
        if one["text_key"] and one["stream"] in (form, "both")
    ]


def test_every_criterion_has_the_same_keys() -> None:
    assert [one["id"] for one in CRITERIA if list(one) != KEYS] == []


def test_no_id_is_used_twice() -> None:
    assert len({one["id"] for one in CRITERIA}) == len(CRITERIA)


def test_every_named_criterion_is_there() -> None:
    assert set(NAMED) - {one["id"] for one in CRITERIA} == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_of_criteria_has_members(family: str) -> None:
    assert [one["id"] for one in CRITERIA if one["id"].startswith(family)] != []


def test_every_criterion_says_where_it_comes_from() -> None:
    assert [one["id"] for one in CRITERIA if not one["source"]] == []


def test_every_kind_and_stream_is_known() -> None:
    assert {one["kind"] for one in CRITERIA} <= KINDS
    assert {one["stream"] for one in CRITERIA} == {"adult", "child", "both"}


def test_an_outcome_is_a_hint_from_the_list_of_outcomes() -> None:
    assert {one["hint_outcome"] for one in CRITERIA} - {None} <= OUTCOMES


def test_an_edition_ends_after_it_starts() -> None:
    for one in CRITERIA:
        dates = [one["edition_from"], one["edition_to"]]
        given = [date.fromisoformat(day) for day in dates if day]
        assert given == sorted(given)


def test_a_test_for_staff_is_never_shown_to_a_referrer() -> None:
    assert [one["id"] for one in CRITERIA if one["kind"] == "staff" and one["text_key"]] == []


@pytest.mark.parametrize("form", ["adult", "child"])
def test_a_form_offers_exactly_the_criteria_of_its_stream(form: str) -> None:
    options = load_form(FORMS, form).questions["criteria"].options
    assert {option.value for option in options} == offered(form)


@pytest.mark.parametrize(("form", "key"), with_text())
def test_the_wording_of_a_criterion_is_in_the_form(form: str, key: str) -> None:
    text = json.loads((FORMS / f"{form}.json").read_text("utf-8"))["text"]["en"]
    assert reduce(lambda part, step: part[step], key.split("."), text)
