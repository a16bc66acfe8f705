"""An OpenID Connect provider that answers in the process, strictly as the standards say."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

ISSUER = "https://id.example/tenant/v2.0"
CLIENT = "staff-pages"
RETURN = "https://notifications.suffolk.example/staff/signed-in"
SIGNED_OUT = "https://notifications.suffolk.example/staff/signed-out"
DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"
TOKEN = "https://id.example/tenant/token"


@dataclass
class IdentityServer:
    """`claims` change those of the next token; `answers` replace a whole answer, by address."""

    now: datetime
    claims: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes] | Exception] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def authorize(self, url: str) -> str:
        """What the person's browser does there: the code that it comes back with."""
        page, _, query = url.partition("?")
        given = {name: values[0] for name, values in parse_qs(query).items()}
        assert page == "https://id.example/tenant/authorize"
        assert given["response_type"] == "code"
        assert (given["client_id"], given["redirect_uri"]) == (CLIENT, RETURN)
        assert "openid" in given["scope"].split()
        assert given["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = given
        return code

    def fetch(self, url: str, body: bytes | None) -> tuple[int, bytes]:
        self.asked.append(url)
        if url in self.answers:
            answer = self.answers[url]
            if isinstance(answer, Exception):
                raise answer
            return answer
        if url == DISCOVERY:
            assert body is None
            return 200, json.dumps(self._discovery()).encode()
        assert url == TOKEN, url
        assert body is not None
        return self._token({name: values[0] for name, values in parse_qs(body.decode()).items()})

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/tenant/authorize",
            "token_endpoint": TOKEN,
            "end_session_endpoint": "https://id.example/tenant/logout",
            **self.document,
        }

    def _token(self, form: Mapping[str, str]) -> tuple[int, bytes]:
        begun = self._codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        if (
            begun is None
            or form.get("grant_type") != "authorization_code"
            or (form.get("client_id"), form.get("redirect_uri")) != (CLIENT, RETURN)
            or challenge.decode().rstrip("=") != begun["code_challenge"]
        ):
            return 400, b'{"error": "invalid_grant", "error_description": "secret words"}'
        return 200, json.dumps(self._issued(begun)).encode()

    def _issued(self, begun: Mapping[str, str]) -> dict[str, Any]:
        at = int(self.now.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "subject-1",
            "name": "Zoë  Person\n",
            "roles": ["panel_chair", "gardeners"],
            "iat": at,
            "exp": at + 900,
            "nonce": begun["nonce"],
            **self.claims,
        }
        held = {name: value for name, value in claims.items() if value is not None}
        return {
            "access_token": "opaque",
            "token_type": "Bearer",
            "expires_in": 900,
            "id_token": signed(held),
        }


def signed(claims: object) -> str:
    """A token whose signature is nobody's: TLS stands for it."""
    parts = (json.dumps(part).encode() for part in ({"alg": "RS256"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts), "c2ln"])


def code_of(url: str) -> str:
    """The code in the address that the in-memory twin sends a browser to."""
    return parse_qs(urlsplit(url).query)["code"][0]
