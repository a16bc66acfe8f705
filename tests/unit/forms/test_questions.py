"""Each question type: what it reads, what it refuses, what it shows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.forms.answers import Parsed, parse_page
from chalicelib.forms.definition import Form
from chalicelib.forms.problems import Problem, field_id, message
from chalicelib.forms.questions import Component, question_type
from tests.unit.forms.builders import Json, load, with_question
from tests.unit.forms.samples import every_question

TODAY = date(2026, 11, 21)


def read(name: str, *typed: str, **boxes: str) -> Parsed:
    """Read one question of the fixture form, in one box or in several."""
    return read_posted(name, {name: typed} | {f"{name}-{box}": (boxes[box],) for box in boxes})


def read_posted(name: str, posted: dict[str, Any]) -> Parsed:
    """Read one question of the fixture form from posted boxes, its parent's option chosen."""
    form = every_question()
    page, _ = form.place_of[name]
    parsed = parse_page(form, page, posted, today=TODAY)
    mine = tuple(one for one in parsed.problems if one.path == (name,))
    warned = tuple(one for one in parsed.warnings if one.path == (name,))
    return Parsed({k: v for k, v in parsed.values.items() if k == name}, posted, mine, warned)


def rules(parsed: Parsed) -> list[tuple[str, str | None]]:
    """The rules that failed, and which box."""
    return [(one.rule, one.part) for one in parsed.problems]


READ: list[tuple[str, tuple[str, ...], dict[str, str], Any]] = [
    ("summary", ("  a\r\nb\rc  ",), {}, "a\nb\nc"),
    ("age", (" 1,0 ",), {}, 10),
    ("age", ("0",), {}, 0),
    ("your_email", ("A.B+c@Agency.example.org",), {}, "A.B+c@Agency.example.org"),
    ("your_phone", ("01632 960 001",), {}, "01632 960 001"),
    ("your_phone", ("+44 (0)808 157-0192 ext 12",), {}, "+44 (0)808 157-0192 ext 12"),
    ("in_danger", ("not_known",), {}, "not_known"),
    ("abuse", ("other", "neglect"), {}, ["neglect", "other"]),
    ("reported_on", (), {"day": "7", "month": "3", "year": "2026"}, "2026-03-07"),
    ("reported_on", (), {"day": "07", "month": "Mar", "year": "2026"}, "2026-03-07"),
    ("reported_on", (), {"day": "29", "month": "february", "year": "2024"}, "2024-02-29"),
    ("reported_on", (), {"day": "21", "month": "11", "year": "2026"}, "2026-11-21"),
    ("died_on", (), {"year": "2026"}, {"year": 2026}),
    ("died_on", (), {"month": "3", "year": "2026"}, {"year": 2026, "month": 3}),
    (
        *("died_on", (), {"month": "3", "year": "2026", "estimated": "estimated"}),
        {"year": 2026, "month": 3, "estimated": True},
    ),
    ("died_on", (), {"estimated": "not_known"}, {"not_known": True}),
    ("reported_at", ("14:30",), {}, "14:30"),
    ("reported_at", ("2:30pm",), {}, "14:30"),
    ("reported_at", ("1430",), {}, "14:30"),
    ("reported_at", ("2.30 pm",), {}, "14:30"),
    ("reported_at", ("12am",), {}, "00:00"),
    ("reported_at", ("12 p.m.",), {}, "12:00"),
    ("reported_at", ("midday",), {}, "12:00"),
    ("reported_at", ("Midnight",), {}, "00:00"),
    ("place", (), {"line1": " 1 Road ", "town": ""}, {"line1": "1 Road"}),
    ("nhs_number", ("485 777-3456",), {}, "4857773456"),
    ("agree", ("yes",), {}, True),
]


@pytest.mark.parametrize(("name", "typed", "boxes", "value"), READ)
def test_an_answer_is_read_as_people_write_it(
    name: str, typed: tuple[str, ...], boxes: dict[str, str], value: Any
) -> None:
    parsed = read(name, *typed, **boxes)

    assert parsed.values == {name: value}
    assert parsed.problems == ()


