"""In-memory twin of the identity provider: it signs in whomever it was told to, at once."""

import secrets
from datetime import datetime

from chalicelib.referrals.staff import Identity, Role
from chalicelib.use_cases.sign_in_ports import IdentityRefused, ProviderDown

SOMEBODY = Identity("00000000-somebody", "Sam Somebody", (Role.BUSINESS_MANAGER,))


class InMemoryIdentity:
    """Twin of `OidcProvider`. `identity` is who comes back; while `down`, nobody does."""

    def __init__(self, redirect_uri: str, signed_out_uri: str) -> None:
        self.identity = SOMEBODY
        self.down = False
        self._redirect_uri = redirect_uri
        self._signed_out_uri = signed_out_uri
        self._codes: dict[str, tuple[Identity, str, str]] = {}

    def sign_in_url(self, *, state: str, nonce: str, verifier: str) -> str:
        self._answer()
        code = secrets.token_urlsafe(16)
        self._codes[code] = (self.identity, nonce, verifier)
        return f"{self._redirect_uri}?code={code}&state={state}"

    def identify(
        self,
        code: str,
        *,
        nonce: str,
        verifier: str,
        now: datetime,  # noqa: ARG002 - its codes do not grow old
    ) -> Identity:
        self._answer()
        known = self._codes.pop(code, None)
        if known is None or known[1:] != (nonce, verifier):
            raise IdentityRefused("invalid_grant")
        return known[0]

    def sign_out_url(self) -> str | None:
        self._answer()
        return f"{self._signed_out_uri}?from=provider"

    def _answer(self) -> None:
        if self.down:
            raise ProviderDown
