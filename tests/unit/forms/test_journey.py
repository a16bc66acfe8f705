"""The journey: which pages, what comes next, what comes before, what is dropped."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.forms.answers import add_item, remove_item, with_page
from chalicelib.forms.journey import (
    Place,
    asked,
    page_at,
    place_from_url,
    seen_without_item,
    walk,
)
from tests.unit.forms.samples import every_question

START: dict[str, Any] = {"in_danger": "no", "role": "professional", "outcome": "alive"}
PERSON = {"forename": "Ann", "kind": "adult"}
LIST = Place("people", "people")


def person(page: str, item: int = 1) -> Place:
    """A page of one person."""
    return Place(page, "people", item)


def urls(answers: dict[str, Any]) -> list[str]:
    """The path of answers as URLs."""
    return [place.url for place in walk(every_question(), answers).places]


def seen_up_to(answers: dict[str, Any], url: str) -> frozenset[str]:
    """Every page before this one has been continued past."""
    path = urls(answers)
    return frozenset(path[: path.index(url)])


def test_a_page_is_asked_when_its_condition_holds() -> None:
    assert "agency" in urls({"role": "professional"})
    assert "agency" not in urls({"role": "family"})
    assert "agency" not in urls({})


def test_a_condition_on_checkboxes_needs_the_value_among_the_chosen() -> None:
    assert "self-neglect" in urls({"abuse": ["neglect", "self_neglect"]})
    assert "self-neglect" not in urls({"abuse": ["neglect"]})


def test_several_keys_of_a_condition_must_all_hold() -> None:
    answers = {"abuse": ["self_neglect", "other"], "abuse_other": "x"}

    assert "self-neglect" not in urls(answers)


def test_an_answer_that_is_not_asked_meets_no_condition() -> None:
    answers = {**START, "outcome": "alive", "died_on": {"year": 2026}, "role": "family"}

    assert "report" not in urls(answers)


def test_an_exit_page_ends_the_path() -> None:
    path = walk(every_question(), {"in_danger": "no", "wrong_place": "yes"})

    assert path.exit == Place("elsewhere")
    assert path.places[-1] == path.exit
    assert path.next(path.exit) is None
    assert path.first_unfinished(frozenset(place.url for place in path.places)) == path.exit


def test_the_first_item_is_opened_where_one_must_be_given() -> None:
    assert "people/1/person" in urls(START)
    assert "people/2/person" not in urls(START)


def test_no_item_is_opened_where_none_must_be_given() -> None:
    assert "agencies" in urls(START)
    assert "agencies/1/details" not in urls(START)


def test_conditions_of_an_item_see_the_form_and_the_item() -> None:
    child = {"forename": "Bo", "kind": "child", "post_mortem": "yes"}
    answers = {**START, "outcome": "died", "cause_status": "open", "people": [child, PERSON]}

    path = urls(answers)

    assert "people/1/school" in path
    assert "people/1/inquest" in path
    assert "people/2/school" not in path
    assert "people/2/inquest" not in path


def test_what_is_no_longer_asked_is_dropped_and_told() -> None:
    answers = {**START, "agency": "Police", "role": "family"}

    path = walk(every_question(), answers)

    assert "agency" not in path.answers
    dropped = [(one.name, one.question, one.value) for one in path.dropped]
    assert dropped == [("agency", "Which agency do you work for?", "Police")]


def test_a_dropped_answer_of_an_item_names_the_item() -> None:
    people = [PERSON, {**PERSON, "school": "Hill School"}]

    path = walk(every_question(), {**START, "people": people})

    assert [(one.name, one.item, one.value) for one in path.dropped] == [
        ("school", 2, "Hill School")
    ]


def test_a_page_is_reachable_when_all_before_it_is_done() -> None:
    answers = {**START, "role": "family"}
    path = walk(every_question(), answers)

    assert path.reachable(Place("place-check"), frozenset({"danger"}))
    assert not path.reachable(Place("role"), frozenset({"danger"}))
    assert not path.reachable(Place("danger-yes"), frozenset({"danger"}))


def test_a_page_is_not_done_while_a_required_answer_is_missing() -> None:
    path = walk(every_question(), {})

    assert not path.reachable(Place("place-check"), frozenset({"danger"}))


def test_the_first_unfinished_page_is_the_first_not_seen_or_lacking_an_answer() -> None:
    answers = {**START, "role": "family"}
    path = walk(every_question(), answers)

    assert path.first_unfinished(frozenset()) == Place("danger")
    assert path.first_unfinished(frozenset({"danger", "place-check"})) == Place("role")
    everything = frozenset(place.url for place in path.places)
    assert path.first_unfinished(everything) == Place("your-details")


def test_nothing_is_unfinished_when_all_is_seen_and_answered() -> None:
    answers = {
        **START,
        "role": "family",
        "your_name": "A",
        "your_email": "a@example.org",
        "summary": "x",
        "people": [PERSON],
        "agree": True,
    }
    path = walk(every_question(), answers)

    assert path.first_unfinished(frozenset(place.url for place in path.places)) is None


def test_after_the_last_page_of_an_item_comes_the_list() -> None:
    path = walk(every_question(), {**START, "people": [PERSON, PERSON]})

    assert path.next(person("person")) == person("identity")
    assert path.next(person("identity")) == LIST
    assert path.next(LIST) == Place("agencies", "agencies")


def test_a_group_with_items_is_entered_by_its_list() -> None:
    form = every_question()

    assert walk(form, START).next(Place("summary")) == person("person")
    assert walk(form, {**START, "people": [PERSON]}).next(Place("summary")) == LIST


def test_back_never_runs_in_a_circle() -> None:
    path = walk(every_question(), {**START, "people": [PERSON, PERSON], "agencies": [{}]})
    for place in path.places:
        visited = []
        at: Place | None = place
        while at is not None:
            assert at not in visited
            visited.append(at)
            at = path.previous(at)

        assert visited[-1] == path.places[0]


def test_back_from_another_item_leads_to_the_list() -> None:
    path = walk(every_question(), {**START, "people": [PERSON, {}]})

    assert path.previous(person("person", 2)) == LIST
    assert path.previous(person("person", 1)) == Place("summary")
    assert path.previous(LIST) == Place("summary")


def test_the_list_is_reachable_while_a_further_item_is_unfinished() -> None:
    answers = {
        **START,
        "agency": "Police",
        "your_name": "A",
        "your_email": "a@example.org",
        "summary": "x",
        "people": [PERSON, {}],
    }
    seen = seen_up_to(answers, "people/2/person")
    path = walk(every_question(), answers)

    assert path.reachable(LIST, seen)
    assert path.reachable(person("person", 2), seen)
    assert not path.reachable(Place("agencies", "agencies"), seen | {"people"})


def test_a_list_with_too_few_items_is_unfinished() -> None:
    assert LIST in walk(every_question(), START).unfinished


URLS = ["danger", "people", "people/1/person", "agencies/2/details"]


@pytest.mark.parametrize("url", URLS)
def test_a_place_is_found_by_its_url(url: str) -> None:
    place = place_from_url(every_question(), url)

    assert place is not None
    assert place.url == url


NOWHERE = ["", "x", "person", "details", "people/0/person", "people/4/person", "people/01/person"]
NOWHERE += ["people/1", "people/1/danger", "people/²/person", "people/99999/person", "a/b/c/d"]


@pytest.mark.parametrize("url", NOWHERE)
def test_a_url_of_no_place_finds_nothing(url: str) -> None:
    assert place_from_url(every_question(), url) is None


def test_the_page_of_a_place_is_the_groups_own() -> None:
    form = every_question()

    details = page_at(form, Place("details", "agencies", 1))

    assert details is not None
    assert details.ask == ("agency_name", "agency_still", "agency_until")
    assert page_at(form, LIST) is None


def test_a_revealed_question_is_asked_when_its_option_is_chosen() -> None:
    form = every_question()
    page = form.page("role")
    assert page is not None

    assert asked(form, page, {"role": "other"}) == ("role", "role_other")
    assert asked(form, page, {"role": "family"}) == ("role",)


def test_a_page_replaces_its_answers_and_leaves_the_others() -> None:
    answers = {"role": "other", "role_other": "x", "outcome": "died"}

    changed = with_page(every_question(), answers, Place("role"), {"role": "family"})

    assert changed == {"outcome": "died", "role": "family"}
    assert answers["role"] == "other"


def test_a_page_of_an_item_brings_the_item_into_being() -> None:
    changed = with_page(every_question(), {}, person("person"), {"forename": "Ann"})

    assert changed == {"people": [{"forename": "Ann"}]}


def test_an_item_further_than_the_next_is_refused() -> None:
    with pytest.raises(ValueError):
        with_page(every_question(), {}, person("person", 2), {})


def test_the_list_page_has_no_answers_of_its_own() -> None:
    with pytest.raises(ValueError):
        with_page(every_question(), {}, LIST, {})


def test_adding_the_same_item_twice_adds_one() -> None:
    form = every_question()

    once = add_item(form, {}, "people", 1)

    assert add_item(form, once, "people", 1) == once == {"people": [{}]}


def test_a_full_group_takes_no_more() -> None:
    with pytest.raises(ValueError):
        add_item(every_question(), {"agencies": [{}, {}]}, "agencies")


def test_a_removed_item_is_gone_and_the_others_move_up() -> None:
    form = every_question()

    assert remove_item(form, {"people": [{"age": 1}, {"age": 2}]}, "people", 1) == {
        "people": [{"age": 2}]
    }
    assert remove_item(form, {"people": [{}], "age": 1}, "people", 1) == {"age": 1}


def test_an_item_that_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(ValueError):
        remove_item(every_question(), {"people": [{}]}, "people", 2)


def test_what_was_seen_moves_up_with_the_items() -> None:
    seen = frozenset({"role", "people", "people/1/person", "people/2/person", "people/3/school"})

    assert seen_without_item(seen, "people", 2) == frozenset(
        {"role", "people", "people/1/person", "people/2/school"}
    )
