"""A definition that contradicts itself is refused: where, what is wrong, and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.forms.definition import DefinitionError
from chalicelib.forms.lint import lint, main
from chalicelib.forms.load import load_form
from tests.unit.forms.builders import (
    Json,
    a_small_form,
    authored,
    findings,
    load,
    with_question,
)
from tests.unit.forms.samples import FIXTURES


def page(form: Json, page_id: str) -> Json:
    """The authored page of the fixture form."""
    return next(one for one in form["pages"] if one.get("id") == page_id)


def put(form: Json, path: str, value: Any) -> None:
    """Set the value at a JSON pointer; None removes it."""
    keys = path.strip("/").split("/")
    where: Any = form
    for key in keys[:-1]:
        where = where[int(key) if isinstance(where, list) else key]
    last = int(keys[-1]) if isinstance(where, list) else keys[-1]
    if value is None:
        del where[last]
    else:
        where[last] = value


# What an author does, the JSON pointer where it is found, and words of the finding.
REFUSED: dict[str, tuple[str, Any, str, str]] = {
    "an unknown key of a form": ("/colour", "red", "/colour", "not known here"),
    "an unknown key of a page": ("/pages/0/asks", [], "/pages/0/asks", '"ask" is meant'),
    "a page without section": ("/pages/0/section", None, "/pages/0", '"section" is missing'),
    "a reserved page id": ("/pages/0/id", "check-answers", "/pages/0/id", "reserved"),
    "the id of one-page groups": ("/pages/0/id", "details", "/pages/0/id", "reserved"),
    "a page id with capitals": ("/pages/0/id", "Danger", "/pages/0/id", "cannot be a name"),
    "two pages of one id": ("/pages/1/id", "danger", "/pages/1/id", "two pages"),
    "a group with a page's id": ("/pages/16/id", "danger", "/pages/16/id", "two pages"),
    "an unknown page set": ("/pages/5/use", "us", "/pages/5/use", 'no page set "us"'),
    "asking what does not exist": ("/pages/9/ask", ["outcom"], "/pages/9/ask/0", '"outcome"'),
    "asking twice": ("/pages/9/ask", ["outcome", "role"], "/pages/9/ask/1", "asked twice"),
    "an exit page that asks": ("/pages/9/exit", True, "/pages/9/exit", "asks nothing"),
    "optional without being asked": (
        *("/pages/9/optional", ["summary"], "/pages/9/optional/0"),
        'does not ask "summary"',
    ),
    "optional and if_known": (
        *("/pages/15/if_known", ["case_code"], "/pages/15"),
        "both optional and if_known",
    ),
    "a condition on nothing": (
        *("/pages/7/when", {"roles": "family"}, "/pages/7/when/roles"),
        'no page asks "roles"',
    ),
    "a condition on a later page": (
        *("/pages/7/when", {"outcome": "died"}, "/pages/7/when/outcome"),
        "not asked before this page",
    ),
    "a condition on its own page": (
        *("/pages/9/when", {"outcome": "died"}, "/pages/9/when/outcome"),
        "not asked before this page",
    ),
    "a condition on an item": (
        *("/pages/18/when", {"forename": {"answered": True}}, "/pages/18/when/forename"),
        "every item of a group",
    ),
    "a condition on no option": (
        *("/pages/7/when", {"role": "boss"}, "/pages/7/when/role"),
        "no option",
    ),
    "comparing a text": (
        *("/pages/9/when", {"your_name": "A"}, "/pages/9/when/your_name"),
        "no options to compare with",
    ),
    "answered: false": (
        *("/pages/9/when", {"role": {"answered": False}}, "/pages/9/when/role"),
        "says nothing",
    ),
    "an empty any": ("/pages/7/when", {"any": []}, "/pages/7/when/any", "list of conditions"),
    "a mixed condition in a group": (
        *("/pages/16/pages/3/when", {"any": [{"kind": "adult"}, {"outcome": "died"}]}),
        *("/pages/16/pages/3/when", "mixed"),
    ),
    "a reveal of what is not asked": (
        *("/pages/4/reveal", {"agency": {"role": "other"}}, "/pages/4/reveal/agency"),
        "does not ask",
    ),
    "a reveal by a later question": (
        *("/pages/4/ask", ["role_other", "role"], "/pages/4/reveal/role_other/role"),
        "not asked before it",
    ),
    "a reveal by no option": (
        *("/pages/4/reveal", {"role_other": {"role": "boss"}}, "/pages/4/reveal/role_other/role"),
        '"boss" is no option',
    ),
    "a reveal by a text": (
        *("/pages/10/reveal", {"cause_status": {"died_on": "x"}}),
        *("/pages/10/reveal/cause_status/died_on", "only radios and checkboxes reveal"),
    ),
    "a group of nothing": ("/pages/16/each", "persons", "/pages/16/each", "to repeat"),
    "a group with questions and pages": (
        *("/pages/16/ask", ["forename"], "/pages/16"),
        "either questions or pages",
    ),
    "a group that can hold nothing": (
        *("/schema/properties/people/maxItems", 0, "/schema/properties/people"),
        "limits",
    ),
    "required by hand": (
        *("/schema/properties/people/items/required", ["forename"]),
        *("/schema/properties/people/items/required", "cannot be given"),
    ),
    "an item name that is not asked": (
        *("/text/en/groups/people/item_name", ["surname"], "/text/en/groups/people/item_name/0"),
        'does not ask "surname"',
    ),
    "a role for nothing": ("/roles/name", "name", "/roles/name", 'role "name"'),
    "a question that is never asked": (
        *("/schema/properties/spare", {"type": "integer", "minimum": 0, "maximum": 1}),
        *("/schema/properties/spare", "never asked"),
    ),
    "a question without text": (
        *("/text/en/questions/outcome", None, "/text/en/questions/outcome"),
        'has no "question"',
    ),
    "a question without noun": (
        *("/text/en/questions/outcome/noun", None, "/text/en/questions/outcome"),
        'has no "noun"',
    ),
    "an option without label": (
        *("/text/en/questions/outcome/options/died", None, "/text/en/questions/outcome"),
        'option "died" of "outcome" has no label',
    ),
    "a label of no option": (
        *("/text/en/questions/outcome/options/dead", "Dead"),
        *("/text/en/questions/outcome/options/dead", "no option"),
    ),
    "text of no question": (
        *("/text/en/questions/outcomes", {"question": "?"}, "/text/en/questions/outcomes"),
        'no question "outcomes"',
    ),
    "text of no page": ("/text/en/pages/x", {"title": "X"}, "/text/en/pages/x", "no page"),
    "a page without title": ("/text/en/pages/role", None, "/pages/4", "no title"),
    "a section without name": ("/text/en/sections/gate", None, "/pages/0/section", "no name"),
    "a group without title": (
        *("/text/en/groups/people/title", None, "/text/en/groups/people"),
        'no "title"',
    ),
    "a form without name": ("/text/en/form/name", None, "/text/en/form", "no name"),
    "a message for no rule": (
        *("/text/en/questions/summary/errors", {"max_length": "Too long"}),
        *("/text/en/questions/summary/errors/max_length", "can never fail"),
    ),
    "a message that begs": (
        *("/text/en/questions/summary/errors", {"required": "Please enter what happened"}),
        *("/text/en/questions/summary/errors/required", '"Please" does not help'),
    ),
    "a generic message": (
        *("/text/en/questions/summary/errors", {"required": "This field is required"}),
        *("/text/en/questions/summary/errors/required", "does not help"),
    ),
    "a place that nothing fills": (
        *("/text/en/questions/summary/errors", {"required": "Enter {what}"}),
        *("/text/en/questions/summary/errors/required", "never filled in"),
    ),
    "a blank text": ("/text/en/form/name", " ", "/text/en/form/name", "not blank"),
    "a text where there should be a list": ("/pages/0/ask", "role", "/pages/0/ask", "a list"),
    "a list where there should be an object": ("/roles", [], "/roles", "an object"),
    "a page that is a text": ("/pages/0", "role", "/pages/0", "an object"),
    "a flag in quotes": ("/pages/3/exit", "yes", "/pages/3/exit", "true or false"),
    "a condition that is a list": ("/pages/7/when", [], "/pages/7/when", "an object"),
    "an any of texts": ("/pages/7/when", {"any": ["x"]}, "/pages/7/when/any/0", "an object"),
    "no language": ("/text", {}, "/text", "no language"),
    "a group without pages": ("/pages/16/pages", [], "/pages/16/pages", "needs a page"),
    "a group with an unknown limit": (
        *("/schema/properties/people/minItem", 1, "/schema/properties/people/minItem"),
        '"minItems" is meant',
    ),
    "an item question that is never asked": (
        *("/schema/properties/people/items/properties/spare", {"$ref": "#/$defs/yes_no"}),
        *("/schema/properties/people/items/properties/spare", "never asked"),
    ),
    "a reveal of two options": (
        *("/pages/4/reveal", {"role_other": {"role": "other", "x": "y"}}),
        *("/pages/4/reveal/role_other", "names one option"),
    ),
    "a question named as a group": (
        *("/pages/9/ask", ["outcome", "agencies"], "/pages/9/ask/1"),
        '"agencies" is a group',
    ),
    "a message with a lonely brace": (
        *("/text/en/questions/summary/errors", {"required": "Enter {noun"}),
        *("/text/en/questions/summary/errors/required", "braces"),
    ),
    "another file's name": ("/form", "other", "/form", "not the name of the file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_definition_is_refused_at_the_place_that_is_wrong(case: str, tmp_path: Path) -> None:
    path, value, pointer, words = REFUSED[case]
    form = authored("every-question.json")
    put(form, path, value)
    found = findings_of_fixture(tmp_path, form)

    assert any(one.pointer == pointer and words in str(one) for one in found), found


def findings_of_fixture(folder: Path, form: Json) -> tuple[Any, ...]:
    """What loading a changed fixture form under its own file name finds."""
    (folder / "every-question.json").write_text(json.dumps(form), encoding="utf-8")
    (folder / "common.json").write_text(json.dumps(authored("common.json")), encoding="utf-8")
    try:
        load_form(folder, "every-question")
    except DefinitionError as error:
        return error.findings
    return ()


SCHEMAS: dict[str, tuple[Json, str]] = {
    "no type": ({"minLength": 1}, "no question type"),
    "an object": ({"type": "object"}, "no question type"),
    "a text without limit": ({"type": "string"}, "needs a limit"),
    "required": ({"type": "string", "maxLength": 9, "required": ["x"]}, "never written by hand"),
    "not": ({"type": "string", "maxLength": 9, "not": {"const": "x"}}, '"not" cannot be asked'),
    "contains": (
        {"type": "array", "uniqueItems": True, "items": {"enum": ["a"]}, "contains": {}},
        '"contains" cannot be asked',
    ),
    "unevaluatedProperties": (
        {"type": "string", "maxLength": 9, "unevaluatedProperties": False},
        '"unevaluatedProperties" cannot be asked',
    ),
    "a reference to nothing": ({"$ref": "#/$defs/dates"}, "leads nowhere"),
    "a type of nothing": ({"type": "string", "x-question": "slider"}, "no question type"),
    "checkboxes without options": ({"type": "array", "uniqueItems": True}, "need their options"),
    "checkboxes that repeat": ({"type": "array", "items": {"enum": ["a"]}}, "given twice"),
    "an option twice": ({"type": "string", "enum": ["a", "a"]}, "there twice"),
    "an exclusive option that is none": (
        {"type": "array", "uniqueItems": True, "items": {"enum": ["a"]}, "x-exclusive": ["b"]},
        "is not an option",
    ),
    "a number without limits": ({"type": "integer"}, 'whole "minimum"'),
    "a number that cannot be": ({"type": "integer", "minimum": 2, "maximum": 1}, "no number"),
    "a looser email": ({"$ref": "#/$defs/email", "maxLength": 900}, "no narrower limit"),
    "a pattern that looks ahead": (
        {"type": "string", "maxLength": 9, "pattern": "(?=a)b"},
        "linear time",
    ),
    "a browser's filling of nothing": (
        {"type": "string", "maxLength": 9, "x-autocomplete": "bday"},
        "browsers fill in nothing",
    ),
    "a date with a length": ({"$ref": "#/$defs/date", "maxLength": 9}, "means nothing"),
}


@pytest.mark.parametrize("case", SCHEMAS)
def test_a_schema_that_is_no_question_is_refused(case: str, tmp_path: Path) -> None:
    schema, words = SCHEMAS[case]
    schema = {**schema} if "items" not in schema else {**schema, "items": {**schema["items"]}}

    found = findings(tmp_path, with_question("asked", schema))

    at = "/schema/properties/asked"
    assert any(one.pointer.startswith(at) and words in str(one) for one in found), found


def test_a_missing_message_names_the_rule_and_where_to_write_it(tmp_path: Path) -> None:
    common = authored("common.json")
    del common["text"]["en"]["errors"]["*"]["maxLength"]

    found = findings(tmp_path, a_small_form(), common=common)

    assert [one.message for one in found] == ['no message for "maxLength" of "summary"']


def test_a_language_with_a_missing_text_is_refused(tmp_path: Path) -> None:
    form = a_small_form()
    form["text"]["cy"] = {"form": {"name": "Ffurflen"}, "sections": {"event": "Digwyddiad"}}

    found = findings(tmp_path, form)

    assert any('no message for "required"' in one.message for one in found)
    assert any('the word for "Day" is missing' in one.message for one in found)


def test_a_shared_definition_named_as_a_type_is_refused(tmp_path: Path) -> None:
    common = authored("common.json")
    common["$defs"]["date"] = {"type": "string"}

    found = findings(tmp_path, a_small_form(), common=common)

    assert [one.pointer for one in found] == ["/$defs/date"]


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    load(tmp_path, a_small_form())
    (tmp_path / "small.json").write_text('{"form": "small", "form": "small"}', encoding="utf-8")

    with pytest.raises(DefinitionError, match='"form" is there twice'):
        load_form(tmp_path, "small")


def test_a_file_that_is_not_json_is_refused_with_line_and_column(tmp_path: Path) -> None:
    load(tmp_path, a_small_form())
    (tmp_path / "small.json").write_text('{"form": }', encoding="utf-8")

    with pytest.raises(DefinitionError, match=r"small\.json#: this is not JSON.*line 1 column 10"):
        load_form(tmp_path, "small")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be read"):
        load_form(tmp_path, "small")


def test_all_findings_are_reported_at_once(tmp_path: Path) -> None:
    form = a_small_form(roles={"a": "nothing", "b": "nothing"})
    del form["text"]["en"]["form"]["name"]

    assert len(findings(tmp_path, form)) == 3


OVERLAYS: dict[str, tuple[Json, str, str]] = {
    "a core name": (
        {"schema": {"properties": {"mine": {"type": "string", "maxLength": 5}}}},
        *("/schema/properties/mine", "not a local question"),
    ),
    "an unknown slot": (
        {"pages": {"nowhere": []}},
        *("/pages/nowhere", 'no slot "nowhere"'),
    ),
    "asking a core question": (
        {"pages": {"here": [{"id": "more", "section": "event", "ask": ["summary"]}]}},
        *("/pages/here/0/ask/0", "belongs to the core form"),
    ),
    "an exit": (
        {"pages": {"here": [{"id": "more", "section": "event", "exit": True}]}},
        *("/pages/here/0/exit", "cannot end the journey"),
    ),
    "a looser limit": (
        {"tighten": {"summary": {"maxLength": 301}}},
        *("/tighten/summary/maxLength", "looser"),
    ),
    "a new option": (
        {"tighten": {"outcome": {"enum": ["died", "not_known", "gone"]}}},
        *("/tighten/outcome/enum/2", "no option of the core form"),
    ),
    "no way not to know": (
        {"tighten": {"outcome": {"enum": ["died"]}}},
        *("/tighten/outcome/enum", '"not_known" must stay'),
    ),
    "a limit that is none": (
        {"tighten": {"summary": {"pattern": "a"}}},
        *("/tighten/summary/pattern", "no limit"),
    ),
    "tightening nothing": (
        {"tighten": {"summery": {"maxLength": 9}}},
        *("/tighten/summery", '"summary" is meant'),
    ),
    "another wording": (
        {"text": {"en": {"questions": {"summary": {"question": "Tell us"}}}}},
        *("/text/en/questions/summary/question", "belongs to the core form"),
    ),
    "another title": (
        {"text": {"en": {"pages": {"summary": {"title": "Tell us"}}}}},
        *("/text/en/pages/summary/title", "belongs to the core form"),
    ),
    "another name": (
        {"text": {"en": {"form": {"name": "Ours"}}}},
        *("/text/en/form/name", "belongs to the core form"),
    ),
    "a group": (
        {"pages": {"here": [{"id": "x", "section": "event", "each": "people", "ask": []}]}},
        *("/pages/here/0/each", "cannot repeat"),
    ),
    "no option at all": (
        {"tighten": {"outcome": {"enum": []}}},
        *("/tighten/outcome/enum", "no option is left"),
    ),
    "a higher maximum": (
        {"tighten": {"outcome": {"maximum": 1}}},
        *("/tighten/outcome/maximum", "no limit"),
    ),
    "removing": ({"remove": ["summary"]}, "/remove", "not known here"),
}


@pytest.mark.parametrize("case", OVERLAYS)
def test_an_overlay_cannot_loosen_or_change_the_core(case: str, tmp_path: Path) -> None:
    overlay, pointer, words = OVERLAYS[case]
    options = {"died": "Yes", "alive": "No", "not_known": "Not known"}
    schema = {"type": "string", "enum": list(options)}
    form = with_question("outcome", schema, options=options)
    form["pages"].append({"slot": "here"})

    found = findings(tmp_path, form, overlay=overlay)

    assert any(one.pointer == pointer and words in str(one) for one in found), found
    assert all("partnerships/here/small.json" in one.file for one in found if words in str(one))


def test_the_command_lists_every_finding_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, a_small_form())
    load_with_wrong_role = a_small_form(roles={"a": "nothing"})
    findings(tmp_path, load_with_wrong_role)

    status = main([str(tmp_path)])

    printed = capsys.readouterr().out
    assert status == 1
    assert "small.json#/roles/a" in printed
    assert printed.strip().endswith("findings")


def test_the_command_is_content_with_the_fixture_forms(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([str(FIXTURES)]) == 0
    assert "Nothing to report" in capsys.readouterr().out


def test_the_command_says_when_there_is_no_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no form here" in capsys.readouterr().out


def test_the_command_finds_what_no_form_uses(tmp_path: Path) -> None:
    load(tmp_path, a_small_form())

    found = {finding.pointer for finding in lint(tmp_path)}

    assert "/schema/properties/your_name" in found
    assert "/text/en/questions/your_name" in found
    assert "/text/en/sections/you" in found


def test_an_overlay_cannot_rename_a_section(tmp_path: Path) -> None:
    overlay = {"text": {"en": {"sections": {"event": "Ours"}}}}

    found = findings(tmp_path, a_small_form(), overlay=overlay)

    assert [one.pointer for one in found] == ["/text/en/sections/event"]


TIGHTENED: list[tuple[Json, str]] = [
    ({"minimum": -1}, "looser"),
    ({"minimum": 11}, "looser"),
    ({"maximum": 11}, "looser"),
]


@pytest.mark.parametrize(("limits", "words"), TIGHTENED)
def test_an_overlay_cannot_loosen_a_number(limits: Json, words: str, tmp_path: Path) -> None:
    form = with_question("age", {"type": "integer", "minimum": 0, "maximum": 10})

    found = findings(tmp_path, form, overlay={"tighten": {"age": limits}})

    assert [one.pointer for one in found] == [f"/tighten/age/{next(iter(limits))}"]
    assert words in str(found[0])


def test_an_overlay_may_tighten_a_number(tmp_path: Path) -> None:
    form = with_question("age", {"type": "integer", "minimum": 0, "maximum": 10})

    tightened = load(tmp_path, form, overlay={"tighten": {"age": {"minimum": 1, "maximum": 9}}})

    schema = tightened.questions["age"].schema
    assert (schema["minimum"], schema["maximum"]) == (1, 9)


@pytest.mark.parametrize("most", [0, 4, "2"])
def test_an_overlay_cannot_let_a_group_grow(most: object, tmp_path: Path) -> None:
    overlay = {"tighten": {"people": {"maxItems": most}}}

    found = findings(tmp_path, authored("every-question.json"), overlay=overlay)

    assert [one.pointer for one in found] == ["/tighten/people/maxItems"]
