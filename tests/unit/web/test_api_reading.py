"""What the API tells about its forms, and how it answers requests for nothing that it has."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.settings import Settings
from chalicelib.web import api
from chalicelib.web.http import Request, Response
from tests.unit.web.api_cases import ANSWERS, Agency, told, visit_form, visit_services

READABLE = (
    "/api/forms",
    "/api/forms/visit",
    "/api/forms/visit/schema",
    "/api/openapi.json",
)
NOWHERE = (
    "/api/",
    "/api/forms/",
    "/api/forms/visit/",
    "/api/forms/visit/referral",
    "/api/forms/visit/referrals/SUF-1234-5678",
    "/api/forms//schema",
    "/api/openapi",
    "/api/../health",
    "/api/forms/visit/schema/\x00",
)


@pytest.fixture(scope="module")
def agency() -> Agency:
    return Agency()


def health(method: str = "GET", services: Services | None = None) -> Response:
    return api.health(Request(method=method, path="/health"), services or visit_services())


def test_the_list_names_each_form_with_its_version_and_links(agency: Agency) -> None:
    [form] = told(agency.get("/api/forms"))["forms"]

    assert form["name"] == "visit"
    assert form["title"] == "A visit"
    assert form["version"] == visit_form().version
    assert form["links"]["referrals"] == "/api/forms/visit/referrals"


def test_links_begin_with_the_stage_of_the_address() -> None:
    [form] = told(Agency(base_url="/live").get("/api/forms"))["forms"]

    assert all(link.startswith("/live/") for link in form["links"].values())


def test_every_link_of_the_list_leads_to_something(agency: Agency) -> None:
    [form] = told(agency.get("/api/forms"))["forms"]

    assert agency.get(form["links"]["self"]).status == 200
    assert agency.get(form["links"]["schema"]).status == 200
    assert agency.post(b"", form=form["name"]).status == 400


def steps_of(agency: Agency) -> dict[str, dict[str, Any]]:
    return {step["id"]: step for step in told(agency.get("/api/forms/visit"))["steps"]}


def question(step: dict[str, Any], name: str) -> dict[str, Any]:
    return next(asked for asked in step["questions"] if asked["name"] == name)


def test_a_form_tells_its_pages_in_order_with_every_question(agency: Agency) -> None:
    steps = steps_of(agency)

    asked = [q["name"] for s in steps.values() if s["kind"] == "page" for q in s["questions"]]
    assert list(steps) == ["outcome", "death", "story", "more", "people", "send"]
    assert asked == [name for name in visit_form().questions if not name.startswith("person_")]


def test_a_question_tells_its_options_and_whether_it_is_required(agency: Agency) -> None:
    outcome = question(steps_of(agency)["outcome"], "outcome_status")

    assert outcome["options"][0] == {"value": "died", "label": "Yes"}
    assert outcome["required"] is True


def test_the_option_of_a_declaration_is_the_answer_to_send(agency: Agency) -> None:
    agree = question(steps_of(agency)["send"], "agree")

    assert agree["options"] == [{"value": True, "label": "It is accurate"}]


def test_a_question_tells_its_limits(agency: Agency) -> None:
    summary = question(steps_of(agency)["story"], "summary")

    assert summary["limits"]["maxLength"] == 400


def test_a_date_tells_that_it_may_not_be_in_the_future(agency: Agency) -> None:
    assert question(steps_of(agency)["death"], "died_on")["limits"]["not_future"] is True


def test_a_page_tells_when_it_is_asked(agency: Agency) -> None:
    assert steps_of(agency)["death"]["when"] == {"outcome_status": "died"}


def test_a_revealed_question_tells_when_it_is_asked(agency: Agency) -> None:
    other = question(steps_of(agency)["story"], "abuse_other")

    assert other["asked_when"] == {"abuse_types": "other"}


def test_an_exclusive_option_is_told(agency: Agency) -> None:
    assert question(steps_of(agency)["story"], "abuse_types")["exclusive_options"] == ["none"]


def test_a_group_tells_its_property_and_how_many_items_it_takes(agency: Agency) -> None:
    people = steps_of(agency)["people"]

    assert (people["kind"], people["property"]) == ("group", "people")
    assert (people["min_items"], people["max_items"]) == (0, 3)


def test_texts_name_the_partnership(agency: Agency) -> None:
    guidance = steps_of(agency)["story"]["guidance"]

    assert guidance == f"Ask {agency.services.partnership.name} for help."


def test_the_schema_passes_the_meta_schema(agency: Agency) -> None:
    schema = told(agency.get("/api/forms/visit/schema"))

    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_schema_says_where_it_is_and_which_version_it_has(agency: Agency) -> None:
    schema = told(agency.get("/api/forms/visit/schema"))

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == "/api/forms/visit/schema"
    assert schema["x-form-version"] == visit_form().version


def test_the_schema_accepts_answers_that_the_api_accepts(agency: Agency) -> None:
    schema = told(agency.get("/api/forms/visit/schema"))

    assert jsonschema.Draft202012Validator(schema).is_valid(ANSWERS)


@pytest.mark.parametrize(
    "changed",
    [{"outcome_status": "alive"}, {"summary": 1}, {"who": "me"}, {"people": [{"who": "me"}]}],
)
def test_the_schema_refuses_answers_that_the_api_refuses(
    agency: Agency, changed: dict[str, Any]
) -> None:
    schema = told(agency.get("/api/forms/visit/schema"))

    assert not jsonschema.Draft202012Validator(schema).is_valid({**ANSWERS, **changed})
    assert agency.send({**ANSWERS, **changed}).status == 422


@pytest.mark.parametrize("path", READABLE)
def test_what_was_read_may_be_kept_and_revalidated(agency: Agency, path: str) -> None:
    first = agency.get(path)

    again = agency.get(path, {"if-none-match": f'W/"old", {first.headers["ETag"]}'})

    assert (first.status, first.headers["Cache-Control"]) == (200, "no-cache")
    assert (again.status, again.body, again.headers["ETag"]) == (304, "", first.headers["ETag"])


@pytest.mark.parametrize("path", READABLE)
def test_another_tag_gets_the_whole_document(agency: Agency, path: str) -> None:
    assert agency.get(path, {"if-none-match": '"another"'}).status == 200


@pytest.mark.parametrize("path", ["/api/forms/visit", "/api/forms/visit/schema"])
def test_the_tag_of_a_form_is_its_version(agency: Agency, path: str) -> None:
    assert agency.get(path).headers["ETag"] == f'"{visit_form().version}"'


@pytest.mark.parametrize("path", NOWHERE)
def test_an_unknown_address_is_a_problem_document(agency: Agency, path: str) -> None:
    response = agency.get(path)

    assert (response.status, response.content_type) == (404, "application/problem+json")
    assert told(response)["type"] in ("/problems/address-not-found", "/problems/form-not-found")


@pytest.mark.parametrize("tail", ["", "/schema", "/referrals"])
def test_an_unknown_form_is_told_which_forms_there_are(agency: Agency, tail: str) -> None:
    response = agency.get(f"/api/forms/missing{tail}")

    assert (response.status, told(response)["type"]) == (404, "/problems/form-not-found")
    assert "visit" in told(response)["detail"]


def test_a_form_of_another_partnership_is_unknown() -> None:
    salford = Agency(in_memory_services(Settings(partnership="salford")))

    assert salford.get("/api/forms/adult").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", READABLE)
def test_what_can_be_read_takes_no_other_method(agency: Agency, path: str, method: str) -> None:
    response = agency.ask(method, path)

    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_referrals_are_only_sent(agency: Agency, method: str) -> None:
    response = agency.ask(method, "/api/forms/visit/referrals")

    assert (response.status, response.headers["Allow"]) == (405, "POST")


def test_health_tells_the_partnership_and_the_versions_of_its_forms() -> None:
    assert told(health()) == {
        "status": "ok",
        "partnership": "suffolk",
        "forms": {"visit": visit_form().version},
    }


def test_health_takes_no_other_method() -> None:
    assert health("DELETE").status == 405
