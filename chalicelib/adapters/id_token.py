"""Who an ID token is about, once every claim that must hold does: pure.

The token comes straight from the provider's token endpoint, so TLS stands for its signature
(OpenID Connect Core 1.0, 3.1.3.7, point 6; ADR 0010). It is never read from anywhere else.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.referrals.staff import Identity
from chalicelib.use_cases.sign_in_ports import IdentityRefused

LEEWAY = 60  # seconds that two clocks may differ by
OLDEST = 600  # seconds: a token is made for the code that we have just given
LONGEST_NAME = 100
Claims = Mapping[str, Any]


def identity_of(
    id_token: str,
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    groups_claim: str,
    now: datetime,
) -> Identity:
    """Raises `IdentityRefused` with the name of the first claim that does not hold."""
    claims = _claims(id_token)
    _require(claims.get("iss") == issuer, "iss")
    _require(_is_for(claims, client_id), "aud")
    _require(_is_current(claims, now.timestamp()), "exp")
    _require(_is_recent(claims, now.timestamp()), "iat")
    _require(claims.get("nonce") == nonce, "nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise IdentityRefused("sub")
    return Identity(subject, _name(claims) or subject, _groups(claims.get(groups_claim)))


def _claims(id_token: str) -> Claims:
    parts = id_token.split(".")
    _require(len(parts) == 3, "not_a_token")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise IdentityRefused("not_a_token") from None
    if not isinstance(claims, dict):
        raise IdentityRefused("not_a_token")
    return claims


def _is_for(claims: Claims, client_id: str) -> bool:
    """For us, and when for others too, given to us (points 3 to 5)."""
    audience = claims.get("aud")
    everybody = audience if isinstance(audience, list) else [audience]
    if client_id not in everybody:
        return False
    party: object = claims.get("azp", client_id if len(everybody) == 1 else None)
    return party == client_id


def _is_current(claims: Claims, now: float) -> bool:
    until = _seconds(claims.get("exp"))
    return until is not None and now < until + LEEWAY


def _is_recent(claims: Claims, now: float) -> bool:
    made = _seconds(claims.get("iat"))
    return made is not None and now - OLDEST < made < now + LEEWAY


def _seconds(value: object) -> float | None:
    """A NumericDate. As it came: the largest numbers of JSON fit no float."""
    return value if isinstance(value, int | float) else None


def _name(claims: Claims) -> str:
    """How the audit trail shows them: one line, not too long."""
    for claim in ("name", "email", "preferred_username"):
        value = claims.get(claim)
        if isinstance(value, str) and value.strip():
            return " ".join("".join(c for c in value if c.isprintable()).split())[:LONGEST_NAME]
    return ""


def _groups(value: object) -> tuple[str, ...]:
    return (
        tuple(group for group in value if isinstance(group, str)) if isinstance(value, list) else ()
    )


def _require(holds: bool, claim: str) -> None:
    if not holds:
        raise IdentityRefused(claim)
