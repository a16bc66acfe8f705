"""An instance with cases in it, and members of its staff at their pages."""

from __future__ import annotations

import pytest

from chalicelib.referrals.staff import Person, Role
from tests.staff import a_person, signed_in
from tests.unit.use_cases.instance import Instance, an_instance
from tests.visitor import Page, Visitor

MANAGER = a_person(Role.BUSINESS_MANAGER, id="p-manager", name="Mo Manager")
SUPPORT = a_person(Role.BUSINESS_SUPPORT, id="p-support", name="Sal Support")
MEMBER = a_person(Role.PANEL_MEMBER, id="p-member", name="Pim Member")
CHAIR = a_person(Role.PANEL_CHAIR, id="p-chair", name="Cy Chair")
AUDITOR = a_person(Role.AUDITOR_READONLY, id="p-auditor", name="Al Auditor")
ADMIN = a_person(Role.SYSTEM_ADMIN, id="p-admin", name="Ad Admin")


class Office:
    """One instance, its staff, and the cases that came in."""

    def __init__(self, partnership: str = "suffolk") -> None:
        self.instance: Instance = an_instance(partnership)
        self._browsers: dict[str, Visitor] = {}

    def receive(self, form: str = "adult", **answers: object) -> str:
        """A notification comes in; its reference."""
        return self.instance.submit(form, **answers).reference

    def at_desk(self, person: Person = MANAGER) -> Visitor:
        """The browser of a person, signed in."""
        if person.id not in self._browsers:
            self._browsers[person.id] = signed_in(self.instance.services, person)
        return self._browsers[person.id]

    def open(self, reference: str, tail: str = "", person: Person = MANAGER) -> Page:
        """A person opens the page of a case, or one below it."""
        return self.at_desk(person).get(f"/staff/cases/{reference}{tail and '/' + tail}")

    def ask(self, reference: str, person: Person = MANAGER, **typed: str) -> str:
        """A person asks the referrer for information; the id of what they asked."""
        self.open(reference, "information", person)
        self.at_desk(person).fill(**{"question": "Which school?", "how": "tell", **typed})
        return self.instance.table.cases[reference].work.requests[-1].id

    def actions(self) -> list[str]:
        """What the audit trail has, in order."""
        return [entry.action for entry in self.instance.table.audit]


@pytest.fixture
def office() -> Office:
    return Office()
