"""An OpenID Connect provider: authorization code flow with PKCE, over HTTPS (ADR 0010).

oauthlib makes and reads the messages of the protocol; it is imported when somebody signs in.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chalicelib.adapters.https import Fetch, NoAnswer, fetch
from chalicelib.adapters.id_token import identity_of
from chalicelib.referrals.staff import Identity
from chalicelib.use_cases.sign_in_ports import IdentityRefused, ProviderDown

SCOPES = ("openid", "email", "profile")
WELL_KNOWN = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint")


@dataclass(frozen=True)
class OidcClient:
    """What the provider knows us by. Addresses are whole; `discovery_url` may be empty."""

    issuer: str
    client_id: str
    groups_claim: str
    redirect_uri: str
    signed_out_uri: str
    discovery_url: str = ""


class OidcProvider:
    """A provider found by its discovery document, which is read once a process."""

    def __init__(self, client: OidcClient, fetch: Fetch = fetch) -> None:
        self._client = client
        self._fetch = fetch
        self._document: Mapping[str, Any] | None = None

    def sign_in_url(self, *, state: str, nonce: str, verifier: str) -> str:
        from oauthlib.oauth2 import WebApplicationClient

        oauth = WebApplicationClient(self._client.client_id)
        url: str = oauth.prepare_request_uri(
            self._discovered()["authorization_endpoint"],
            redirect_uri=self._client.redirect_uri,
            scope=list(SCOPES),
            state=state,
            nonce=nonce,
            code_challenge=oauth.create_code_challenge(verifier, "S256"),
            code_challenge_method="S256",
        )
        return url

    def identify(self, code: str, *, nonce: str, verifier: str, now: datetime) -> Identity:
        return identity_of(
            self._id_token(code, verifier),
            issuer=self._client.issuer,
            client_id=self._client.client_id,
            nonce=nonce,
            groups_claim=self._client.groups_claim,
            now=now,
        )

    def sign_out_url(self) -> str | None:
        """By OpenID Connect's RP-initiated logout; `logout_uri` is what Cognito calls it."""
        page = self._discovered().get("end_session_endpoint")
        if not isinstance(page, str):
            return None
        back = self._client.signed_out_uri
        asked = {"client_id": self._client.client_id, "logout_uri": back}
        return f"{page}?{urlencode({**asked, 'post_logout_redirect_uri': back})}"

    def _id_token(self, code: str, verifier: str) -> str:
        from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

        oauth = WebApplicationClient(self._client.client_id)
        body = oauth.prepare_request_body(
            code=code, redirect_uri=self._client.redirect_uri, code_verifier=verifier
        )
        status, answer = self._ask(self._discovered()["token_endpoint"], body.encode())
        if status >= 500 or status == 429:
            raise ProviderDown
        try:
            token = oauth.parse_request_body_response(answer.decode("utf-8", "replace"))
        except OAuth2Error as error:
            raise IdentityRefused(_known(error.error)) from None
        except ValueError:
            raise ProviderDown from None
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise IdentityRefused("no_id_token")
        return id_token

    def _discovered(self) -> Mapping[str, Any]:
        if self._document is None:
            self._document = self._discover()
        return self._document

    def _discover(self) -> Mapping[str, Any]:
        issuer = self._client.issuer
        status, answer = self._ask(self._client.discovery_url or f"{issuer}{WELL_KNOWN}", None)
        try:
            document = json.loads(answer)
        except ValueError:
            raise ProviderDown from None
        # A document that names another issuer is another provider's (Discovery 1.0, 4.3).
        if status != 200 or not isinstance(document, dict) or document.get("issuer") != issuer:
            raise ProviderDown
        if not all(isinstance(document.get(name), str) for name in _ENDPOINTS):
            raise ProviderDown
        return document

    def _ask(self, url: str, body: bytes | None) -> tuple[int, bytes]:
        try:
            return self._fetch(url, body)
        except NoAnswer:
            raise ProviderDown from None


def _known(error: str | None) -> str:
    """The error as a word of RFC 6749, 5.2: a provider could write anything there."""
    words = {"invalid_grant", "invalid_client", "invalid_request", "unauthorized_client"}
    return error if error in words else "refused"
