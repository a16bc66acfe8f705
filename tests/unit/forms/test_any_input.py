"""Whatever is posted, a page answers: with values, or with problems that have a message."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.forms.answers import check_submission, parse_page
from chalicelib.forms.problems import field_id, message
from chalicelib.forms.questions import question_type
from tests.unit.forms.samples import every_question

TODAY = date(2026, 11, 21)
PARTS = ("", "-day", "-month", "-year", "-estimated", "-line1", "-line2", "-town", "-postcode")
TYPED = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789 :.-/apm+()@", max_size=14),
    st.sampled_from(
        ("yes", "no", "not_known", "estimated", "died", "neglect", "31", "2026", "feb")
    ),
    st.sampled_from(("\x00", "\ud800", "\ufffd", "\u202e", "x" * 5000, "٣", "²", "1" * 30, "-0")),
)
BOXES = st.lists(TYPED, max_size=3)
NAMES = sorted(every_question().questions)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_typing_is_read_or_refused_with_a_message(name: str, data: st.DataObject) -> None:
    form = every_question()
    page, _ = form.place_of[name]
    posted = {f"{name}{part}": data.draw(BOXES) for part in PARTS}
    for child, reveal in page.reveal.items():
        if child == name:
            posted[reveal.parent] = [reveal.option]

    parsed = parse_page(form, page, posted, today=TODAY)

    for problem in (*parsed.problems, *parsed.warnings):
        assert message(form, problem).strip()
        assert field_id(problem).startswith(str(problem.path[-1]))
    question = form.questions[name]
    faults = [(one.part, "wrong") for one in parsed.problems if one.path == (name,)]
    shown = question_type(question).show(question, posted, faults, heading=True, optional=False)
    assert shown.params
    if name in parsed.values:
        assert question_type(question).summary(question, parsed.values[name])


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TYPED,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inside, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(answers=st.dictionaries(st.sampled_from([*NAMES, "people", "agencies"]), JSON, max_size=6))
def test_any_document_is_refused_with_messages(answers: dict[str, Any]) -> None:
    form = every_question()

    problems = check_submission(form, answers, today=TODAY)

    assert problems
    assert all(message(form, problem).strip() for problem in problems)
