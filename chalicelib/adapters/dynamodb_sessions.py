"""Sessions and sign-ins in the table."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from chalicelib.adapters.dynamodb_table import ConditionFailed, DynamoTable, Row, writing
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.staff import Person, roles_of
from chalicelib.referrals.staff_session import Fields, SignIn, StaffSession
from chalicelib.referrals.times import from_text, to_text

_SESSION = "SESSION"
_SIGN_IN = "SIGNIN"
_PERSON = "PERSON"
# A session's row outlives it, so that what is sent too late can still be told whose it was.
_AFTERWARDS = timedelta(days=1)
_PEOPLE = "PEOPLE"
_REMEMBERED = "PERSON#"
REMEMBERED = timedelta(days=365)


class DynamoSessions:
    """`SESSION#<id>/SESSION`, `PERSON#<id>/PERSON` once somebody signed out everywhere, and
    `PEOPLE/PERSON#<id>` for each who signed in within a year.

    All with TTL `expires`. An ended session stays as a row that opens nothing: no right to delete
    is needed for it.
    """

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def open(self, session: StaffSession) -> None:
        self._table.put(
            {
                "pk": _session_pk(session.id),
                "sk": _SESSION,
                "person": session.person.id,
                "name": session.person.name,
                "roles": _roles(session.person),
                "began_at": to_text(session.began_at),
                "seen_at": to_text(session.seen_at),
                "ends_at": to_text(session.ends_at),
                "kept_in": session.kept_in or None,
                "kept_for": session.kept_for or None,
                "expires": _ttl(session.ends_at),
            },
            new=True,
        )

    def find(self, session_id: str) -> StaffSession | None:
        row = self._table.get(_session_pk(session_id), _SESSION)
        return None if row is None or "ended" in row else _session(session_id, row)

    def touch(self, session_id: str, *, at: datetime) -> None:
        self._change(session_id, "SET seen_at = :at", {":at": to_text(at)})

    def settle(self, session_id: str) -> None:
        self._change(session_id, "SET kept_in = :none, kept_for = :none", {":none": ""})

    def end(self, session_id: str) -> None:
        self._change(session_id, "SET ended = :yes", {":yes": True})

    def _change(self, session_id: str, expression: str, values: dict[str, str | bool]) -> None:
        parameters = writing(expression, "attribute_exists(pk)", values)
        try:
            self._table.update(_session_pk(session_id), _SESSION, **parameters)
        except ConditionFailed:
            return  # swept meanwhile: it opens nothing any more

    def end_all(self, person_id: str, *, at: datetime) -> None:
        values: Row = {":at": to_text(at), ":expires": _ttl(at)}
        condition = "attribute_not_exists(signed_out_at) OR signed_out_at < :at"
        expression = "SET signed_out_at = :at, #expires = :expires"
        try:
            self._table.update(
                _person_pk(person_id), _PERSON, **writing(expression, condition, values)
            )
        except ConditionFailed:
            return  # signed out everywhere since

    def remember(self, person: Person, *, at: datetime) -> None:
        self._table.put(
            {
                "pk": _PEOPLE,
                "sk": f"{_REMEMBERED}{person.id}",
                "name": person.name,
                "roles": _roles(person),
                "at": to_text(at),
                "expires": ceil((at + REMEMBERED).timestamp()),
            }
        )

    def people(self) -> Sequence[tuple[Person, datetime]]:
        return [
            (
                Person(
                    row["sk"].removeprefix(_REMEMBERED), row["name"], roles_of(row["roles"].split())
                ),
                from_text(row["at"]),
            )
            for row in self._table.rows(_PEOPLE, _REMEMBERED)
        ]

    def signed_out_at(self, person_id: str) -> datetime | None:
        row = self._table.get(_person_pk(person_id), _PERSON)
        return None if row is None else from_text(row["signed_out_at"])


class DynamoSignIns:
    """`SIGNIN#<id>/SIGNIN` with TTL `expires`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def add(self, sign_in: SignIn) -> None:
        self._table.put(
            {
                "pk": _sign_in_pk(sign_in.id),
                "sk": _SIGN_IN,
                "browser": sign_in.browser,
                "verifier": sign_in.verifier,
                "nonce": sign_in.nonce,
                "return_to": sign_in.return_to,
                "kept": pack(sign_in.kept) if sign_in.kept else None,
                "kept_by": sign_in.kept_by or None,
                "expires_at": to_text(sign_in.expires_at),
                "expires": ceil(sign_in.expires_at.timestamp()),
            },
            new=True,
        )

    def use(self, sign_in_id: str) -> SignIn | None:
        condition = "attribute_exists(pk) AND attribute_not_exists(#used)"
        try:
            row = self._table.update(
                _sign_in_pk(sign_in_id),
                _SIGN_IN,
                **writing("SET #used = :yes", condition, {":yes": True}),
            )
        except ConditionFailed:
            return None
        return SignIn(
            id=sign_in_id,
            browser=row["browser"],
            verifier=row["verifier"],
            nonce=row["nonce"],
            return_to=row["return_to"],
            expires_at=from_text(row["expires_at"]),
            kept=_kept(row),
            kept_by=row.get("kept_by", ""),
        )

    def kept(self, sign_in_id: str) -> tuple[Fields, datetime] | None:
        row = self._table.get(_sign_in_pk(sign_in_id), _SIGN_IN)
        if row is None or "kept" not in row:
            return None
        return _kept(row), from_text(row["expires_at"])

    def forget_kept(self, sign_in_id: str) -> None:
        try:
            self._table.update(
                _sign_in_pk(sign_in_id),
                _SIGN_IN,
                UpdateExpression="REMOVE kept",
                ConditionExpression="attribute_exists(pk)",
            )
        except ConditionFailed:
            return


def _kept(row: Mapping[str, Any]) -> Fields:
    fields: Fields = unpack(row["kept"]) if "kept" in row else {}
    return fields


def _session(session_id: str, row: Mapping[str, Any]) -> StaffSession:
    return StaffSession(
        id=session_id,
        person=Person(row["person"], row["name"], roles_of(row["roles"].split())),
        began_at=from_text(row["began_at"]),
        seen_at=from_text(row["seen_at"]),
        ends_at=from_text(row["ends_at"]),
        kept_in=row.get("kept_in", ""),
        kept_for=row.get("kept_for", ""),
    )


def _roles(person: Person) -> str:
    return " ".join(sorted(person.roles))


def _session_pk(session_id: str) -> str:
    return f"SESSION#{session_id}"


def _sign_in_pk(sign_in_id: str) -> str:
    return f"SIGNIN#{sign_in_id}"


def _person_pk(person_id: str) -> str:
    return f"PERSON#{person_id}"


def _ttl(instant: datetime) -> int:
    return ceil((instant + _AFTERWARDS).timestamp())
