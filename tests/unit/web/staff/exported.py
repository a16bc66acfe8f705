"""Files as staff take them, and ways to read them."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

from icalendar import Calendar

from chalicelib.referrals.csv_file import BYTE_ORDER_MARK
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import Person
from chalicelib.web.http import Response
from tests.unit.web.staff.conftest import (
    MANAGER,
    Office,
)

REGISTER = "/staff/export/register"
AUDIT = "/staff/export/audit"
CALENDAR = "/staff/calendar.ics"
# Anything that a person may have typed into a form begins so in these tests.
CANARY = "canary"


def asked(path: str, form: str, first: str, last: str, **more: str) -> str:
    """The address that a form of the page asks for; days are `2026-11-20`."""
    fields = {f"{form}-kind": "csv", **{f"{form}-{name}": text for name, text in more.items()}}
    for end, day in (("from", first), ("to", last)):
        fields |= {
            f"{form}-{end}-{box}": part
            for box, part in zip(("year", "month", "day"), day.split("-"), strict=True)
        }
    return f"{path}?{urlencode(fields)}"


def register(first: str = "2026-11-20", last: str = "2026-11-20", **more: str) -> str:
    return asked(REGISTER, "register", first, last, **more)


def trail(first: str = "2026-11-20", last: str = "2026-11-20", **more: str) -> str:
    return asked(AUDIT, "audit", first, last, **more)


def take(office: Office, path: str, person: Person = MANAGER) -> Response:
    return office.at_desk(person).send("GET", path)


def rows(response: Response) -> list[dict[str, str]]:
    """The lines of a CSV file under their headings."""
    assert response.status == 200, response.body[-2000:]
    assert response.body.startswith(BYTE_ORDER_MARK)
    text = response.body.removeprefix(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def entries(response: Response) -> list[Any]:
    assert response.status == 200, response.body[-2000:]
    return list(Calendar.from_ical(response.body).walk("VEVENT"))


def last_entry(office: Office) -> AuditEntry:
    return office.instance.table.audit[-1]


def bar(office: Office, reference: str, person: Person) -> None:
    office.at_desk(person)
    page = office.open(reference, "conflicts")
    page = office.at_desk().fill(person=person.id, reason="A relative.")
    assert page.status == 200, page.errors
