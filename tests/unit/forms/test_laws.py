"""The laws of the engine, on the fixture form, on both shipped forms and under every overlay."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.forms.answers import check_submission, fill_page, parse_page
from chalicelib.forms.definition import Form, Group, Page
from chalicelib.forms.journey import Path, asked, page_at, walk
from chalicelib.forms.load import form_from_document
from chalicelib.forms.problems import Problem, message
from chalicelib.forms.questions import question_type
from chalicelib.forms.validator import Validator
from tests.unit.forms.samples import Named, a_value, every_form, label, loaded, some_answers

TODAY = date(2026, 11, 21)
ON_EVERY_FORM = pytest.mark.parametrize("named", every_form(), ids=label)
SEEDS = st.integers(min_value=0, max_value=2**32)
NONSENSE: tuple[Any, ...] = (
    *(None, "", "x" * 5000, -1, 10**6, True, [], {}, "2026-02-31"),
    {"year": 2026, "day": 1},
)
Expected = set[tuple[tuple[str | int, ...], str]]


def law(examples: int = 40) -> Any:
    """Settings for a law: enough examples to meet every branch, no limit of time."""
    return settings(max_examples=examples, deadline=None)


def whole(form: Form, rng: random.Random) -> dict[str, Any]:
    """A complete journey: what the walk keeps of answers to everything."""
    for _ in range(200):
        path = walk(form, some_answers(form, rng, chance=1.0))
        if path.exit is None:
            return path.answers
    raise AssertionError("every journey ended at an exit page")


def wrong_with(path: Path, given: dict[str, Any]) -> Expected:
    """What the walker says is wrong with answers, as the schema should say it."""
    found: Expected = set(_stale(path.form, given, path.answers))
    if path.exit is not None:
        found.add(((), "exit"))
    for place in path.places:
        page = page_at(path.form, place)
        group = path.form.group(place.group) if place.group else None
        if page is None and group is not None:
            found |= set(_wrong_count(group, given))
        elif page is not None:
            found |= set(_missing(path, page, group, place.item))
    return found


def _stale(
    form: Form, given: dict[str, Any], kept: dict[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for step in form.steps:
        if not isinstance(step, Group):
            yield from (((name,), "not_asked") for name in step.ask if name in given.keys() - kept)
        elif step.each in given and not any(group == step for group in _walked(form, kept, given)):
            yield (step.each,), "not_asked"
        else:
            for number, item in enumerate(given.get(step.each, [])):
                left = kept[step.each][number]
                names = [name for name in step.ask if name in item.keys() - left]
                yield from (((step.each, number, name), "not_asked") for name in names)


def _walked(form: Form, kept: dict[str, Any], given: dict[str, Any]) -> list[Group]:
    places = walk(form, given).places
    return [group for group in form.groups if any(place.group == group.id for place in places)]


def _wrong_count(
    group: Group, given: dict[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if group.each not in given:
        if group.min_items:
            yield (group.each,), "required"
    elif len(given[group.each]) < group.min_items:
        yield (group.each,), "minItems"
    elif len(given[group.each]) > group.max_items:
        yield (group.each,), "maxItems"


def _missing(
    path: Path, page: Page, group: Group | None, item: int | None
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    answers: dict[str, Any] = path.answers
    prefix: tuple[str | int, ...] = ()
    if group is not None and item is not None:
        items = path.answers.get(group.each, [])
        if item > len(items):
            return  # the first item, opened but not begun
        answers, prefix = items[item - 1], (group.each, item - 1)
    for name in asked(path.form, page, answers):
        if name in page.required and name not in answers:
            yield (*prefix, name), "required"


@ON_EVERY_FORM
@law()
@given(seed=SEEDS)
def test_walker_and_submission_schema_agree_on_every_answer_set(named: Named, seed: int) -> None:
    form = loaded(named)
    answers = some_answers(form, random.Random(seed))

    problems = check_submission(form, answers, today=TODAY)

    assert {(one.path, one.rule) for one in problems} == wrong_with(walk(form, answers), answers)


@ON_EVERY_FORM
@law()
@given(seed=SEEDS)
def test_a_complete_journey_is_a_submission(named: Named, seed: int) -> None:
    form = loaded(named)

    answers = whole(form, random.Random(seed))

    assert check_submission(form, answers, today=TODAY) == ()


@ON_EVERY_FORM
@law()
@given(seed=SEEDS)
def test_a_walk_of_what_a_walk_kept_changes_nothing(named: Named, seed: int) -> None:
    form = loaded(named)
    path = walk(form, some_answers(form, random.Random(seed)))

    again = walk(form, path.answers)

    assert (again.answers, again.places, again.dropped) == (path.answers, path.places, ())


@ON_EVERY_FORM
@law()
@given(seed=SEEDS)
def test_every_answer_is_kept_or_reported_as_dropped(named: Named, seed: int) -> None:
    form = loaded(named)
    answers = some_answers(form, random.Random(seed))

    path = walk(form, answers)

    assert _count(form, answers) == _count(form, path.answers) + len(path.dropped)


def _count(form: Form, answers: dict[str, Any]) -> int:
    groups = {group.each for group in form.groups}
    items = sum(len(item) for each in groups for item in answers.get(each, []))
    return items + len(answers.keys() - groups)


@ON_EVERY_FORM
@law()
@given(seed=SEEDS)
def test_a_page_reads_what_it_was_filled_with(named: Named, seed: int) -> None:
    form, rng = loaded(named), random.Random(seed)
    for page, _ in form.pages():
        values = {name: a_value(form.questions[name], rng) for name in page.ask}
        values = {name: values[name] for name in asked(form, page, values)}

        parsed = parse_page(form, page, fill_page(form, page, values), today=TODAY)

        assert (parsed.values, parsed.problems) == (values, ())


@ON_EVERY_FORM
@law(25)
@given(seed=SEEDS)
def test_two_validators_agree(named: Named, seed: int) -> None:
    form, rng = loaded(named), random.Random(seed)
    answers = _damaged(whole(form, rng), rng) if rng.random() < 0.7 else whole(form, rng)
    second = jsonschema.Draft202012Validator(
        form.submission_schema, format_checker=jsonschema.FormatChecker(["date"])
    )

    first = Validator(form.submission_schema)

    assert second.is_valid(answers) == (first.failures(answers) == [])


def _damaged(answers: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    damaged = json.loads(json.dumps(answers))
    where: Any = damaged
    while True:
        key = rng.choice(list(where) if isinstance(where, dict) else range(len(where)))
        if isinstance(where[key], dict | list) and where[key] and rng.random() < 0.6:
            where = where[key]
            continue
        if rng.random() < 0.2 and isinstance(where, dict):
            del where[key]
        else:
            where[key] = rng.choice(NONSENSE)
        return dict(damaged)


@ON_EVERY_FORM
@law()
@given(seed=SEEDS)
def test_every_problem_of_a_damaged_submission_has_an_authored_message(
    named: Named, seed: int
) -> None:
    form, rng = loaded(named), random.Random(seed)
    answers = _damaged(whole(form, rng), rng)

    problems = check_submission(form, answers, today=TODAY)

    assert all(message(form, one).strip() for one in problems)


@ON_EVERY_FORM
def test_every_rule_of_every_question_has_a_message_that_can_be_filled_in(named: Named) -> None:
    form = loaded(named)
    params = {"limit": 1, "parts": "day", "part": "Town", "option": "None", "item": "Person"}
    for name, question in form.questions.items():
        kind = question_type(question)
        for rule in kind.rules(question) | kind.warning_rules(question):
            text = message(form, Problem((name,), rule, params))

            assert text.strip()
            assert "{" not in text


@ON_EVERY_FORM
@law(25)
@given(seed=SEEDS)
def test_no_answers_to_criteria_can_stop_a_submission(named: Named, seed: int) -> None:
    form, rng = loaded(named), random.Random(seed)
    criteria = form.roles["criteria"]
    answers = whole(form, rng)
    page, _ = form.place_of[criteria]
    assert criteria not in page.required

    values = [option.value for option in form.questions[criteria].options]
    alone = sorted(form.questions[criteria].exclusive)
    usual = [value for value in values if value not in alone]
    sets = [rng.sample(usual, rng.randint(1, len(usual))) for _ in range(5)]
    for chosen in (*sets, *([one] for one in alone), None):
        changed = {**answers, criteria: chosen}
        if chosen is None or criteria not in answers:
            del changed[criteria]
        kept = walk(form, changed)

        assert [place for place in kept.places if place in kept.unfinished] == []
        assert check_submission(form, kept.answers, today=TODAY) == ()


@ON_EVERY_FORM
def test_a_form_is_rebuilt_from_its_document(named: Named) -> None:
    form = loaded(named)

    again = form_from_document(json.loads(json.dumps(form.document)))

    assert again == form
    assert again.version == form.version


@ON_EVERY_FORM
def test_the_submission_schema_is_a_schema(named: Named) -> None:
    jsonschema.Draft202012Validator.check_schema(loaded(named).submission_schema)


OVERLAID = [named for named in every_form() if named[2] is not None]


@pytest.mark.parametrize("named", OVERLAID, ids=label)
@law()
@given(seed=SEEDS)
def test_the_core_accepts_an_overlays_answers_without_the_local_ones(
    named: Named, seed: int
) -> None:
    core = loaded((named[0], named[1], None))
    answers = whole(loaded(named), random.Random(seed))

    shared = {name: value for name, value in answers.items() if not name.startswith("local_")}

    assert check_submission(core, shared, today=TODAY) == ()
