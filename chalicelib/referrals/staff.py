"""Who works for the partnership, and what each role may do: pure.

Roles come from the identity provider's groups of the same names; whoever has none of them may do
nothing. `system_admin` runs the service and sees no case (docs: roles and rights).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A group of the identity provider."""

    BUSINESS_SUPPORT = "business_support"
    BUSINESS_MANAGER = "business_manager"
    PANEL_MEMBER = "panel_member"
    PANEL_CHAIR = "panel_chair"
    AUDITOR_READONLY = "auditor_readonly"
    SYSTEM_ADMIN = "system_admin"


class Right(StrEnum):
    """What a page asks for before it is shown, or a post before it is carried out."""

    READ_CASES = "read cases"
    WORK_CASES = "work on cases"
    RECOMMEND = "recommend"
    DECIDE = "decide"
    MANAGE = "manage"
    READ_AUDIT = "read the audit trail"
    EXPORT = "export"
    DISPOSE = "dispose of cases"
    SIGNED_IN = "signed in"


_READER = frozenset({Right.SIGNED_IN, Right.READ_CASES})
_WORKER = _READER | {Right.WORK_CASES}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.BUSINESS_SUPPORT: _WORKER,
    Role.BUSINESS_MANAGER: _WORKER
    | {
        Right.RECOMMEND,
        # A board's chair may never sign in: the manager records what they decided.
        Right.DECIDE,
        Right.MANAGE,
        Right.READ_AUDIT,
        Right.EXPORT,
        Right.DISPOSE,
    },
    Role.PANEL_MEMBER: _READER | {Right.RECOMMEND},
    Role.PANEL_CHAIR: _READER | {Right.RECOMMEND, Right.DECIDE},
    Role.AUDITOR_READONLY: _READER | {Right.READ_AUDIT},
    Role.SYSTEM_ADMIN: frozenset({Right.SIGNED_IN, Right.READ_AUDIT}),
}


@dataclass(frozen=True)
class Person:
    """Somebody who signed in. `id` is the provider's own id of them, never an address."""

    id: str
    name: str
    roles: frozenset[Role]

    def may(self, right: Right) -> bool:
        """Whether any of their roles gives the right."""
        return any(right in RIGHTS[role] for role in self.roles)


@dataclass(frozen=True)
class Identity:
    """Who the identity provider says that somebody is, and the groups that it has them in."""

    subject: str
    name: str
    groups: tuple[str, ...]

    @property
    def person(self) -> Person:
        return Person(self.subject, self.name, roles_of(self.groups))


def roles_of(groups: Iterable[object]) -> frozenset[Role]:
    """The roles among the groups that a provider names; other groups mean nothing here."""
    known = {role.value: role for role in Role}
    return frozenset(known[group] for group in groups if isinstance(group, str) and group in known)


class NotAllowed(Exception):
    """This person may not: no right to it, a conflict of interest, or no such case, all alike."""

    def __init__(self, why: str) -> None:
        """`why` is for the audit trail, never for a page."""
        super().__init__("not allowed")
        self.why = why
