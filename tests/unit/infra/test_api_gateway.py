"""What stands before the pages: who comes through, what is noted, how others are turned away."""

from __future__ import annotations

import json
import re
from typing import Any

import html5lib
import pytest

from chalicelib.web.headers import TWO_YEARS
from infra.stack.refusals import REFUSALS
from tests.unit.infra.test_template import properties

PARAMETERS = {
    "PartnershipName": "St Helens’ Safeguarding Partnership",
    "PublicUrl": "https://notify.example",
    "BrandColour": "#14505c",
    "BrandTextColour": "#ffffff",
}
# What API Gateway knows of a request and of nobody.
NOTED = {
    "$context.requestId",
    "$context.requestTimeEpoch",
    "$context.httpMethod",
    "$context.resourcePath",
    "$context.status",
    "$context.responseLatency",
    "$context.integrationLatency",
    "$context.responseLength",
    "$context.error.responseType",
}
KINDS = sorted(REFUSALS)


@pytest.fixture(scope="module")
def api(template: dict[str, Any]) -> dict[str, Any]:
    return properties(template, "RestAPI")


def answer(api: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = api["GatewayResponses"][kind]
    return found


def page(api: dict[str, Any], kind: str) -> str:
    """As CloudFormation fills it in."""
    text: str = answer(api, kind)["ResponseTemplates"]["text/html"]["Fn::Sub"]
    for name, value in PARAMETERS.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def words(text: str) -> str:
    tree = html5lib.HTMLParser(strict=True).parse(text)
    return " ".join(" ".join(tree.itertext()).split())


def test_the_api_is_reached_in_its_own_region(api: dict[str, Any]) -> None:
    assert api["EndpointConfiguration"] == "REGIONAL"


def test_every_request_counts_against_a_limit(api: dict[str, Any]) -> None:
    (every,) = api["MethodSettings"]

    assert (every["ResourcePath"], every["HttpMethod"]) == ("/*", "*")
    assert every["ThrottlingRateLimit"] == {"Ref": "RequestsPerSecond"}
    assert every["ThrottlingBurstLimit"] == {"Ref": "RequestBurst"}


def test_nothing_that_people_write_is_traced(api: dict[str, Any]) -> None:
    assert api["MethodSettings"][0]["DataTraceEnabled"] is False
    assert "TracingEnabled" not in api


def test_an_instance_s_figures_are_its_own(api: dict[str, Any]) -> None:
    assert api["DefinitionBody"]["info"]["title"] == {"Ref": "AWS::StackName"}


def test_what_is_noted_of_a_request_tells_of_nobody(api: dict[str, Any]) -> None:
    condition, setting, otherwise = api["AccessLogSetting"]["Fn::If"]
    noted = json.loads(setting["Format"])

    assert (condition, otherwise) == ("HasAccessLogs", {"Ref": "AWS::NoValue"})
    assert set(noted.values()) - {"access"} == NOTED
    assert "${AccessLogGroup}" in setting["DestinationArn"]["Fn::Sub"]


def test_the_firewall_counts_and_reads_no_body(template: dict[str, Any]) -> None:
    (rule,) = properties(template, "Firewall")["Rules"]

    assert set(rule["Statement"]) == {"RateBasedStatement"}
    assert set(rule["Statement"]["RateBasedStatement"]) == {"AggregateKeyType", "Limit"}


def test_the_firewall_keeps_no_sample_of_what_people_send(template: dict[str, Any]) -> None:
    firewall = properties(template, "Firewall")
    seen = [part["VisibilityConfig"] for part in (firewall, *firewall["Rules"])]

    assert [one["SampledRequestsEnabled"] for one in seen] == [False, False]


def test_with_a_domain_there_is_no_second_way_in(
    template: dict[str, Any], api: dict[str, Any]
) -> None:
    assert api["DisableExecuteApiEndpoint"] == {"Fn::If": ["HasDomain", True, False]}
    assert properties(template, "Domain")["SecurityPolicy"] == "TLS_1_2"
    assert template["Resources"]["DomainMapping"]["Condition"] == "HasDomain"


def test_a_domain_is_refused_without_its_certificate(template: dict[str, Any]) -> None:
    (assertion,) = template["Rules"]["DomainHasItsCertificate"]["Assertions"]

    empty = {"Fn::Equals": [{"Ref": "CertificateArn"}, ""]}
    assert assertion["Assert"] == {"Fn::Not": [empty]}


def test_a_change_of_a_parameter_reaches_the_error_pages(api: dict[str, Any]) -> None:
    assert api["AlwaysDeploy"] is True


def test_whatever_is_refused_has_an_answer_of_ours(api: dict[str, Any]) -> None:
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= set(api["GatewayResponses"])


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("MISSING_AUTHENTICATION_TOKEN", "404"),  # of an address that is not there
        ("REQUEST_TOO_LARGE", "413"),
        ("THROTTLED", "429"),
        ("WAF_FILTERED", "429"),
        ("DEFAULT_4XX", None),
        ("DEFAULT_5XX", None),
    ],
)
def test_the_status_says_what_it_is(api: dict[str, Any], kind: str, status: str | None) -> None:
    assert answer(api, kind).get("StatusCode") == status


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_sound_and_says_whose_it_is(api: dict[str, Any], kind: str) -> None:
    text = page(api, kind)

    assert "${" not in text
    assert '<html lang="en">' in text
    assert 'name="viewport"' in text
    assert words(text).count(PARAMETERS["PartnershipName"]) == 2  # title and head


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_for_nothing_else(api: dict[str, Any], kind: str) -> None:
    assert re.findall(r"src=|<link|<script|@import|url\(", page(api, kind)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_says_what_is_safe_where_to_go_and_whom_to_call(
    api: dict[str, Any], kind: str
) -> None:
    text = page(api, kind)

    assert "Everything that you saved on earlier pages is still there." in words(text)
    assert '<a href="https://notify.example/">Go to the start</a>' in text
    assert "If someone is in immediate danger, call 999" in words(text)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"MISSING_AUTHENTICATION_TOKEN"}))
