"""Members of staff, and a visitor who is signed in as one of them."""

from __future__ import annotations

from chalicelib.bootstrap import Services
from chalicelib.referrals.staff import Person, Role
from chalicelib.use_cases.staff_session import open_session
from tests.visitor import Visitor

COOKIE = "staff"  # on plain http, as in these tests


def a_person(*roles: Role, id: str = "p-1", name: str = "Pat Person") -> Person:
    return Person(id, name, frozenset(roles or (Role.BUSINESS_MANAGER,)))


def signed_in(services: Services, person: Person | None = None) -> Visitor:
    """A browser with a session of its own."""
    token = open_session(services, person or a_person())
    return Visitor(services, {COOKIE: token})
