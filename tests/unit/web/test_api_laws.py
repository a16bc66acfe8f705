"""Laws of the API: what the schema allows is accepted, and nothing at all makes it fail."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema

from chalicelib.bootstrap import in_memory_services
from chalicelib.forms.definition import Form, Question
from chalicelib.forms.journey import walk
from chalicelib.settings import Settings
from tests.unit.web.api_cases import ANSWERS, Agency, told, visit_form, visit_services

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
# Answers to a whole form shrink for minutes; as first found they are short enough to read.
FEWER = settings(QUICK, max_examples=10, phases=[Phase.explicit, Phase.reuse, Phase.generate])
SHIPPED = ("adult", "child")
# What docs/api.md says that JSON Schema cannot: blank texts, control characters, days of the
# calendar, days to come, options that exclude others, what mail and telephone systems take.
BEYOND_THE_SCHEMA = {"required", "characters", "real_date", "not_future", "exclusive", "format"}

# U+FFFD is what a decoder leaves where bytes were no UTF-8; the forms refuse it.
TYPED = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="\ufffd"),
    min_size=1,
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NAUGHTY = (
    "\x00",
    "\ufeff",
    "\u202e",
    "\ud7ff",
    "\uffff",
    "\U0010ffff",
    "\r",
    "{0.__class__}",
    "%s%n",
    "'; DROP TABLE referrals; --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://localhost/a}",
    "__proto__",
    "../../etc/passwd",
    "=1+1",
    "٣",
    "²",
    "é" * 10,
    "Z\u0351\u0343" * 50,
    "👩‍👩‍👧‍👦",
    "-0",
    "1e400",
    "NaN",
    "9" * 400,
    "0000-00-00",
    "9999-12-31",
    "2026-02-30",
    "10000-01-01",
    "24:00",
    "99:99",
    "(" * 500,
    "a@" + "b" * 300,
    "@",
    " ",
    "\t",
)


@cache
def shipped() -> Agency:
    return Agency(in_memory_services(Settings(partnership="suffolk")))


def answer_to(question: Question) -> st.SearchStrategy[Any]:
    """Values that the question's own schema allows, with characters that people can type."""
    if (
        question.schema.get("type") == "string"
        and not question.options
        and question.type
        in (
            "text",
            "textarea",
        )
    ):
        return TYPED.map(lambda text: text[: question.schema["maxLength"]])
    if question.type == "email":
        return st.just("alex.taylor@example.org")
    if question.type == "phone":
        return st.just("01632 960001")
    if question.type == "date":
        return st.dates().filter(lambda day: 1900 <= day.year <= 2025).map(str)
    if question.type == "approximate_date":
        year = st.integers(1900, 2025)
        return st.just({"not_known": True}) | st.fixed_dictionaries({"year": year})
    if question.type == "checkboxes":
        several = [o.value for o in question.options if o.value not in question.exclusive]
        return st.lists(st.sampled_from(several), min_size=1, unique=True)
    if question.type == "address":
        line = TYPED.map(lambda text: text[:10])
        return st.fixed_dictionaries({"line1": line}, optional={"town": line, "county": line})
    return from_schema(dict(question.schema))


@st.composite
def accepted_answers(draw: st.DrawFn, form: Form) -> dict[str, Any]:
    """Answers to every question, some optional ones left out, then only what the path asks."""

    def some(names: tuple[str, ...]) -> dict[str, Any]:
        page_of = form.place_of
        return {
            name: draw(answer_to(form.questions[name]))
            for name in names
            if name in page_of[name][0].required or draw(st.booleans())
        }

    plain = tuple(name for name, (_, group) in form.place_of.items() if group is None)
    answers = some(plain)
    for group in form.groups:
        count = draw(st.integers(group.min_items, min(group.max_items, group.min_items + 2)))
        answers[group.each] = [some(group.ask) for _ in range(count)]
    return dict(walk(form, answers).answers)


def holders(value: Any) -> list[Any]:
    """Every object and array inside a document."""
    if isinstance(value, dict):
        return [value, *(h for part in value.values() for h in holders(part))]
    if isinstance(value, list):
        return [value, *(h for part in value for h in holders(part))]
    return []


@st.composite
def mutated(draw: st.DrawFn, answers: dict[str, Any]) -> Any:
    """A document with up to three things added, replaced or taken away anywhere inside it."""
    document = {"answers": copy.deepcopy(answers)}
    for _ in range(draw(st.integers(1, 3))):
        holder = draw(st.sampled_from(holders(document)))
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        action = draw(st.sampled_from(["add", "replace", "remove"] if keys else ["add"]))
        if action == "add" and isinstance(holder, dict):
            holder[draw(st.text(max_size=8))] = draw(ANYTHING)
        elif action == "add":
            holder.append(draw(ANYTHING))
        elif action == "replace":
            holder[draw(st.sampled_from(keys))] = draw(ANYTHING | st.sampled_from(NAUGHTY))
        else:
            del holder[draw(st.sampled_from(keys))]
    return document


@QUICK
@given(st.deferred(lambda: accepted_answers(visit_form())))
def test_answers_that_the_small_form_allows_are_accepted(answers: dict[str, Any]) -> None:
    response = Agency().send(answers)

    assert (response.status, told(response).get("problems")) == (201, None)


@settings(FEWER, max_examples=5)
@given(st.deferred(lambda: from_schema(visit_form().submission_schema)))
def test_what_the_schema_allows_is_refused_only_by_rules_beyond_it(answers: dict[str, Any]) -> None:
    response = Agency().send(answers)

    assert response.status in (201, 422)
    assert {entry["rule"] for entry in told(response).get("problems", [])} <= BEYOND_THE_SCHEMA


@pytest.mark.parametrize("name", SHIPPED)
@FEWER
@given(data=st.data())
def test_answers_that_a_shipped_form_allows_are_accepted(name: str, data: st.DataObject) -> None:
    agency = shipped()
    answers = data.draw(accepted_answers(agency.services.forms[name]))

    response = agency.send(answers, form=name)

    assert (response.status, told(response).get("problems")) == (201, None)


@QUICK
@given(mutated(ANSWERS))
def test_mutated_answers_are_taken_or_refused_in_words(document: Any) -> None:
    response = Agency().post(json.dumps(document).encode())

    assert response.status in (201, 400, 422)
    assert all(entry["message"] for entry in told(response).get("problems", []))


@pytest.mark.parametrize("name", SHIPPED)
@FEWER
@given(data=st.data())
def test_mutated_answers_of_a_shipped_form_never_fail(name: str, data: st.DataObject) -> None:
    agency = shipped()
    answers = data.draw(accepted_answers(agency.services.forms[name]))
    document = data.draw(mutated(answers))

    assert agency.post(json.dumps(document).encode(), form=name).status in (201, 400, 422)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_a_naughty_string_in_any_answer_never_fails(name: str, text: str) -> None:
    agency = shipped()
    form = agency.services.forms[name]
    own = {question: text for question, (_, group) in form.place_of.items() if group is None}
    items = {group.each: [dict.fromkeys(group.ask, text), {text: text}] for group in form.groups}

    assert agency.send({**own, **items, text: text}, form=name).status in (400, 422)


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_a_naughty_string_in_a_path_or_header_never_fails(text: str) -> None:
    agency = Agency(visit_services())

    assert agency.get(f"/api/forms/{text}").status == 404
    assert agency.get("/api/forms", {"if-none-match": text}).status == 200
    assert agency.post(b"{}", key=text or "x").status in (400, 422)
    assert agency.post(b"{}", headers={"content-type": text}).status == 415
