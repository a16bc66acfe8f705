"""What a question discloses is said by its mark, or by its type: and a wrong mark is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chalicelib.forms.disclosures import Discloses, discloses, is_withheld, mark_findings
from chalicelib.forms.lint import lint
from chalicelib.forms.load import load_form
from chalicelib.forms.source import Node

FORMS = Path(__file__).parents[3] / "forms"
TYPED = ("text", "textarea")


@pytest.mark.parametrize(
    ("kind", "mark", "found"),
    [
        ("text", "name", ""),
        ("textarea", "contact", ""),
        ("text", "nothing", ""),
        ("approximate_date", "born", ""),
        ("radios", "source", ""),
        ("email", "contact", ""),
        ("text", "nane", 'Perhaps "name"'),
        ("text", True, "Use one of"),
        ("text", None, "Use one of"),
        ("email", "nothing", 'Write "contact"'),
        ("nhs_number", "name", 'Write "identifier"'),
        ("radios", "name", "Remove the mark"),
        ("number", "born", "Remove the mark"),
    ],
)
def test_a_mark_is_one_of_a_few_and_fits_its_question(kind: str, mark: Any, found: str) -> None:
    node = Node("adult.json", "/schema/properties/local_a", {"x-discloses": mark})

    told = "; ".join(str(one) for one in mark_findings(node, kind))

    assert (found in told) if found else told == ""


def test_a_type_that_says_what_it_is_needs_no_mark() -> None:
    kinds = {kind: discloses(kind, {}) for kind in ("address", "email", "phone", "nhs_number")}

    assert set(kinds.values()) == {Discloses.CONTACT, Discloses.IDENTIFIER}
    assert discloses("text", {}) is None


@pytest.mark.parametrize(
    ("name", "mark", "withheld"),
    [
        ("summary", None, False),
        ("local_comment", None, True),
        ("local_comment", Discloses.NOTHING, False),
        ("local_member", Discloses.NAME, False),
        ("adult_address", Discloses.CONTACT, True),
        ("crime_ref", Discloses.IDENTIFIER, True),
        ("event_source", Discloses.SOURCE, True),
        ("adult_dob", Discloses.BORN, False),
    ],
)
def test_what_is_withheld(name: str, mark: Discloses | None, withheld: bool) -> None:
    assert is_withheld(name, mark) is withheld


@pytest.mark.parametrize(
    ("form", "partnership"), [("adult", "suffolk"), ("child", "suffolk"), ("child", "salford")]
)
def test_the_shipped_forms_mark_whatever_is_called_a_name_a_contact_or_a_birth(
    form: str, partnership: str
) -> None:
    questions = load_form(FORMS, form, partnership).questions.values()
    wanted = {
        *("name", "forename", "surname", "dob", "age", "address", "contact", "email", "phone"),
        *("ref", "reference", "urn", "upn", "id", "gp", "officer", "advocate", "who", "source"),
    }
    # Agencies, areas and languages are nobody; a number of years is an age already.
    known = {"agency_name", "incident_la_name", "first_language", "incident_reference"}

    unmarked = [
        one.name
        for one in questions
        if one.type in (*TYPED, "approximate_date")
        and set(one.name.split("_")) & wanted
        and discloses(one.type, one.schema) is None
    ]

    assert set(unmarked) - known == set()


@pytest.mark.parametrize("form", ["adult", "child"])
def test_the_shipped_forms_mark_whoever_plays_the_referrer(form: str) -> None:
    known = load_form(FORMS, form)

    for role, mark in (("referrer_name", Discloses.NAME), ("referrer_email", Discloses.CONTACT)):
        question = known.questions[known.roles[role]]
        assert discloses(question.type, question.schema) is mark


def test_the_lint_looks_at_marks(tmp_path: Path) -> None:
    for path in FORMS.glob("*.json"):
        wrong = path.read_text().replace('"x-discloses": "born"', '"x-discloses": "birth"')
        (tmp_path / path.name).write_text(wrong)

    told = [str(one) for one in lint(tmp_path)]

    assert any("adult_dob/x-discloses: 'birth' is nothing" in one for one in told)