def test_somebody_who_was_sending_is_told_to_press_the_button_again(
    api: dict[str, Any], kind: str
) -> None:
    assert "press the same button again" in words(page(api, kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("media", ["application/json", "application/problem+json"])
def test_a_program_is_given_a_problem_document(api: dict[str, Any], kind: str, media: str) -> None:
    document = json.loads(answer(api, kind)["ResponseTemplates"][media])

    assert document["type"].startswith("/problems/")
    assert document["title"]
    assert document["detail"]
    assert str(document.get("status", "None")) == str(answer(api, kind).get("StatusCode"))


def test_a_program_is_never_told_that_a_request_was_lost_that_may_not_be(
    api: dict[str, Any],
) -> None:
    document = json.loads(answer(api, "DEFAULT_5XX")["ResponseTemplates"]["application/json"])

    assert "not known" in document["detail"]
    assert "same key" in document["detail"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_never_kept_or_framed(api: dict[str, Any], kind: str) -> None:
    headers = answer(api, kind)["ResponseParameters"]["Headers"]

    assert headers["Cache-Control"] == "'no-store'"
    assert headers["X-Frame-Options"] == "'DENY'"
    assert headers["X-Content-Type-Options"] == "'nosniff'"
    assert headers["Strict-Transport-Security"] == f"'{TWO_YEARS}'"


@pytest.mark.parametrize(
    ("kind", "seconds"), [("THROTTLED", 60), ("WAF_FILTERED", 300), ("DEFAULT_5XX", 60)]
)
def test_what_passes_says_when(api: dict[str, Any], kind: str, seconds: int) -> None:
    headers = answer(api, kind)["ResponseParameters"]["Headers"]

    assert headers["Retry-After"] == f"'{seconds}'"


@pytest.mark.parametrize("name", ["A<b>", 'The "Board"', "Kent & Medway", "a\\b", "${x}", ""])
def test_no_name_of_a_partnership_can_break_a_page(template: dict[str, Any], name: str) -> None:
    pattern = template["Parameters"]["PartnershipName"]["AllowedPattern"]

    assert re.fullmatch(pattern, name) is None
    assert re.fullmatch(pattern, PARAMETERS["PartnershipName"])
