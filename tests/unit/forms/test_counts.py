"""The block `statistics` of a form: which questions the yearly figures count."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.forms.load import form_from_document
from tests.unit.forms.builders import Json, a_small_form, findings, load
from tests.unit.use_cases.instance import an_instance

CHOICE = {"type": "string", "enum": ["yes", "no"]}


def with_count(name: str, question: str, schema: Json | None = None) -> Json:
    form = a_small_form(statistics={name: question})
    if schema is not None:
        form["schema"]["properties"]["chosen"] = schema
        form["pages"].append({"id": "chosen", "section": "event", "ask": ["chosen"]})
        text = {"question": "Which?", "noun": "which", "options": {"yes": "Yes", "no": "No"}}
        form["text"]["en"]["questions"]["chosen"] = text
    return form


def test_a_count_of_a_question_with_options_is_taken(tmp_path: Path) -> None:
    form = load(tmp_path, with_count("sex", "chosen", CHOICE))

    assert form.statistics == {"sex": "chosen"}
    assert form.counts == {"sex": ("chosen", "")}


def test_a_form_without_the_block_counts_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, a_small_form()).counts == {}


def test_what_is_counted_is_in_the_version_of_a_form(tmp_path: Path) -> None:
    with_it = load(tmp_path, with_count("sex", "chosen", CHOICE))
    without = with_count("sex", "chosen", CHOICE)
    without["statistics"] = {}

    assert load(tmp_path, without).version != with_it.version


def test_a_kept_form_from_before_there_were_counts_is_read(tmp_path: Path) -> None:
    document = dict(load(tmp_path, a_small_form()).document)
    del document["statistics"]

    assert form_from_document(document).counts == {}


@pytest.mark.parametrize(
    ("name", "question", "message"),
    [
        ("sex", "chose", 'the count "sex" leads to no question that is asked'),
        ("sex", "summary", 'the count "sex" must be of a question that is answered by choosing'),
        ("born", "chosen", 'the count "born" must be of a question that is a date'),
        ("age", "chosen", 'the count "age" must be of a question that is a number'),
        ("unborn", "chosen", 'the count "unborn" must be of a question that is yes, no or'),
        ("Sex", "chosen", "cannot"),
    ],
)
def test_a_count_that_cannot_be_made_is_found(
    tmp_path: Path, name: str, question: str, message: str
) -> None:
    (finding,) = findings(tmp_path, with_count(name, question, CHOICE))

    assert finding.pointer.startswith("/statistics/")
    assert message in finding.message or name == "Sex"
    assert finding.remedy


def test_the_block_is_an_object_of_names(tmp_path: Path) -> None:
    assert findings(tmp_path, a_small_form(statistics=["sex"]))[0].pointer == "/statistics"


@pytest.mark.parametrize("stream", ["adult", "child"])
def test_the_forms_count_what_the_annual_report_tells(stream: str) -> None:
    counts = an_instance("suffolk").services.forms[stream].counts

    assert {
        "submitter_type",
        "agency_type",
        "born",
        "age",
        "sex",
        "ethnicity",
        "disability",
    } <= set(counts)
    own = {
        "adult": {"support_reason", "abuse_types", "setting", "outcome"},
        "child": {
            "nature", "looked_after", "placement", "cin_plan", "cp_plan", "known_to_agencies",
        },
    }  # fmt: skip
    assert own[stream] <= set(counts)
    assert counts["sex"][1] == {"adult": "adults", "child": "children"}[stream]