REFUSED: list[tuple[str, tuple[str, ...], dict[str, str], str, str | None]] = [
    ("summary", (" \n ",), {}, "required", None),
    ("summary", ("x" * 4001,), {}, "maxLength", None),
    ("summary", ("a\x00b",), {}, "characters", None),
    ("summary", ("a\ufffdb",), {}, "characters", None),
    ("summary", ("a\ud800b",), {}, "characters", None),
    ("your_name", ("a\nb",), {}, "characters", None),
    ("your_name", ("a", "a"), {}, "duplicate", None),
    ("case_code", ("AB1",), {}, "pattern", None),
    ("age", ("ten",), {}, "format", None),
    ("age", ("1.5",), {}, "format", None),
    ("age", ("-1",), {}, "minimum", None),
    ("age", ("121",), {}, "maximum", None),
    ("age", ("9" * 5000,), {}, "format", None),
    ("your_email", ("a@b",), {}, "format", None),
    ("your_email", ('"a b"@example.org',), {}, "format", None),
    ("your_email", ("a@example.org\nBcc: b@example.org",), {}, "characters", None),
    ("your_email", ("a@" + "b" * 250 + ".org",), {}, "maxLength", None),
    ("your_phone", ("ask Mary",), {}, "format", None),
    ("your_phone", ("123",), {}, "format", None),
    ("in_danger", ("maybe",), {}, "enum", None),
    ("in_danger", ("yes", "no"), {}, "duplicate", None),
    ("abuse", ("neglect", "x"), {}, "enum", None),
    ("abuse", ("neglect", "not_known"), {}, "exclusive", None),
    ("reported_on", (), {"day": "7", "month": "3"}, "incomplete", "year"),
    ("reported_on", (), {"year": "2026"}, "incomplete", "day"),
    ("reported_on", (), {"day": "x", "month": "3", "year": "2026"}, "format", "day"),
    ("reported_on", (), {"day": "7", "month": "Smarch", "year": "2026"}, "format", "month"),
    ("reported_on", (), {"day": "7", "month": "...", "year": "2026"}, "format", "month"),
    ("reported_on", (), {"day": "7", "month": "13", "year": "2026"}, "real_date", "month"),
    ("reported_on", (), {"day": "32", "month": "3", "year": "2026"}, "real_date", "day"),
    ("reported_on", (), {"day": "29", "month": "2", "year": "2026"}, "real_date", None),
    ("reported_on", (), {"day": "7", "month": "3", "year": "26"}, "minimum", "year"),
    ("reported_on", (), {"day": "7", "month": "3", "year": "1899"}, "minimum", "year"),
    ("reported_on", (), {"day": "7", "month": "3", "year": "2101"}, "maximum", "year"),
    ("reported_on", (), {"day": "22", "month": "11", "year": "2026"}, "not_future", None),
    ("died_on", (), {"day": "7", "year": "2026"}, "incomplete", "month"),
    ("died_on", (), {"estimated": "estimated"}, "incomplete", "year"),
    ("died_on", (), {"month": "12", "year": "2026"}, "not_future", None),
    ("died_on", (), {"year": "2026", "estimated": "not_known"}, "exclusive", None),
    ("died_on", (), {"year": "2026", "estimated": "x"}, "enum", "estimated"),
    ("reported_at", ("9",), {}, "format", None),
    ("reported_at", ("25:00",), {}, "format", None),
    ("reported_at", ("14:60",), {}, "format", None),
    ("reported_at", ("14:30pm",), {}, "format", None),
    ("place", (), {"line1": "x" * 101}, "maxLength", "line1"),
    ("place", (), {"postcode": "a\x00"}, "characters", "postcode"),
    ("nhs_number", ("485777345",), {}, "format", None),
    ("nhs_number", ("४८५७७७३४५६",), {}, "format", None),
    ("agree", (), {}, "required", None),
    ("agree", ("no",), {}, "enum", None),
]


@pytest.mark.parametrize(("name", "typed", "boxes", "rule", "part"), REFUSED)
def test_an_answer_that_makes_no_sense_is_refused_with_its_rule_and_box(
    name: str, typed: tuple[str, ...], boxes: dict[str, str], rule: str, part: str | None
) -> None:
    parsed = read(name, *typed, **boxes)

    assert rules(parsed) == [(rule, part)]
    assert parsed.values == {}
    assert message(every_question(), parsed.problems[0]).strip()


def test_an_answer_left_blank_is_no_answer_and_no_problem_when_it_may_be() -> None:
    parsed = read("age", "  ")

    assert (parsed.values, parsed.problems) == ({}, ())


def test_today_in_london_is_no_day_to_come() -> None:
    form = every_question()
    page, _ = form.place_of["reported_on"]
    posted = {"reported_on-day": ["1"], "reported_on-month": ["1"], "reported_on-year": ["2026"]}

    assert parse_page(form, page, posted).problems == ()


@pytest.mark.parametrize("number", ["4857773457", "9434765919", "0000000000"])
def test_an_nhs_number_whose_check_digit_agrees_gives_no_warning(number: str) -> None:
    assert read("nhs_number", number).warnings == ()


