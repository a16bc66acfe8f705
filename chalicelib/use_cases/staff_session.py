"""Keep somebody signed in: on a server-side session, which ends when idle, old, or told to."""

import hashlib
import secrets
from dataclasses import replace
from datetime import UTC, timedelta

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import Person
from chalicelib.referrals.staff_session import Fields, StaffSession
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.ports import Services

# Seen within this time, a person need not be written down as seen again.
TOUCHED = timedelta(minutes=1)
NOBODY = "nobody signed in"
COMMAND = "casereview"  # who acts, in the trail, when it is whoever runs the service
ONCE_A_DAY = "once or more on this day"


def new_token() -> str:
    """256 random bits, for a cookie or an address."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What the table keeps of a token: its SHA-256 in hex. A forged one opens nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def open_session(deps: Services, person: Person, *, kept_in: str = "", kept_for: str = "") -> str:
    """Begin a session; gives its token, which is stored nowhere."""
    token, now = new_token(), deps.clock.now()
    deps.sessions.remember(person, at=now)
    deps.sessions.open(
        StaffSession(
            id=hashed(token),
            person=person,
            began_at=now,
            seen_at=now,
            ends_at=now + timedelta(hours=deps.settings.staff_session_hours),
            kept_in=kept_in,
            kept_for=kept_for,
        )
    )
    return token


def people(deps: Services) -> tuple[Person, ...]:
    """Everybody who signed in within the last year, by name, with the roles they had then."""
    since = deps.clock.now() - timedelta(days=365)
    recent = [person for person, at in deps.sessions.people() if at > since]
    return tuple(sorted(recent, key=lambda person: (person.name.casefold(), person.id)))


def find_session(deps: Services, token: str) -> StaffSession | None:
    """The session of a token as stored, over or not: one read."""
    return deps.sessions.find(hashed(token))


def current(deps: Services, session: StaffSession | None) -> StaffSession | None:
    """The session if it is not over, its person now seen: one read, and a write once a minute."""
    if session is None or _is_over(deps, session):
        return None
    now = deps.clock.now()
    if now - session.seen_at < TOUCHED:
        return session
    deps.sessions.touch(session.id, at=now)
    return replace(session, seen_at=now)


def _is_over(deps: Services, session: StaffSession) -> bool:
    now = deps.clock.now()
    idle = timedelta(minutes=deps.settings.staff_idle_minutes)
    if now >= session.ends_at or now >= session.seen_at + idle:
        return True
    everywhere = deps.sessions.signed_out_at(session.person.id)
    return everywhere is not None and session.began_at <= everywhere


def end(deps: Services, session: StaffSession) -> None:
    """Sign out of this browser."""
    note(deps, session.person, "signed out")
    deps.sessions.end(session.id)


def end_everywhere(deps: Services, session: StaffSession) -> None:
    """Sign out of every browser: no session that began before now opens anything."""
    note(deps, session.person, "signed out everywhere")
    deps.sessions.end_all(session.person.id, at=deps.clock.now())
    deps.sessions.end(session.id)


def end_all_of(deps: Services, person_id: str, by: str) -> Person:
    """End every session of somebody else, who may sign in again unless their account is disabled.

    `by` is the name of who gave the command. Raises `NotPossible` for who has not signed in within
    the last year; `StoreBusy`.
    """
    known = {person.id: person for person, _ in deps.sessions.people()}
    if person_id not in known:
        raise NotPossible("Nobody with this id has signed in. See: casereview people")
    now = deps.clock.now()
    details = {"person": person_id, "by": by}
    deps.audit.add(AuditEntry(random_id(), "", now, COMMAND, "signed a person out", details))
    deps.sessions.end_all(person_id, at=now)
    return known[person_id]


def kept_fields(deps: Services, session: StaffSession, path: str) -> Fields:
    """What its person had posted to this path without a session: no read unless there is some."""
    if not session.kept_in or session.kept_for != path:
        return {}
    found = deps.sign_ins.kept(session.kept_in)
    return {} if found is None or found[1] <= deps.clock.now() else found[0]


def forget_kept(deps: Services, session: StaffSession) -> None:
    """It was sent again, so it is kept no longer."""
    deps.sign_ins.forget_kept(session.kept_in)
    deps.sessions.settle(session.id)


def note_nobody(deps: Services, why: str, page: str) -> None:
    """Refused, and nobody knows whom: one entry a day of UTC for each reason and page.

    Anybody could fill the trail otherwise. It is about no case, and holds fixed words only.
    """
    kind = hashlib.sha256(f"{why}\n{page}".encode()).hexdigest()[:32]
    day = deps.clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    details = {"why": why, "page": page, "when": ONCE_A_DAY}
    # The same place each time: the trail takes only the first.
    deps.audit.add(AuditEntry(kind, "", day, NOBODY, "refused", details))
