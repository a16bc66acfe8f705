"""Who may sign in as staff, by the packaged template."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.infra.test_template import of_type, properties

GROUPS = {
    "business_support",
    "business_manager",
    "panel_member",
    "panel_chair",
    "auditor_readonly",
    "system_admin",
}


@pytest.fixture(scope="module")
def pool(template: dict[str, Any]) -> dict[str, Any]:
    return properties(template, "UserPool")


@pytest.fixture(scope="module")
def client(template: dict[str, Any]) -> dict[str, Any]:
    return properties(template, "UserPoolClient")


def test_nobody_makes_an_account_for_themselves(pool: dict[str, Any]) -> None:
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


def test_everybody_needs_a_code_of_an_app(pool: dict[str, Any]) -> None:
    assert pool["MfaConfiguration"] == "ON"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


def test_a_password_is_long(pool: dict[str, Any]) -> None:
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 15


def test_accounts_cannot_be_deleted_by_a_slip(pool: dict[str, Any]) -> None:
    assert pool["DeletionProtection"] == {"Fn::If": ["IsProtected", "ACTIVE", "INACTIVE"]}


def test_an_invitation_names_the_user_and_the_first_password(pool: dict[str, Any]) -> None:
    message = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"]["Fn::Sub"]

    assert "{username}" in message
    assert "{####}" in message  # without both Cognito refuses the text


def test_the_groups_are_those_of_the_staff_pages(template: dict[str, Any]) -> None:
    groups = of_type(template, "AWS::Cognito::UserPoolGroup").values()

    assert {group["Properties"]["GroupName"] for group in groups} == GROUPS


def test_a_sign_in_ends_in_a_code_and_never_in_a_token(client: dict[str, Any]) -> None:
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["GenerateSecret"] is False


def test_no_password_is_taken_but_on_the_sign_in_page(client: dict[str, Any]) -> None:
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]


def test_a_sign_in_comes_back_to_this_instance_only(client: dict[str, Any]) -> None:
    assert client["CallbackURLs"] == [{"Fn::Sub": "${PublicUrl}/staff/signed-in"}]
    assert client["LogoutURLs"] == [{"Fn::Sub": "${PublicUrl}/staff/signed-out"}]


def test_a_stranger_does_not_learn_who_has_an_account(client: dict[str, Any]) -> None:
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_a_sign_in_ends_with_the_working_day(client: dict[str, Any]) -> None:
    assert client["TokenValidityUnits"]["RefreshToken"] == "hours"
    assert client["RefreshTokenValidity"] <= 12
    assert client["EnableTokenRevocation"] is True


def test_two_stacks_of_a_name_do_not_want_one_address(template: dict[str, Any]) -> None:
    _, given, derived = properties(template, "UserPoolDomain")["Domain"]["Fn::If"]

    assert given == {"Ref": "SignInPrefix"}
    assert "AWS::StackId" in str(derived)


def test_the_pages_ask_the_stack_s_own_pool_unless_another_provider_is_named(
    template: dict[str, Any],
) -> None:
    given = properties(template, "APIHandler")["Environment"]["Variables"]
    condition, named, own = given["OIDC_ISSUER"]["Fn::If"]

    assert template["Conditions"][condition] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "IdentityIssuer"}, ""]}]
    }
    assert named == {"Ref": "IdentityIssuer"}
    assert own["Fn::Sub"].endswith("/${UserPool}")
    assert given["OIDC_CLIENT_ID"]["Fn::If"] == [
        condition,
        {"Ref": "IdentityClientId"},
        {"Ref": "UserPoolClient"},
    ]


def test_only_a_local_stack_finds_its_pool_anywhere_but_at_the_issuer(
    template: dict[str, Any],
) -> None:
    given = properties(template, "APIHandler")["Environment"]["Variables"]

    assert given["OIDC_DISCOVERY_URL"]["Fn::If"][0] == "IsLocal"
    assert given["OIDC_DISCOVERY_URL"]["Fn::If"][2] == ""


def test_an_issuer_is_reached_over_tls(template: dict[str, Any]) -> None:
    assert template["Parameters"]["IdentityIssuer"]["AllowedPattern"].startswith("(https://")


def test_the_pages_may_ask_the_pool_for_what_they_ask(client: dict[str, Any]) -> None:
    from chalicelib.adapters.oidc import SCOPES

    assert set(SCOPES) <= set(client["AllowedOAuthScopes"])
