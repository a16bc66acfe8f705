"""In-memory twins of the sessions and sign-ins."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.adapters.in_memory import Table
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.staff import Person
from chalicelib.referrals.staff_session import Fields, SignIn, StaffSession


class InMemorySessions:
    """Twin of `DynamoSessions`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, session: StaffSession) -> None:
        with self._table.lock:
            self._table.sessions[session.id] = session

    def find(self, session_id: str) -> StaffSession | None:
        with self._table.lock:
            return self._table.sessions.get(session_id)

    def touch(self, session_id: str, *, at: datetime) -> None:
        with self._table.lock:
            session = self._table.sessions.get(session_id)
            if session is not None:
                self._table.sessions[session_id] = replace(session, seen_at=at)

    def settle(self, session_id: str) -> None:
        with self._table.lock:
            session = self._table.sessions.get(session_id)
            if session is not None:
                self._table.sessions[session_id] = replace(session, kept_in="", kept_for="")

    def end(self, session_id: str) -> None:
        with self._table.lock:
            self._table.sessions.pop(session_id, None)

    def end_all(self, person_id: str, *, at: datetime) -> None:
        with self._table.lock:
            before = self._table.signed_out_at.get(person_id)
            self._table.signed_out_at[person_id] = at if before is None else max(at, before)

    def remember(self, person: Person, *, at: datetime) -> None:
        with self._table.lock:
            self._table.people[person.id] = (person, at)

    def people(self) -> Sequence[tuple[Person, datetime]]:
        with self._table.lock:
            return list(self._table.people.values())

    def signed_out_at(self, person_id: str) -> datetime | None:
        with self._table.lock:
            return self._table.signed_out_at.get(person_id)


class InMemorySignIns:
    """Twin of `DynamoSignIns`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, sign_in: SignIn) -> None:
        stored = replace(sign_in, kept=unpack(pack(sign_in.kept)))
        with self._table.lock:
            self._table.sign_ins[sign_in.id] = stored

    def use(self, sign_in_id: str) -> SignIn | None:
        with self._table.lock:
            sign_in = self._table.sign_ins.get(sign_in_id)
            if sign_in is None or sign_in_id in self._table.used_sign_ins:
                return None
            self._table.used_sign_ins.add(sign_in_id)
            return sign_in

    def kept(self, sign_in_id: str) -> tuple[Fields, datetime] | None:
        with self._table.lock:
            sign_in = self._table.sign_ins.get(sign_in_id)
        return (sign_in.kept, sign_in.expires_at) if sign_in and sign_in.kept else None

    def forget_kept(self, sign_in_id: str) -> None:
        with self._table.lock:
            sign_in = self._table.sign_ins.get(sign_in_id)
            if sign_in is not None:
                self._table.sign_ins[sign_in_id] = replace(sign_in, kept={})
