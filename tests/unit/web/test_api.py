"""Sending a referral through the API: what is stored, what is refused, and in which words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.use_cases.ports import StoreBusy
from chalicelib.web.api_referrals import MAX_BYTES
from tests.unit.web.api_cases import ANSWERS, Agency, refused_at, told, visit_form

SECRET = "Zebediah"


@pytest.fixture
def agency() -> Agency:
    return Agency()


def stored(agency: Agency, reference: str) -> Mapping[str, Any]:
    referral = agency.services.referrals.find(reference)
    assert referral is not None
    return referral.answers


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in ANSWERS.items() if key != name}


def test_a_referral_is_stored_and_gets_a_reference(agency: Agency) -> None:
    response = agency.send()

    assert response.status == 201
    assert stored(agency, told(response)["reference"]) == ANSWERS


def test_what_a_system_was_told_is_stored_with_what_it_sent(agency: Agency) -> None:
    receipt = told(agency.send())

    stored = agency.services.referrals.find(receipt["reference"])
    assert stored is not None
    assert stored.told == receipt["what_happens_next"]


def test_a_receipt_tells_when_what_and_what_happens_next(agency: Agency) -> None:
    receipt = told(agency.send())

    assert receipt["form"] == "visit"
    assert receipt["form_version"] == visit_form().version
    assert receipt["received_at"].endswith("Z")
    assert agency.services.partnership.timing["acknowledgement"] in receipt["what_happens_next"]


def test_a_receipt_says_what_it_does_not_replace(agency: Agency) -> None:
    assert "does not replace" in told(agency.send())["what_happens_next"]


def test_a_receipt_is_kept_by_no_cache(agency: Agency) -> None:
    assert agency.send().headers["Cache-Control"] == "no-store"


def test_a_stored_referral_remembers_that_it_came_through_the_api(agency: Agency) -> None:
    referral = agency.services.referrals.find(told(agency.send())["reference"])

    assert referral is not None
    assert referral.channel == "api"


def test_the_version_may_be_given(agency: Agency) -> None:
    assert agency.send(form_version=visit_form().version).status == 201


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"', "application/json;"],
)
def test_json_is_known_however_its_type_is_written(agency: Agency, content_type: str) -> None:
    body = json.dumps({"answers": ANSWERS}).encode()

    assert agency.post(body, headers={"content-type": content_type}).status == 201


def test_line_endings_are_stored_as_one_kind(agency: Agency) -> None:
    response = agency.send({**ANSWERS, "summary": "One.\r\nTwo."})

    assert stored(agency, told(response)["reference"])["summary"] == "One.\nTwo."


def test_a_whole_number_may_be_written_with_a_point(agency: Agency) -> None:
    response = agency.send({**ANSWERS, "children": 2.0})

    assert stored(agency, told(response)["reference"])["children"] == 2


# --- the same request again ----------------------------------------------------------------------


def test_the_same_key_and_body_give_the_same_reference(agency: Agency) -> None:
    first, again = agency.send(key="key-00000001"), agency.send(key="key-00000001")

    assert (again.status, told(again)) == (201, told(first))
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


def test_the_same_body_written_differently_is_the_same(agency: Agency) -> None:
    first = agency.send(key="key-00000001")
    body = json.dumps({"answers": dict(reversed(ANSWERS.items()))}, indent=4).encode()

    assert told(agency.post(body, key="key-00000001")) == told(first)


def test_another_key_gives_another_reference(agency: Agency) -> None:
    assert told(agency.send())["reference"] != told(agency.send())["reference"]


def test_the_same_key_with_another_body_is_refused(agency: Agency) -> None:
    agency.send(key="key-00000001")

    response = agency.send({**ANSWERS, "summary": "Another case."}, key="key-00000001")

    assert (response.status, told(response)["type"]) == (422, "/problems/idempotency-key-reused")


def test_a_key_whose_answers_were_refused_may_be_used_again(agency: Agency) -> None:
    agency.send(without("summary"), key="key-00000001")

    assert agency.send(key="key-00000001").status == 201


def test_a_repeat_finds_its_reference_after_the_form_has_changed(agency: Agency) -> None:
    version = visit_form().version
    first = agency.send(key="key-00000001", form_version=version)
    changed = replace(agency.services, forms={"visit": replace(visit_form(), version="f" * 16)})

    again = Agency(changed).send(key="key-00000001", form_version=version)

    assert told(again) == told(first)


def test_answers_for_another_version_are_refused(agency: Agency) -> None:
    response = agency.send(form_version="0" * 16)

    assert (response.status, told(response)["type"]) == (409, "/problems/form-version-changed")
    assert "/api/forms/visit/schema" in told(response)["detail"]


# --- what cannot be read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 201, "has a blank in it", "ключ-ключ", "key\x00key\x00key"]
)
def test_a_key_that_is_no_key_is_refused_with_what_to_do(agency: Agency, key: str) -> None:
    body = json.dumps({"answers": ANSWERS}).encode()
    response = agency.post(body, headers={"idempotency-key": key})

    assert (response.status, told(response)["type"]) == (400, "/problems/idempotency-key-refused")
    assert "UUID" in told(response)["detail"]


def test_a_request_without_a_key_is_refused(agency: Agency) -> None:
    response = agency.ask(
        "POST",
        "/api/forms/visit/referrals",
        headers={"content-type": "application/json"},
        body=json.dumps({"answers": ANSWERS}).encode(),
    )

    assert response.status == 400


@pytest.mark.parametrize("key", ["12345678", "x" * 200, "!~/=+-_.:"])
def test_keys_at_the_limits_are_taken(agency: Agency, key: str) -> None:
    assert agency.send(key=key).status == 201


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
    ],
)
def test_what_is_not_json_is_refused_by_its_type(agency: Agency, content_type: str) -> None:
    body = json.dumps({"answers": ANSWERS}).encode()
    response = agency.post(body, headers={"content-type": content_type})

    assert (response.status, told(response)["type"]) == (415, "/problems/media-type-not-supported")


def test_a_body_over_the_limit_is_refused(agency: Agency) -> None:
    response = agency.post(b" " * (MAX_BYTES + 1))

    assert (response.status, told(response)["type"]) == (413, "/problems/body-too-large")


def test_a_body_at_the_limit_is_read(agency: Agency) -> None:
    body = json.dumps({"answers": ANSWERS}).encode().ljust(MAX_BYTES)

    assert agency.post(body).status == 201


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"answers": NaN}', b"[" * 400_000])
def test_a_body_that_is_not_json_is_refused(agency: Agency, body: bytes) -> None:
    response = agency.post(body)

    assert (response.status, told(response)["type"]) == (400, "/problems/body-not-json")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {("/answers", "required")}),
        ([], {("", "type")}),
        (None, {("", "type")}),
        ("answers", {("", "type")}),
        (1, {("", "type")}),
        ({"answers": []}, {("/answers", "type")}),
        ({"answers": None}, {("/answers", "type")}),
        ({"answers": {}, "form_version": 1}, {("/form_version", "type")}),
        ({"answers": ANSWERS, "a/b~c": 1}, {("/a~1b~0c", "unknown")}),
    ],
)
def test_an_envelope_of_another_shape_is_refused(
    agency: Agency, body: object, expected: set[tuple[str, str]]
) -> None:
    response = agency.post(json.dumps(body).encode())

    assert response.status == 422
    assert refused_at(response) == expected


# --- answers that are refused --------------------------------------------------------------------

BAD_ANSWERS: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "a required answer is missing": (without("summary"), ("/answers/summary", "required")),
    "a required answer is empty": ({**ANSWERS, "summary": ""}, ("/answers/summary", "required")),
    "a required answer is blank": ({**ANSWERS, "summary": "  "}, ("/answers/summary", "required")),
    "too long": ({**ANSWERS, "summary": "x" * 401}, ("/answers/summary", "maxLength")),
    "NUL": ({**ANSWERS, "summary": "a\x00b"}, ("/answers/summary", "characters")),
    "a control character": ({**ANSWERS, "summary": "a\x1b[0m"}, ("/answers/summary", "characters")),
    "two lines in one": (
        {**ANSWERS, "abuse_other": "a\nb"},
        ("/answers/abuse_other", "characters"),
    ),
    "a number for a text": ({**ANSWERS, "summary": 5}, ("/answers/summary", "type")),
    "null": ({**ANSWERS, "summary": None}, ("/answers/summary", "type")),
    "a list for a text": ({**ANSWERS, "summary": ["a"]}, ("/answers/summary", "type")),
    "a text for a number": ({**ANSWERS, "children": "2"}, ("/answers/children", "type")),
    "a fraction": ({**ANSWERS, "children": 1.5}, ("/answers/children", "type")),
    "a boolean for a number": ({**ANSWERS, "children": True}, ("/answers/children", "type")),
    "below the minimum": ({**ANSWERS, "children": -1}, ("/answers/children", "minimum")),
    "above the maximum": ({**ANSWERS, "children": 21}, ("/answers/children", "maximum")),
    "an unknown option": (
        {**without("died_on"), "outcome_status": "perhaps"},
        ("/answers/outcome_status", "enum"),
    ),
    "an unknown choice": (
        {**without("abuse_other"), "abuse_types": ["other kind"]},
        ("/answers/abuse_types/0", "enum"),
    ),
    "an option twice": (
        {**without("abuse_other"), "abuse_types": ["physical", "physical"]},
        ("/answers/abuse_types", "uniqueItems"),
    ),
    "an exclusive option with others": (
        {**without("abuse_other"), "abuse_types": ["none", "physical"]},
        ("/answers/abuse_types", "exclusive"),
    ),
    "a stale answer of a page": (
        {**ANSWERS, "outcome_status": "alive"},
        ("/answers/died_on", "not_asked"),
    ),
    "a stale answer of a reveal": (
        {**ANSWERS, "abuse_types": ["physical"]},
        ("/answers/abuse_other", "not_asked"),
    ),
    "a stale answer of an item": (
        {**ANSWERS, "people": [{"person_name": "A", "person_kin_how": "Aunt"}]},
        ("/answers/people/0/person_kin_how", "not_asked"),
    ),
    "a required answer of an item is missing": (
        {**ANSWERS, "people": [{"person_name": "A"}, {}]},
        ("/answers/people/1/person_name", "required"),
    ),
    "too many items": (
        {**ANSWERS, "people": [{"person_name": "A"}] * 4},
        ("/answers/people", "maxItems"),
    ),
    "an item of another type": (
        {**ANSWERS, "people": ["A"]},
        ("/answers/people/0", "type"),
    ),
    "an unknown property": ({**ANSWERS, "a/b~c": 1}, ("/answers/a~1b~0c", "unknown")),
    "an unknown property of an item": (
        {**ANSWERS, "people": [{"person_name": "A", "who": 1}]},
        ("/answers/people/0/who", "unknown"),
    ),
    "a question of the form inside an item": (
        {**ANSWERS, "people": [{"person_name": "A", "summary": "B"}]},
        ("/answers/people/0/summary", "unknown"),
    ),
    "a question of an item outside it": (
        {**ANSWERS, "person_name": "A"},
        ("/answers/person_name", "unknown"),
    ),
    "a date that is none": (
        {**ANSWERS, "died_on": "2026-02-30"},
        ("/answers/died_on", "real_date"),
    ),
    "a date in the future": (
        {**ANSWERS, "died_on": "2099-12-31"},
        ("/answers/died_on", "not_future"),
    ),
    "a declaration that is not made": ({**ANSWERS, "agree": False}, ("/answers/agree", "required")),
    "an email address that is none": (
        {**ANSWERS, "reply_to": "me"},
        ("/answers/reply_to", "format"),
    ),
    "a time that is none": ({**ANSWERS, "seen_at": "25:00"}, ("/answers/seen_at", "format")),
    "an NHS number that is too short": ({**ANSWERS, "nhs": "123"}, ("/answers/nhs", "format")),
}


@pytest.mark.parametrize(("answers", "problem"), BAD_ANSWERS.values(), ids=BAD_ANSWERS.keys())
def test_a_bad_answer_is_refused_where_it_is_and_by_its_rule(
    agency: Agency, answers: dict[str, Any], problem: tuple[str, str]
) -> None:
    response = agency.send(answers)

    assert (response.status, response.content_type) == (422, "application/problem+json")
    assert refused_at(response) == {problem}


@pytest.mark.parametrize(
    "answers", [bad for bad, _ in BAD_ANSWERS.values()], ids=BAD_ANSWERS.keys()
)
def test_every_problem_has_a_sentence_for_people(agency: Agency, answers: dict[str, Any]) -> None:
    sentences = [entry["message"] for entry in told(agency.send(answers))["problems"]]

    assert all(" " in sentence and "{" not in sentence for sentence in sentences)


def test_all_problems_are_listed_at_once(agency: Agency) -> None:
    response = agency.send({"summary": "x" * 401, "children": -1, "who": "me"})

    assert refused_at(response) >= {
        ("/answers/summary", "maxLength"),
        ("/answers/children", "minimum"),
        ("/answers/who", "unknown"),
        ("/answers/outcome_status", "required"),
        ("/answers/agree", "required"),
    }
    assert told(response)["problem_count"] == len(told(response)["problems"])


def test_very_many_problems_are_counted_but_not_all_listed(agency: Agency) -> None:
    response = agency.send({**ANSWERS, **{f"q{number}": 1 for number in range(15_000)}})

    assert len(told(response)["problems"]) == 1000
    assert told(response)["problem_count"] == 15_000


def test_nothing_is_stored_when_answers_are_refused(agency: Agency) -> None:
    agency.send(without("summary"), key="key-00000001")

    assert "Idempotency-Replayed" not in agency.send(key="key-00000001").headers


@pytest.mark.parametrize("name", sorted(ANSWERS))
@pytest.mark.parametrize(
    "value", [SECRET, f"{SECRET}\x00", [SECRET], {"who": SECRET}, [{"who": SECRET}], SECRET * 999]
)
def test_a_problem_document_repeats_no_value(agency: Agency, name: str, value: object) -> None:
    response = agency.send({**ANSWERS, name: value, "who": value}, form_version=None)

    assert response.status == 422
    assert SECRET not in response.body


def test_a_store_that_is_busy_asks_for_the_same_request_again(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise StoreBusy

    monkeypatch.setattr(agency.services.referrals, "submit", busy)

    response = agency.send()

    assert (response.status, told(response)["type"]) == (503, "/problems/referral-not-taken")
    assert "Retry-After" in response.headers
