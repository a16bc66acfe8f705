"""The description of the API: valid, complete, and true."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.bootstrap import in_memory_services
from chalicelib.forms.answers import check_submission
from chalicelib.settings import Settings
from chalicelib.web.api_examples import example_answers
from chalicelib.web.api_schemas import component_name
from chalicelib.web.openapi import openapi_document
from chalicelib.web.problem_documents import KINDS
from tests.unit.web.api_cases import ANSWERS, Agency, told, visit_form

SHIPPED = [("suffolk", "adult"), ("suffolk", "child"), ("salford", "child")]


@cache
def described(partnership: str) -> dict[str, Any]:
    services = in_memory_services(Settings(partnership=partnership))
    return openapi_document(services.forms, base_url="", service="Notify")


@pytest.fixture(scope="module")
def visit() -> dict[str, Any]:
    return openapi_document({"visit": visit_form()}, base_url="/live", service="Notify")


def validator(document: dict[str, Any], component: str) -> jsonschema.Draft202012Validator:
    """Checks values against one component, with the whole document to look references up in."""
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{component}", "components": document["components"]}
    )


@pytest.mark.parametrize("partnership", ["suffolk", "salford"])
def test_the_description_is_valid_openapi(partnership: str) -> None:
    assert list(OpenAPIV31SpecValidator(described(partnership)).iter_errors()) == []


def test_the_description_is_served() -> None:
    agency = Agency()

    document = told(agency.get("/api/openapi.json"))

    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == agency.services.partnership.service_name


def test_every_form_has_its_three_addresses() -> None:
    paths = described("suffolk")["paths"]

    expected = {f"/api/forms/{form}{tail}" for form in ("adult", "child") for tail in TAILS}
    assert expected <= set(paths)


TAILS = ("", "/schema", "/referrals")


def test_a_partnership_describes_only_its_own_forms() -> None:
    assert "/api/forms/adult" not in described("salford")["paths"]


def test_addresses_begin_with_the_stage(visit: dict[str, Any]) -> None:
    assert visit["servers"] == [{"url": "/live"}]


def test_no_credential_is_asked_for_and_the_description_says_why(visit: dict[str, Any]) -> None:
    assert visit["security"] == []
    assert "No key or account is needed" in visit["info"]["description"]


def test_sending_documents_every_status_of_every_problem(visit: dict[str, Any]) -> None:
    responses = visit["paths"]["/api/forms/visit/referrals"]["post"]["responses"]

    assert set(responses) == {"201", *(str(kind.status) for kind in KINDS)}


def test_every_problem_type_is_explained_in_the_page_for_developers() -> None:
    page = (Settings().forms_dir.parent / "docs" / "api.md").read_text(encoding="utf-8")

    assert [kind.type for kind in KINDS if f"`{kind.type}` | {kind.status} |" not in page] == []


@pytest.mark.parametrize(("partnership", "form"), SHIPPED)
def test_every_schema_of_answers_is_closed(partnership: str, form: str) -> None:
    document = described(partnership)
    name = component_name(form)

    with_more = {"answers": {**example_of(partnership, form), "who": "me"}}

    assert not validator(document, f"{name}Referral").is_valid(with_more)


def example_of(partnership: str, form: str) -> dict[str, Any]:
    post = described(partnership)["paths"][f"/api/forms/{form}/referrals"]["post"]
    answers: dict[str, Any] = post["requestBody"]["content"]["application/json"]["example"][
        "answers"
    ]
    return answers


@pytest.mark.parametrize(("partnership", "form"), SHIPPED)
def test_an_example_is_valid_by_the_description(partnership: str, form: str) -> None:
    document = described(partnership)
    example = {"answers": example_of(partnership, form)}

    errors = validator(document, f"{component_name(form)}Referral").iter_errors(example)

    assert [error.json_path for error in errors] == []


@pytest.mark.parametrize(("partnership", "form"), SHIPPED)
def test_an_example_is_accepted_by_the_api(partnership: str, form: str) -> None:
    agency = Agency(in_memory_services(Settings(partnership=partnership)))

    assert agency.send(example_of(partnership, form), form=form).status == 201


def test_an_example_opens_the_groups_that_must_have_an_item() -> None:
    assert check_submission(visit_form(), example_answers(visit_form())) == ()


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("/api/forms", "FormList"),
        ("/api/forms/visit", "FormDescription"),
        ("/api/forms/visit/schema", "JsonSchema"),
        ("/api/forms/missing", "Problem"),
    ],
)
def test_what_is_read_is_as_described(visit: dict[str, Any], path: str, component: str) -> None:
    validator(visit, component).validate(told(Agency().get(path)))


@pytest.mark.parametrize(("answers", "component"), [(ANSWERS, "Receipt"), ({}, "Problem")])
def test_what_comes_back_for_a_referral_is_as_described(
    visit: dict[str, Any], answers: dict[str, Any], component: str
) -> None:
    validator(visit, component).validate(told(Agency().send(answers)))


def test_the_example_of_a_receipt_is_as_described(visit: dict[str, Any]) -> None:
    created = visit["paths"]["/api/forms/visit/referrals"]["post"]["responses"]["201"]
    media = created["content"]["application/json"]

    validator(visit, "Receipt").validate(media["example"])


@pytest.mark.parametrize(
    ("form", "name"), [("adult", "Adult"), ("near-miss", "NearMiss"), ("near_miss", "NearMiss")]
)
def test_a_component_is_named_after_its_form(form: str, name: str) -> None:
    assert component_name(form) == name
