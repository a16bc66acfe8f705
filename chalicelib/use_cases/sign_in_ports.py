"""What signing in needs of the outside world, and the errors that it understands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.referrals.staff import Identity, Person
from chalicelib.referrals.staff_session import Fields, SignIn, StaffSession


class ProviderDown(Exception):
    """The identity provider does not answer as it should; signing in may work later."""


class IdentityRefused(Exception):
    """The provider gave nobody's identity for a code. `code` is a fixed word, never its text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sessions(Protocol):
    """Who is signed in, by the hash of the token in their cookie."""

    def open(self, session: StaffSession) -> None:
        """Store a new session."""

    def find(self, session_id: str) -> StaffSession | None:
        """The session, unless it was ended (consistent read); expiry is the caller's to judge."""

    def touch(self, session_id: str, *, at: datetime) -> None:
        """Record that its person was seen."""

    def settle(self, session_id: str) -> None:
        """Nothing is kept for its person any more."""

    def end(self, session_id: str) -> None:
        """From now on it is not found."""

    def end_all(self, person_id: str, *, at: datetime) -> None:
        """Record that somebody signed out everywhere; the latest time stands."""

    def remember(self, person: Person, *, at: datetime) -> None:
        """Record that somebody signed in, and as what, for a year."""

    def people(self) -> Sequence[tuple[Person, datetime]]:
        """Everybody who is remembered, and when they last signed in."""

    def signed_out_at(self, person_id: str) -> datetime | None:
        """When they last signed out everywhere, for at least a day after it (consistent read)."""


class SignIns(Protocol):
    """Ways to the identity provider and back, by the hash of their state."""

    def add(self, sign_in: SignIn) -> None:
        """Store a new one."""

    def use(self, sign_in_id: str) -> SignIn | None:
        """The sign-in, to exactly one caller; expiry is the caller's to judge."""

    def kept(self, sign_in_id: str) -> tuple[Fields, datetime] | None:
        """The fields that it keeps and until when; None when there are none (any more)."""

    def forget_kept(self, sign_in_id: str) -> None:
        """Keep them no longer."""


class IdentityProvider(Protocol):
    """Where staff prove who they are. Each call may raise `ProviderDown`."""

    def sign_in_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where a browser is sent. `verifier` stays here: only its hash goes along (PKCE)."""

    def identify(self, code: str, *, nonce: str, verifier: str, now: datetime) -> Identity:
        """Who came back with the code; raises `IdentityRefused`. A code works once."""

    def sign_out_url(self) -> str | None:
        """Where a browser signs out of the provider too, if it has such a page."""