@pytest.mark.parametrize("number", ["4857773456", "0000000010", "1000000010"])
def test_a_wrong_check_digit_is_a_warning_and_the_number_is_kept(number: str) -> None:
    parsed = read("nhs_number", number)

    assert [one.rule for one in parsed.warnings] == ["check_digit"]
    assert parsed.values == {"nhs_number": number}
    assert parsed.problems == ()


def test_a_personal_email_address_is_a_warning() -> None:
    assert [one.rule for one in read("your_email", "a@GMAIL.com").warnings] == ["personal_domain"]


def test_criteria_left_blank_are_asked_for_once_more() -> None:
    parsed = read("criteria")

    assert [one.rule for one in parsed.warnings] == ["ask_once"]
    assert parsed.problems == ()


def test_every_problem_of_a_page_comes_at_once_in_the_order_of_the_page() -> None:
    form = every_question()
    page = form.page("your-details")
    assert page is not None

    parsed = parse_page(form, page, {"your_phone": ["x"], "your_email": ["y"]}, today=TODAY)

    assert [one.path for one in parsed.problems] == [
        ("your_name",),
        ("your_email",),
        ("your_phone",),
    ]


def test_an_answer_that_is_too_long_stays_as_typed() -> None:
    typed = "x" * 5000

    assert read("summary", typed).posted["summary"] == (typed,)


def test_fields_that_the_page_does_not_ask_are_ignored() -> None:
    form = every_question()
    page = form.page("danger")
    assert page is not None

    parsed = parse_page(form, page, {"in_danger": ["no"], "summary": ["x"]}, today=TODAY)

    assert parsed.values == {"in_danger": "no"}


def test_an_answer_that_no_option_reveals_is_dropped() -> None:
    form = every_question()
    page = form.page("role")
    assert page is not None
    posted = {"role": ["family"], "role_other": ["x" * 999]}

    parsed = parse_page(form, page, posted, today=TODAY)

    assert (parsed.values, parsed.problems) == ({"role": "family"}, ())


FIELDS = [
    (Problem(("summary",), "required"), "summary"),
    (Problem(("reported_on",), "incomplete", part="year"), "reported_on-year"),
    (Problem(("people", 0, "born_on"), "real_date", part="month"), "born_on-month"),
]


@pytest.mark.parametrize(("problem", "control"), FIELDS)
def test_an_error_leads_to_the_box_at_fault(problem: Problem, control: str) -> None:
    assert field_id(problem) == control


@pytest.mark.parametrize(
    ("boxes", "control"),
    [({}, "died_on-day"), ({"day": "31", "month": "2", "year": "2026"}, "died_on-day")],
)
def test_an_error_of_the_whole_date_leads_to_its_first_box(
    boxes: dict[str, str], control: str
) -> None:
    assert field_id(read("died_on", **boxes).problems[0]) == control


def test_a_pointer_escapes_what_a_json_pointer_must() -> None:
    assert Problem(("people", 0, "a/b~c"), "unknown").pointer == "/people/0/a~1b~0c"


def shown(name: str, posted: Any = None, errors: Any = (), **how: bool) -> Component:
    """The component of one question of the fixture form."""
    question = every_question().questions[name]
    flags = {"heading": False, "optional": False, **how}
    return question_type(question).show(question, posted or {}, errors, **flags)


def test_a_question_that_is_alone_is_the_heading_of_its_page() -> None:
    label = shown("your_name", heading=True).params["label"]

    assert label == {
        "text": "What is your name?",
        "classes": "govuk-label--l",
        "isPageHeading": True,
    }


def test_an_optional_question_says_so() -> None:
    assert shown("case_code", optional=True).params["label"]["text"].endswith("(optional)")


def test_a_browser_fills_in_only_what_is_asked_about_the_person_at_it() -> None:
    assert shown("your_name").params["autocomplete"] == "name"
    assert shown("forename").params["autocomplete"] == "off"


def test_names_and_codes_are_not_sent_to_a_spelling_service() -> None:
    assert shown("forename").params["spellcheck"] is False
    assert shown("case_code").params["spellcheck"] is False
    assert "spellcheck" not in shown("place_of_death").params


def test_a_long_text_counts_its_characters() -> None:
    component = shown("summary")

    assert component.macro == "character-count"
    assert component.params["maxlength"] == 4000


def test_a_short_text_of_several_lines_does_not_count() -> None:
    assert shown("self_neglect_detail").macro == "textarea"


def test_a_long_list_is_a_select_with_nothing_chosen() -> None:
    component = shown("nation")

    assert component.macro == "select"
    assert component.params["items"][0] == {"value": "", "text": "Choose one", "selected": True}


def test_what_was_chosen_is_chosen_again() -> None:
    items = shown("role", {"role": ["family"]}).params["items"]

    assert {one["value"]: one["checked"] for one in items} == {
        "professional": False,
        "family": True,
        "other": False,
    }


