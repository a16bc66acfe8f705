"""Questions as markup: reveals, composites, and typed text that comes back as it was."""

from __future__ import annotations

import html5lib
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.forms.questions.base import Component
from chalicelib.web.components import draw
from chalicelib.web.summary_list import summary_rows
from tests.unit.web.page_tree import tree

TYPED = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Cf"), include_characters="\n"),
    max_size=200,
)


def textarea(value: str) -> Component:
    return Component("textarea", {"id": "t", "name": "t", "label": {"text": "T"}, "value": value})


def radios() -> Component:
    return Component(
        "radios",
        {
            "name": "r",
            "fieldset": {"legend": {"text": "R"}},
            "items": [{"value": "yes", "text": "Yes"}, {"value": "no", "text": "No"}],
        },
    )


def value_in(html: str) -> str:
    fragment = html5lib.parseFragment(html, namespaceHTMLElements=False)
    (box,) = [element for element in fragment.iter() if element.tag == "textarea"]
    return box.text or ""


@given(TYPED.map(str.strip))
def test_typed_text_comes_back_unchanged(text: str) -> None:
    assert value_in(draw(textarea(text))) == text


@given(TYPED.map(str.strip))
def test_typed_text_in_a_revealed_question_comes_back_unchanged(text: str) -> None:
    html = draw(radios(), {"yes": [draw(textarea(text))]})
    assert value_in(html) == text


def test_a_revealed_question_belongs_to_its_option() -> None:
    html = draw(radios(), {"no": ["<p>why</p>"]})
    assert html.index('value="no"') < html.index("<p>why</p>")


def test_an_option_without_revealed_questions_reveals_nothing() -> None:
    assert "conditional" not in draw(radios(), {"maybe": ["<p>why</p>"]})


def test_drawing_leaves_the_component_as_it_was() -> None:
    component = radios()
    draw(component, {"no": ["<p>why</p>"]})
    assert component == radios()


def test_a_question_of_several_controls_is_a_fieldset_described_by_hint_and_error() -> None:
    part = Component("input", {"id": "a-1", "name": "a-1", "label": {"text": "Line 1"}})
    params = {
        "id": "a",
        "fieldset": {"legend": {"text": "Address"}},
        "hint": {"text": "As known"},
        "errorMessage": {"text": "Enter an address"},
        "parts": [part],
    }
    group = tree(draw(Component("address", params)))[2][0]
    fieldset = group[2][0]
    assert dict(fieldset[1])["aria-describedby"] == "a-hint a-error"


def test_a_question_of_several_controls_is_marked_when_it_is_wrong() -> None:
    params = {"id": "a", "fieldset": {}, "errorMessage": {"text": "x"}, "parts": []}
    assert "govuk-form-group--error" in draw(Component("address", params))


def test_a_summary_keeps_the_lines_that_were_typed() -> None:
    (row,) = summary_rows([{"key": "K", "value_lines": ["one\ntwo", "<three>"]}])["rows"]
    assert row["value"]["html"] == "one<br>two<br>&lt;three&gt;"


def test_a_summary_without_a_way_to_change_has_no_action() -> None:
    (row,) = summary_rows([{"key": "K", "value_lines": ["one"]}])["rows"]
    assert "actions" not in row
