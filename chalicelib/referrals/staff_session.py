"""What is remembered of somebody who signs in: the way there, and the session it ends in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.referrals.staff import Person

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class SignIn:
    """One way to the identity provider and back, for one browser, to be used once.

    `id` and `browser` are hashes: of the state that goes along, and of a token that stays in the
    browser's cookie. `return_to` is a path of ours. `kept` holds what was posted to it after a
    session had ended, and `kept_by` the id of the person whose session that was: nobody else gets
    it.
    """

    id: str
    browser: str
    verifier: str
    nonce: str
    return_to: str
    expires_at: datetime
    kept: Fields = field(default_factory=dict)
    kept_by: str = ""


@dataclass(frozen=True)
class StaffSession:
    """Somebody at work. `id` is the hash of the token in their cookie.

    `kept_in` is the sign-in that holds fields for the page at `kept_for`, while there is one.
    """

    id: str
    person: Person
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    kept_in: str = ""
    kept_for: str = ""
