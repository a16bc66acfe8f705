"""What every identity provider does, and what a real one may send that must sign nobody in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.adapters.https import MOST, NoAnswer
from chalicelib.adapters.in_memory_identity import SOMEBODY, InMemoryIdentity
from chalicelib.adapters.oidc import OidcClient, OidcProvider
from chalicelib.referrals.staff import Identity, Role
from chalicelib.use_cases.sign_in_ports import IdentityProvider, IdentityRefused, ProviderDown
from tests.contract.identity_server import (
    CLIENT,
    DISCOVERY,
    ISSUER,
    RETURN,
    SIGNED_OUT,
    TOKEN,
    IdentityServer,
    code_of,
    signed,
)
from tests.contract.samples import NOW

VERIFIER = "v" * 43
ANOTHER = {
    "issuer": "https://id.example/another",
    "authorization_endpoint": "https://id.example/another/authorize",
    "token_endpoint": "https://id.example/another/token",
}
SOON = NOW + timedelta(seconds=20)


@dataclass
class Way:
    """A provider, what a browser does at its page, and how it is made to go down."""

    provider: IdentityProvider
    authorize: Callable[[str], str]
    take_down: Callable[[], None]
    expected: Identity


def real(server: IdentityServer) -> OidcProvider:
    client = OidcClient(ISSUER, CLIENT, "roles", RETURN, SIGNED_OUT)
    return OidcProvider(client, server.fetch)


@pytest.fixture
def server() -> IdentityServer:
    return IdentityServer(NOW)


@pytest.fixture(params=["in_memory", "oidc"])
def way(request: pytest.FixtureRequest, server: IdentityServer) -> Way:
    if request.param == "in_memory":
        twin = InMemoryIdentity(RETURN, SIGNED_OUT)
        return Way(twin, code_of, lambda: setattr(twin, "down", True), SOMEBODY)
    expected = Identity("subject-1", "Zoë Person", ("panel_chair", "gardeners"))
    gone = {DISCOVERY: NoAnswer(), TOKEN: NoAnswer()}
    return Way(real(server), server.authorize, lambda: server.answers.update(gone), expected)


def begin(provider: IdentityProvider, nonce: str = "n") -> str:
    return provider.sign_in_url(state="the-state", nonce=nonce, verifier=VERIFIER)


def come_back(way: Way, **changes: Any) -> Identity:
    code = way.authorize(begin(way.provider))
    return way.provider.identify(
        **{"code": code, "nonce": "n", "verifier": VERIFIER, "now": SOON, **changes}
    )


def test_who_signs_in_is_known(way: Way) -> None:
    assert come_back(way) == way.expected


def test_a_code_works_once(way: Way) -> None:
    code = way.authorize(begin(way.provider))
    way.provider.identify(code, nonce="n", verifier=VERIFIER, now=SOON)

    with pytest.raises(IdentityRefused) as refused:
        way.provider.identify(code, nonce="n", verifier=VERIFIER, now=SOON)
    assert refused.value.code == "invalid_grant"


@pytest.mark.parametrize(
    "changes", [{"code": "made-up"}, {"verifier": "w" * 43}, {"nonce": "another"}]
)
def test_what_belongs_to_another_sign_in_signs_nobody_in(way: Way, changes: dict[str, str]) -> None:
    with pytest.raises(IdentityRefused):
        come_back(way, **changes)


def test_a_provider_that_is_down_is_told_from_one_that_refuses(way: Way) -> None:
    code = way.authorize(begin(way.provider))
    way.take_down()

    with pytest.raises(ProviderDown):
        way.provider.identify(code, nonce="n", verifier=VERIFIER, now=SOON)


def test_the_state_goes_along_and_the_verifier_stays(way: Way) -> None:
    url = begin(way.provider)

    assert parse_qs(urlsplit(url).query)["state"] == ["the-state"]
    assert VERIFIER not in url


def test_signing_out_leads_back_to_us(way: Way) -> None:
    assert "signed-out" in (way.provider.sign_out_url() or "")


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://id.example/another"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "another-app"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": ["another-app"]}, "aud"),
        ({"aud": [CLIENT, "another-app"]}, "aud"),
        ({"aud": [CLIENT, "another-app"], "azp": "another-app"}, "aud"),
        ({"azp": "another-app"}, "aud"),
        ({"exp": int(NOW.timestamp()) - 60}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": "9999999999"}, "exp"),
        ({"exp": float("nan")}, "exp"),
        ({"iat": int(NOW.timestamp()) - 601}, "iat"),
        ({"iat": int(NOW.timestamp()) + 120}, "iat"),
        ({"iat": None}, "iat"),
        ({"iat": 10**400}, "iat"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ["n"]}, "nonce"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 256}, "sub"),
    ],
)
def test_a_claim_that_does_not_hold_signs_nobody_in(
    server: IdentityServer, claims: dict[str, Any], code: str
) -> None:
    provider = real(server)
    server.claims = claims
    given = server.authorize(begin(provider))

    with pytest.raises(IdentityRefused) as refused:
        provider.identify(given, nonce="n", verifier=VERIFIER, now=SOON)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another-app"], "azp": CLIENT},
        {"exp": NOW.timestamp() - 30},  # two clocks differ
        {"iat": NOW.timestamp() + 60},
        {"amr": ["mfa"], "extra": {"of": "theirs"}},
    ],
)
def test_what_the_standard_allows_signs_in(server: IdentityServer, claims: dict[str, Any]) -> None:
    provider = real(server)
    server.claims = claims
    code = server.authorize(begin(provider))

    found = provider.identify(code, nonce="n", verifier=VERIFIER, now=SOON)

    assert found.subject == "subject-1"


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": ["panel_chair", "auditor_readonly"]}, {Role.PANEL_CHAIR, Role.AUDITOR_READONLY}),
        ({"roles": None}, set()),
        ({"roles": "system_admin"}, set()),
        ({"roles": [["system_admin"], 1, None, "SYSTEM_ADMIN", "system_admin "]}, set()),
        ({"roles": {"system_admin": True}}, set()),
        ({"roles": None, "groups": ["system_admin"], "cognito:groups": ["system_admin"]}, set()),
    ],
)
def test_roles_come_from_the_groups_of_the_claim_that_was_set(
    server: IdentityServer, claims: dict[str, Any], roles: set[Role]
) -> None:
    provider = real(server)
    server.claims = claims
    code = server.authorize(begin(provider))

    found = provider.identify(code, nonce="n", verifier=VERIFIER, now=SOON)

    assert found.person.roles == roles


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": None, "email": "zoe@partner.example"}, "zoe@partner.example"),
        ({"name": " ", "preferred_username": "zoe"}, "zoe"),
        ({"name": ["Zoë"]}, "subject-1"),
        ({"name": "Zo\u202eë \x00 " + "x" * 200}, "Zoë " + "x" * 96),
    ],
)
def test_somebody_is_named_in_one_line(
    server: IdentityServer, claims: dict[str, Any], name: str
) -> None:
    provider = real(server)
    server.claims = claims
    code = server.authorize(begin(provider))

    assert provider.identify(code, nonce="n", verifier=VERIFIER, now=SOON).name == name


TOKEN_ANSWERS = [
    (400, b'{"error": "invalid_client"}', "invalid_client"),
    (401, b'{"error": "something of theirs"}', "refused"),
    (200, b'{"access_token": "a", "token_type": "Bearer"}', "no_id_token"),
    (200, b'{"access_token": "a", "token_type": "Bearer", "id_token": 7}', "no_id_token"),
    (200, b'{"token_type": "Bearer", "id_token": "a.b.c"}', "refused"),
    (200, b'{"access_token": "a", "token_type": "Bearer", "id_token": "a.b"}', "not_a_token"),
    (200, b'{"access_token": "a", "token_type": "Bearer", "id_token": "a.\xff.c"}', "not_a_token"),
]


@pytest.mark.parametrize(("status", "body", "code"), TOKEN_ANSWERS)
def test_a_token_endpoint_that_refuses_signs_nobody_in(
    server: IdentityServer, status: int, body: bytes, code: str
) -> None:
    provider = real(server)
    given = server.authorize(begin(provider))
    server.answers[TOKEN] = (status, body)

    with pytest.raises(IdentityRefused) as refused:
        provider.identify(given, nonce="n", verifier=VERIFIER, now=SOON)
    assert refused.value.code == code


@pytest.mark.parametrize("claims", [[], "text", None, 7])
def test_a_token_that_holds_no_claims_signs_nobody_in(
    server: IdentityServer, claims: object
) -> None:
    provider = real(server)
    given = server.authorize(begin(provider))
    token = {"access_token": "a", "token_type": "Bearer", "id_token": signed(claims)}
    server.answers[TOKEN] = (200, json.dumps(token).encode())

    with pytest.raises(IdentityRefused):
        provider.identify(given, nonce="n", verifier=VERIFIER, now=SOON)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_token_endpoint_with_a_fault_of_its_own_is_down(
    server: IdentityServer, status: int
) -> None:
    provider = real(server)
    given = server.authorize(begin(provider))
    server.answers[TOKEN] = (status, b"<html>")

    with pytest.raises(ProviderDown):
        provider.identify(given, nonce="n", verifier=VERIFIER, now=SOON)


@pytest.mark.parametrize(
    "answer",
    [
        (404, b"{}"),
        (200, b"<html>"),
        (200, b"[]"),
        (200, json.dumps(ANOTHER).encode()),
        (200, json.dumps({"issuer": ISSUER}).encode()),
        NoAnswer(),
    ],
)
def test_a_discovery_document_that_is_not_this_provider_s_sends_nobody_anywhere(
    server: IdentityServer, answer: tuple[int, bytes] | Exception
) -> None:
    server.answers[DISCOVERY] = answer
    provider = real(server)

    with pytest.raises(ProviderDown):
        begin(provider)
    del server.answers[DISCOVERY]
    assert begin(provider)  # it is not remembered


def test_the_discovery_document_is_read_once(server: IdentityServer) -> None:
    provider = real(server)
    for _ in range(3):
        begin(provider)
    provider.sign_out_url()

    assert server.asked == [DISCOVERY]


def test_a_provider_without_a_page_to_sign_out_has_no_such_address(server: IdentityServer) -> None:
    server.document = {"end_session_endpoint": None}

    assert real(server).sign_out_url() is None


def test_signing_out_says_who_asks_as_both_kinds_of_provider_read_it(
    server: IdentityServer,
) -> None:
    url = real(server).sign_out_url()

    assert parse_qs(urlsplit(str(url)).query) == {
        "client_id": [CLIENT],
        "logout_uri": [SIGNED_OUT],
        "post_logout_redirect_uri": [SIGNED_OUT],
    }


@pytest.mark.parametrize(
    "url",
    ["http://id.example/x", "http://127.0.0.1.evil.example/x", "file:///etc/hostname", "ftp://x/y"],
)
def test_nothing_is_asked_but_over_tls(url: str) -> None:
    from chalicelib.adapters.https import fetch

    with pytest.raises(NoAnswer):
        fetch(url, None)


@pytest.mark.parametrize("kind", ["large", "moved", "cut", "refused"])
def test_an_answer_that_is_none_is_told_as_such(kind: str) -> None:
    from chalicelib.adapters.https import fetch
    from tests.contract.odd_server import odd_server

    with odd_server(kind, MOST) as url:
        if kind == "moved":  # and not followed
            assert fetch(url, b"code=secret")[0] == 302
        else:
            with pytest.raises(NoAnswer):
                fetch(url, None)