def test_an_option_that_excludes_the_others_comes_last_after_a_divider() -> None:
    items = shown("abuse").params["items"]

    assert items[-2] == {"divider": "or"}
    assert (items[-1]["value"], items[-1]["behaviour"]) == ("not_known", "exclusive")


def test_only_the_wrong_box_of_a_date_is_marked() -> None:
    items = shown("reported_on", errors=[("month", "x")]).params["items"]

    assert ["error" in one["classes"] for one in items] == [False, True, False]


def test_all_boxes_are_marked_when_the_whole_date_is_wrong() -> None:
    items = shown("reported_on", errors=[(None, "x")]).params["items"]

    assert all("govuk-input--error" in one["classes"] for one in items)


def test_an_approximate_date_is_boxes_and_two_ways_out() -> None:
    parts = shown("died_on", {"died_on-estimated": ["estimated"]}).params["parts"]

    assert [part.macro for part in parts] == ["date-input", "checkboxes"]
    assert [one["id"] for one in parts[0].params["items"]] == [
        "died_on-day",
        "died_on-month",
        "died_on-year",
    ]
    assert [one["checked"] for one in parts[1].params["items"]] == [True, False]


def test_a_line_of_an_address_shows_its_own_error() -> None:
    parts = shown("place", errors=[("town", "Too long")]).params["parts"]

    assert [part.params.get("errorMessage") for part in parts] == [
        *(None, None, {"text": "Too long"}, None, None)
    ]


SUMMARIES: list[tuple[str, Any, list[str], dict[str, str]]] = [
    ("summary", "a\nb", ["a", "b"], {"summary": "a\nb"}),
    ("age", 7, ["7"], {"age": "7"}),
    ("role", "family", ["Family or friend"], {"role": "Family or friend"}),
    ("abuse", ["neglect", "other"], ["Neglect", "Other"], {"abuse": "Neglect; Other"}),
    ("reported_on", "2026-03-07", ["7 March 2026"], {"reported_on": "2026-03-07"}),
    (
        *("died_on", {"year": 2026, "month": 3, "estimated": True}, ["March 2026 (estimated)"]),
        {"died_on": "2026-03", "died_on_precision": "month", "died_on_estimated": "Yes"},
    ),
    (
        *("died_on", {"not_known": True}, ["Not known"]),
        {"died_on": "", "died_on_precision": "not_known", "died_on_estimated": ""},
    ),
    (
        *("place", {"line1": "1 Road", "postcode": "AA1 1AA"}, ["1 Road", "AA1 1AA"]),
        {
            "place_line1": "1 Road",
            "place_line2": "",
            "place_town": "",
            "place_county": "",
            "place_postcode": "AA1 1AA",
        },
    ),
    ("nhs_number", "4857773456", ["485 777 3456"], {"nhs_number": "4857773456"}),
    ("agree", True, ["This is accurate"], {"agree": "Yes"}),
    ("danger_reported", True, ["I have called 999"], {"danger_reported": "Yes"}),
]


@pytest.mark.parametrize(("name", "value", "lines", "columns"), SUMMARIES)
def test_an_answer_is_summarised_for_people_and_exported_for_tables(
    name: str, value: Any, lines: list[str], columns: dict[str, str]
) -> None:
    question = every_question().questions[name]

    assert question_type(question).summary(question, value) == lines
    assert question_type(question).export(question, value) == columns


def test_a_declaration_is_one_box_with_its_statement() -> None:
    named, plain = shown("agree").params, shown("danger_reported").params

    assert named["items"][0]["text"] == "This is accurate"
    assert named["fieldset"]["legend"]["text"] == "Send this?"
    assert plain["items"][0]["text"] == "I have called 999"
    assert "fieldset" not in plain


def test_a_declaration_alone_on_its_page_has_a_heading() -> None:
    params = shown("danger_reported", heading=True).params

    assert params["fieldset"]["legend"]["isPageHeading"] is True
    assert params["items"][0]["text"] == "I confirm"


def test_the_type_of_a_text_follows_from_its_limit(tmp_path: Path) -> None:
    kinds = {}
    for limit in (200, 201):
        schema: Json = {"type": "string", "maxLength": limit}
        form: Form = load(tmp_path, with_question("asked", schema))
        kinds[limit] = form.questions["asked"].type

    assert kinds == {200: "text", 201: "textarea"}


def test_an_author_may_ask_for_several_lines_for_a_short_text(tmp_path: Path) -> None:
    schema: Json = {"type": "string", "maxLength": 50, "x-question": "textarea"}

    form = load(tmp_path, with_question("asked", schema))

    assert form.questions["asked"].type == "textarea"
    assert "x-question" not in form.questions["asked"].schema
